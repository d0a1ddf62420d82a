"""Some pairs as a speaker of each language reads them. ``words.txt`` was read by people: whoever changes a sentence
reads it there, in all four languages, and puts the new one into the file."""

from pathlib import Path

import pytest
from django.utils import timezone, translation

from engagement.models import Field, Language, Level, Neighbourhood, Proof, Skill
from engagement.times import slot
from matching.explaining import explain_all
from organisations.models import MemberLanguage, NeededLanguage
from tests.factories import MatchFactory, MSOFactory, OpportunityFactory, VolunteerFactory
from volunteers.models import Motive

READ_BY_PEOPLE = ["de", "de-simple", "en", "ar"]
READ = Path(__file__).with_name("words.txt")
MONDAY, TUESDAY, WEDNESDAY, SUNDAY = 0, 1, 2, 6
MORNING, AFTERNOON, EVENING = range(3)


def place(code):
    return Neighbourhood.objects.get(code=f"koeln-{code}")


def opportunity(title, field, *hoods, languages=(), required=(), wanted=(), proofs=(), **values):
    row = OpportunityFactory(
        title=title, field=Field.objects.get(code=field), neighbourhoods=list(map(place, hoods)), **values
    )
    for code, level, role in languages:
        row.needed_languages.create(language=Language.objects.get(code=code), level=level, role=role)
    row.skills_required.set(Skill.objects.filter(code__in=required))
    row.skills_wanted.set(Skill.objects.filter(code__in=wanted))
    row.proofs.set(Proof.objects.filter(code__in=proofs))
    return row


def volunteer(name, hood, languages, skills=(), fields=(), **values):
    row = VolunteerFactory(first_name=name, neighbourhood=hood and place(hood), **values)
    for code, level in languages.items():
        row.spoken_languages.create(language=Language.objects.get(code=code), level=level)
    for code in skills:
        row.competences.create(skill=Skill.objects.get(code=code), has_evidence=True)
    row.fields.set(Field.objects.filter(code__in=fields))
    return row


def homework():
    return opportunity(
        "Homework",
        "LERNHILFE",
        "vingst",
        languages=[("ar", Level.B1, NeededLanguage.Role.WANTED)],
        required=["BIL01"],
        wanted=["BIL02", "BIL03"],
        proofs=["EFZ", "MASERN_PRUEFEN"],
        german_needed=Level.B1,
        times=[slot(MONDAY, AFTERNOON), slot(WEDNESDAY, AFTERNOON), slot(TUESDAY, MORNING)],
        min_age=18,
        is_in_team=True,
        serves_newcomers=True,
    )


def interpreting(**values):
    return opportunity(
        "Interpreting",
        "SPRACHMITTLUNG",
        "deutz",
        languages=[(code, Level.B2, NeededLanguage.Role.ONE_OF) for code in ("uk", "ru", "pl")],
        required=["SPR01"],
        german_needed=Level.B2,
        times=[slot(SUNDAY, part) for part in (MORNING, AFTERNOON, EVENING)],
        gives_certificate=True,
        is_accompanied=True,
        **values,
    )


def swimming():
    return opportunity("Swimming", "SPORT", "nippes", only_for="women", only_for_reason="a protected room", min_age=16)


def newroz():
    row = MSOFactory(name="Newroz", times=[slot(SUNDAY, MORNING)], is_paused=True)
    row.reached.set([place("altstadt-nord")])
    row.skills.set(Skill.objects.filter(code__in=["SPR01", "SPR02"]))
    for code, level in (("uk", Level.C1), ("de", Level.C2)):
        MemberLanguage.objects.create(organisation=row, language=Language.objects.get(code=code), level=level)
    return row


def pairs():
    samira = volunteer(
        "Samira",
        "ostheim",
        {"ar": Level.NATIVE, "de": Level.A2},
        ["BIL01", "BIL03"],
        ["LERNHILFE"],
        times=[slot(MONDAY, AFTERNOON), slot(WEDNESDAY, AFTERNOON)],
        motives=[Motive.MEET_PEOPLE],
        birth_year=1990,
    )
    jonas = volunteer(
        "Jonas", "chorweiler", {"de": Level.A1, "ru": Level.A2}, times=[slot(SUNDAY, EVENING)], reach_km=5
    )
    mehmet = volunteer("Mehmet", None, {"de": Level.B1}, gender="man", birth_year=timezone.localdate().year - 14)
    olena = volunteer("Olena", "kalk", {"uk": Level.NATIVE, "de": Level.B1}, fields=["SPORT"], max_load=0)
    decided = MatchFactory(opportunity=homework(), volunteer=olena)
    return [
        (homework(), samira),
        (homework(), jonas),
        (interpreting(), jonas),
        (interpreting(valid_until="2020-01-01"), newroz()),
        (swimming(), mehmet),
        (homework(), mehmet),
        (interpreting(places=1), olena),
        (decided.opportunity, olena),
    ]


def in_words(language, rows):
    yield f"# {language}"
    with translation.override(language):
        for (task, candidate), words in zip(rows, explain_all(rows), strict=True):
            yield f"## {task.texts.get().title}, {candidate}"
            kinds = {"+": words.reasons, "?": words.open_points, "!": words.obstacles, ">": words.remedies}
            yield from (f"{sign} {sentence}" for sign, sentences in kinds.items() for sentence in sentences)


@pytest.mark.django_db
def test_pairs_read_as_they_were_read(vocabulary):
    rows = pairs()
    said = [line for language in READ_BY_PEOPLE for line in in_words(language, rows)]
    assert said == READ.read_text().splitlines()
