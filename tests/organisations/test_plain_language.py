import json

import pytest
from django.conf import settings
from django.utils.translation import override

from organisations.plain_language import MOST_FINDINGS, advise, sentences

SAMPLES = settings.BASE_DIR / "matching" / "demo" / "files" / "opportunities.json"


def found(text, part="body"):
    return [(finding.rule, finding.words) for finding in advise({part: text})]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Du liest ein Kinder-Buch: in deiner Sprache und auf Deutsch.",
        "Kinder machen Hausaufgaben. Du hilfst. Du bist nicht allein.",
        "Du wirst Pate. Es wird laut. Das Wetter wird gut.",
        "Wir werden zusammen kochen und lachen.",
        "Wenn es kalt wird, bekommt jeder Tee.",
        "Du wirst bekannt im Stadtteil.",
        "Du hilfst jedes Jahr. Dieses Haus ist schön.",
        "Schreib an anmeldung-und-fragen-aller-art@nachbarschaftszentrum.example.org.",
        "Mehr auf https://nachbarschaftszentrum.example.org/engagement/freiwilligenarbeit",
        "Eins zwei drei vier fünf sechs sieben acht neun zehn.",
        "Eins. Zwei! Drei? Vier. Fünf.",
        "Komm am 5. Dezember zu uns. Wir treffen uns um 9.30 Uhr.",
        "Brücke e. V. lädt dich ein.",
        "Nachbarschafts-Zentrum",
    ],
)
def test_what_is_easy_to_read_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eins. Zwei. Drei. Vier. Fünf. Sechs.", [("sentences", "")]),
        ("Eins\n- zwei\n- drei\n- vier\n- fünf\n- sechs", [("sentences", "")]),
        (
            "Eins zwei drei vier fünf sechs sieben acht neun zehn elf.",
            [("sentence", "Eins zwei drei vier fünf …")],
        ),
        ("Du hilfst im Nachbarschaftszentrum.", [("word", "Nachbarschaftszentrum")]),
        ("Du könntest helfen.", [("instead", "könntest")]),
        ("Das wäre schön.", [("instead", "wäre")]),
        ("Wir würden uns freuen.", [("would", "würden")]),
        ("Das Essen wird von uns verteilt.", [("passive", "wird … verteilt")]),
        ("Hier wird gekocht und gelacht.", [("passive", "wird gekocht")]),
        ("Jemand wurde unfair behandelt.", [("passive", "wurde … behandelt")]),
        ("Du weißt, dass Bücher gelesen werden.", [("passive", "gelesen werden")]),
        ("Die Räume des Vereins sind groß.", [("genitive", "des Vereins")]),
        ("Du bist Teil eines kleinen Teams.", [("genitive", "eines kleinen Teams")]),
        ("Nimm die öffentlichen Verkehrsmittel.", [("instead", "öffentlichen Verkehrsmittel")]),
        ("Du gehst mit zu Behörden.", [("instead", "Behörden")]),
        ("Du hilfst z. B. beim Lernen, z.B. in Mathe.", [("instead", "z. B."), ("instead", "z.B.")]),
    ],
)
def test_what_is_hard_to_read_is_named(text, expected):
    assert found(text) == expected


def test_a_title_is_short():
    assert found("x" * 15 + " " + "x" * 15 + " " + "x" * 13, "title") == []
    [finding] = advise({"title": "Hausaufgaben-Hilfe für Kinder in der Grundschule"})
    assert (finding.rule, finding.number, finding.most) == ("title", 48, 45)


def test_the_length_of_sentences_is_a_matter_of_the_text():
    assert found("Eins zwei drei vier fünf sechs sieben acht neun zehn elf", "schedule") == []


def test_a_finding_knows_its_part_and_what_to_write_instead():
    findings = advise({"title": "Hospitation", "body": "Du könntest helfen.", "schedule": "ca. 2 Stunden"})
    assert [(finding.part, finding.instead) for finding in findings] == [
        ("title", "zuschauen"),
        ("body", "kannst"),
        ("schedule", "etwa"),
    ]


def test_the_advice_is_a_sentence_for_the_reader():
    with override("en"):
        advice = [str(finding) for finding in advise({"body": "Du könntest helfen."})]
    assert advice == ["Instead of “könntest” write “kannst”."]


def test_the_same_is_said_once_and_not_without_end():
    assert found("Du könntest. Und du könntest.") == [("instead", "könntest")]
    letters = "abcdefghijklmnopqrst"
    assert len(advise({"body": " ".join(letter * 20 for letter in letters)})) == MOST_FINDINGS


@pytest.mark.parametrize("text", ["%(words)s %s % d", "\0", "\ud800", "wird ge" + "t" * 5000, "www." * 1000, "{}" * 99])
def test_any_text_gets_an_answer(text):
    assert all(str(finding) for finding in advise({"title": text, "body": text, "schedule": text}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du liest vor. Wir hören zu.", ["Du liest vor.", "Wir hören zu."]),
        ("Komm! Oder nicht? Egal …", ["Komm!", "Oder nicht?", "Egal …"]),
        ("„Komm.“ Das sagen wir.", ["„Komm.“", "Das sagen wir."]),
        ("Am 3. Mai. Um 9.30 Uhr.", ["Am 3. Mai.", "Um 9.30 Uhr."]),
        ("Das kostet ca. 5 Euro. Gut.", ["Das kostet ca. 5 Euro.", "Gut."]),
        ("Wir bringen mit:\n\n– Tee\n– Kuchen", ["Wir bringen mit:", "– Tee", "– Kuchen"]),
        (" … \n – ", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


def test_the_texts_of_the_demo_are_easy_to_read():
    samples = json.loads(SAMPLES.read_text())["opportunities"]
    texts = {sample["id"]: {"title": sample["title_easy"], "body": sample["description_easy"]} for sample in samples}
    hard = {key: [str(finding) for finding in advise(parts)] for key, parts in texts.items()}
    assert len(texts) == 81
    assert {key: findings for key, findings in hard.items() if findings} == {}
