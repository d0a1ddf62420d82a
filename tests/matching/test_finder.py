"""Four questions and five ideas: by the rule that holds for everybody, without a trace, and never a dead end."""

import re
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import Field, Language, Level, Neighbourhood
from engagement.times import slot
from matching import scoring
from matching.explaining import explain
from matching.finder import IDEAS
from matching.models import OpportunityRecord
from matching.ranking import warm_up
from matching.rescoring import rescore_everything
from organisations.models import NeededLanguage
from tests.factories import LanguageFactory, OpportunityFactory, VolunteerFactory

pytestmark = pytest.mark.usefixtures("vocabulary")
FINDER = "/en/find/"
WEDNESDAY_AFTERNOON, FRIDAY_EVENING, SUNDAY_MORNING = slot(2, 1), slot(4, 2), slot(6, 0)


def notice(title, place="koeln-vingst", field="LERNHILFE", **values):
    hoods = [Neighbourhood.objects.get(code=place)]
    return OpportunityFactory(title=title, neighbourhoods=hoods, field=Field.objects.get(code=field), **values)


@pytest.fixture
def board():
    """Notices near Vingst, and some in whose way something stands."""
    homework = notice("Homework", german_needed=Level.A2, times=[WEDNESDAY_AFTERNOON], min_age=16)
    cooking = notice("Cooking", "koeln-ostheim", "KOCHEN", german_needed=Level.A1, times=[FRIDAY_EVENING])
    interpreting = notice("Interpreting", field="SPRACHMITTLUNG", german_needed=Level.A2)
    interpreting.needed_languages.create(
        language=Language.objects.get(code="ar"), level=Level.B2, role=NeededLanguage.Role.REQUIRED
    )
    notice("Far away", "koeln-chorweiler")
    notice("Good German", german_needed=Level.C1)
    rescore_everything()
    return homework, cooking, interpreting


def show(client, query=""):
    return client.get(f"{FINDER}?{query}")


def ideas(client, query=""):
    return show(client, query + "&step=5").context["finder"].ideas


def titles(client, query=""):
    return [idea.title for idea in ideas(client, query)]


# --- Without a trace --------------------------------------------------------------------------------------------------
def test_nothing_is_stored(client, board):
    with CaptureQueriesContext(connection) as queries:
        response = show(client, "place=Vingst&german=2&language=ar&step=5")
    assert [query["sql"] for query in queries if re.match(r"INSERT|UPDATE|DELETE", query["sql"].strip())] == []
    assert list(response.cookies) == ["language"]


def test_nobody_reads_a_number_about_themselves(client, board):
    page = show(client, "place=Vingst&german=2&language=ar&step=5").content.decode()
    assert "points" not in page
    assert "%" not in re.sub(r"<[^>]*>", "", page)


# --- The way through --------------------------------------------------------------------------------------------------
def test_four_questions_lead_to_the_ideas(client, board):
    questions = ["Where?", "When?", "What?", "Which languages?"]
    for number, question in enumerate(questions, 1):
        page = show(client, f"step={number}").content.decode()
        assert f"<h1>{question}</h1>" in page
        assert f"Question {number} of 4" in page
        assert f'name="step" value="{number + 1}"' in page
    assert "This could suit you</h1>" in show(client, "step=5").content.decode()


@pytest.mark.parametrize(
    ("step", "answers", "kinds"),
    [
        (1, "reach=5", {"reach": "radio"}),
        (2, "time=day", {"time": "checkbox"}),
        (3, "field=KOCHEN", {"field": "checkbox"}),
        (4, "german=2&language=ar", {"german": "radio", "language": "checkbox"}),
    ],
)
def test_one_answer_or_several_may_be_ticked_and_stay_ticked(client, board, step, answers, kinds):
    page = show(client, f"{answers}&step={step}").content.decode()
    for name, kind in kinds.items():
        (value,) = parse_qs(answers)[name]
        assert f'<input type="{kind}" name="{name}" value="{value}" checked>' in page


def test_the_answers_to_the_other_questions_come_along(client, board):
    finder = show(client, "place=vingst&reach=5&time=day&field=KOCHEN&german=2&language=ar&step=3").context["finder"]
    told = {"place": ["Köln-Vingst"], "reach": ["5"], "time": ["day"], "german": ["2"], "language": ["ar"]}
    assert dict(finder.others) == {name: value for name, (value,) in told.items()}
    assert parse_qs(finder.skip) == told | {"step": ["4"]}
    assert parse_qs(finder.back) == told | {"field": ["KOCHEN"], "step": ["2"]}


def test_only_what_is_asked_for_now_may_be_chosen_and_what_is_chosen_already(client, board):
    finder = show(client, "step=3&field=SPORT").context["finder"]
    assert [option.value for option in finder.asked[0].options] == ["SPRACHMITTLUNG", "LERNHILFE", "SPORT", "KOCHEN"]
    _german, language = show(client, "step=4").context["finder"].asked
    assert [option.value for option in language.options] == ["ar"]


def test_the_board_leads_to_the_finder_and_back(client, board):
    assert FINDER in client.get("/en/").content.decode()
    finder = show(client, "place=Vingst&reach=50&german=7&time=day&field=LERNHILFE&language=ar&step=5").context[
        "finder"
    ]
    assert parse_qs(finder.on_board) == {
        "place": ["Köln-Vingst"], "german": ["5"], "time": ["day"], "field": ["LERNHILFE"]
    }  # fmt: skip
    found = client.get(f"/en/?{finder.on_board}")
    assert [idea.title for idea in found.context["notices"]] == ["Homework"]


# --- What suits -------------------------------------------------------------------------------------------------------
def test_what_suits_best_comes_first_and_what_is_impossible_not_at_all(client, board):
    near = "place=Vingst&reach=5&german=2"
    assert titles(client, near) == ["Homework", "Cooking"]
    assert titles(client, near + "&time=evening") == ["Cooking"]
    assert titles(client, near + "&field=KOCHEN&time=evening&time=day")[0] == "Cooking"
    assert titles(client, near + "&language=ar&field=SPRACHMITTLUNG")[0] == "Interpreting"


def test_the_reasons_are_those_of_the_same_person_with_a_profile(client, board):
    homework, *_others = board
    samira = VolunteerFactory(
        neighbourhood=Neighbourhood.objects.get(code="koeln-vingst"),
        reach_km=5,
        times=[slot(day, part) for day in range(5) for part in (0, 1)],
    )
    samira.fields.add(homework.field)
    for code, level in (("de", Level.A2), ("ar", Level.C1)):
        samira.spoken_languages.create(language=Language.objects.get(code=code), level=level)
    first, *_others = ideas(client, "place=Vingst&reach=5&time=day&field=LERNHILFE&german=2&language=ar")
    client.get("/en/")
    said = explain(homework, samira)

    assert first.title == "Homework"
    assert first.explanation.reasons == said.reasons[:3]
    assert first.explanation.open_points == ["Age not known yet; the task is for people aged 16 or over."]


def test_whoever_tells_nothing_gets_ideas_as_well(client, board):
    assert titles(client) == ["Homework", "Cooking", "Far away", "Good German"]


def test_there_are_five_ideas_at_most(client, board):
    for number in range(IDEAS):
        notice(f"More {number}")
    rescore_everything()
    assert len(ideas(client)) == IDEAS


def test_the_price_counts(client, board):
    homework, *_others = board
    OpportunityRecord.objects.filter(opportunity=homework).update(price=0.2)
    assert titles(client, "place=Vingst&german=2") == ["Cooking", "Far away", "Homework"]


def test_what_is_taken_down_meanwhile_is_no_idea(client, board):
    homework, *_others = board
    type(homework).objects.filter(pk=homework.pk).update(status="closed")
    assert "Homework" not in titles(client, "place=Vingst&german=2")


def test_whoever_names_a_whole_town_is_at_home_everywhere_in_it(client, board):
    first, *_others = ideas(client, "place=Köln&german=2")
    assert "Lives in Köln, where the task takes place." in first.explanation.reasons


# --- Never a dead end -------------------------------------------------------------------------------------------------
def test_where_nothing_suits_the_answers_that_are_in_the_way_are_named(client, board):
    response = show(client, "place=Vingst&reach=5&german=2&time=sunday&field=KOCHEN&step=5")
    ways = [(step.question.title, count) for step, count in response.context["finder"].ways_out]
    assert ways == [("Where?", 1), ("When?", 2), ("Which languages?", 1)]
    assert "without Sunday:" in response.content.decode()


def test_new_words_leave_the_ideas_to_time(client, board):
    LanguageFactory(code="xx")
    assert titles(client, "place=Vingst&german=2&language=xx") == []


def test_a_vocabulary_without_german_is_no_error(client, board):
    Language.objects.filter(code="de").delete()
    rescore_everything()
    assert titles(client, "place=Vingst&reach=5&german=2") == ["Homework", "Cooking"]


# --- Bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "message", "meant"),
    [
        ("Nowhere", "We do not know this place.", []),
        ("Altstadt", "There are several such places.", ["Duisburg-Altstadt", "Düsseldorf-Altstadt"]),
    ],
)
def test_a_place_that_is_not_clear_is_asked_for_again(client, board, text, message, meant):
    response = show(client, f"place={text}&german=2&step=5")
    assert response.context["finder"].number == 1
    assert message in response.content.decode()
    assert f'value="{text}"' in response.content.decode()
    assert [place for place, _query in response.context["finder"].meant][:2] == meant


def test_a_place_that_is_meant_is_one_press_away(client, board):
    _place, query = show(client, "place=Altstadt&german=2&step=3").context["finder"].meant[0]
    assert (
        show(client, query).context["finder"].told
        == show(client, "place=Duisburg-Altstadt&german=2").context["finder"].told
    )


def test_what_nobody_knows_is_left_out_and_named(client, board):
    response = show(client, "field=COOKING&field=KOCHEN&reach=7&what=ever&step=2")
    finder = response.context["finder"]
    assert (finder.told, finder.number) == ({"field": ["KOCHEN"]}, 2)
    assert finder.answers.not_understood == ["COOKING", "7", "what"]
    assert "<bdi>COOKING</bdi>" in response.content.decode()


HOSTILE = ["%00", "%ED%A0%80", "9" * 400, "-1", "2.5", "٢", "%F0%9F%98%80", "<script>", "' OR 1=1", "%E2%80%AE"]


@pytest.mark.parametrize("value", [*HOSTILE, "x" * 5000])
@pytest.mark.parametrize("step", ["5", "1"])
def test_any_address_gets_a_page(client, board, value, step):
    names = ["place", "reach", "time", "field", "german", "language", value]
    for query in [f"step={step}&" + "&".join(f"{name}={value}" for name in names), f"step={value}"]:
        assert show(client, query).status_code == 200


# --- What it costs ----------------------------------------------------------------------------------------------------
def test_queries_do_not_depend_on_the_notices(client, board):
    counts = []
    for number in [0, 3]:
        for more in range(number):
            notice(f"More {more}")
        rescore_everything()
        show(client, "step=5")
        with CaptureQueriesContext(connection) as queries:
            show(client, "place=Vingst&german=2&language=ar&field=LERNHILFE&time=day&step=5")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_what_is_warmed_up_is_all_that_a_page_compiles(client, board):
    warm_up()
    compiled = list(scoring._score_pairs.signatures)
    show(client, "place=Vingst&german=2&step=5")
    assert compiled == list(scoring._score_pairs.signatures)
