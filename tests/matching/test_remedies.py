from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation
from hypothesis import assume, given

from engagement.models import Level
from engagement.times import slot
from matching.explaining import explain
from matching.explaining.pairs import Pair, judge
from matching.explaining.remedies import CHANGES, changed, is_enough, remedies_for, what_stays
from matching.judging import Weights
from organisations.models import MemberLanguage, NeededLanguage, Opportunity
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SkillFactory,
    VolunteerFactory,
)
from volunteers.models import SpokenLanguage

from .pairs import offers, people
from .reference import facts_of_offer, facts_of_person, geography

pytestmark = pytest.mark.django_db
GEOGRAPHY = geography()
ANY_NAMES = SimpleNamespace(**dict.fromkeys(["languages", "skills", "fields"], [str(n) for n in range(100)]))
MONDAY_AFTERNOON, SUNDAY_EVENING = slot(0, 1), slot(6, 2)
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def german():
    return LanguageFactory(code="de", names={"en": "German"})


@pytest.fixture
def arabic():
    return LanguageFactory(code="ar", names={"en": "Arabic"})


@pytest.fixture
def reading(german):
    opportunity = OpportunityFactory(
        neighbourhoods=[NeighbourhoodFactory()], german_needed=Level.B1, times=[MONDAY_AFTERNOON]
    )
    opportunity.skills_required.add(SkillFactory(names={"en": "Reading aloud"}))
    return opportunity


@pytest.fixture
def samira(reading, german):
    """She fits in every respect."""
    samira = VolunteerFactory(neighbourhood=reading.neighbourhoods.get(), times=[MONDAY_AFTERNOON], reach_km=5)
    samira.competences.create(skill=reading.skills_required.get())
    samira.spoken_languages.create(language=german, level=Level.B1)
    samira.fields.add(reading.field)
    return samira


def needs(opportunity, language, level, role=NeededLanguage.Role.REQUIRED):
    NeededLanguage.objects.create(opportunity=opportunity, language=language, level=level, role=role)


def change(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


def test_who_fits_needs_no_change(reading, samira):
    assert explain(reading, samira).remedies == []


# --- One thing is enough ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"is_paused": True}, "With the end of the pause, it would fit."),
        ({"max_load": 0}, "With room for one more engagement, it would fit."),
        ({"times": [SUNDAY_EVENING]}, "With one common time (such as Monday afternoon), it would fit."),
    ],
)
def test_the_volunteer_could_be_otherwise(reading, samira, values, expected):
    change(samira, **values)
    assert explain(reading, samira).remedies == [expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": Opportunity.Status.CLOSED}, "With a published opportunity, it would fit."),
        ({"valid_until": YESTERDAY}, "With a later end date, it would fit."),
        ({"status": Opportunity.Status.FILLED}, "With a free place, it would fit."),
    ],
)
def test_the_opportunity_could_be_otherwise(reading, samira, values, expected):
    change(reading, **values)
    assert explain(reading, samira).remedies == [expected]


def test_german_need_not_reach_the_level_one_step_below_will_do(reading, samira):
    samira.spoken_languages.update(level=Level.A1)
    assert explain(reading, samira).remedies == ["With German A2 instead of A1, it would fit."]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(None, "With Arabic (at least B2), it would fit."), (Level.A2, "With Arabic B2 instead of A2, it would fit.")],
)
def test_a_required_language(reading, samira, arabic, level, expected):
    needs(reading, arabic, Level.B2)
    if level:
        SpokenLanguage.objects.create(volunteer=samira, language=arabic, level=level)
    assert explain(reading, samira).remedies == [expected]


def test_of_several_languages_the_nearest_is_named(reading, samira, arabic):
    kurdish = LanguageFactory(code="kmr", names={"en": "Kurdish"})
    needs(reading, arabic, Level.B2, NeededLanguage.Role.ONE_OF)
    needs(reading, kurdish, Level.B2, NeededLanguage.Role.ONE_OF)
    SpokenLanguage.objects.create(volunteer=samira, language=kurdish, level=Level.B1)
    assert explain(reading, samira).remedies == ["With Kurdish B2 instead of B1, it would fit."]


def test_the_next_answer_about_the_way_that_is_far_enough(reading, samira):
    far = NeighbourhoodFactory(code="koeln-chorweiler", latitude=51.024, longitude=6.896)
    change(samira, neighbourhood=far)
    assert explain(reading, samira).remedies == ["With a journey of up to 15 km, it would fit."]


def test_a_self_organisation_that_pauses(reading):
    mso = MSOFactory(is_paused=True, times=[MONDAY_AFTERNOON])
    mso.reached.set(reading.neighbourhoods.all())
    mso.skills.set(reading.skills_required.all())
    MemberLanguage.objects.create(organisation=mso, language=LanguageFactory(code="de"), level=Level.NATIVE)
    sentence = "With a verified organisation that does not pause, it would fit."
    assert explain(reading, mso).remedies == [sentence]


def test_a_self_organisation_does_not_travel(reading):
    far = NeighbourhoodFactory(code="aachen", latitude=50.776, longitude=6.084)
    mso = MSOFactory(times=[MONDAY_AFTERNOON], neighbourhood=far)
    mso.skills.set(reading.skills_required.all())
    MemberLanguage.objects.create(organisation=mso, language=LanguageFactory(code="de"), level=Level.NATIVE)
    assert explain(reading, mso).obstacles == ["Active about 68 km away; suggestions go up to 25 km."]
    assert explain(reading, mso).remedies == ["With members who are active where the task is, it would fit."]


# --- Several things ---------------------------------------------------------------------------------------------------


def test_what_else_is_needed_is_said_in_the_same_sentence(reading, samira):
    samira.spoken_languages.update(level=Level.A1)
    change(samira, times=[SUNDAY_EVENING], is_paused=True)
    assert explain(reading, samira).remedies == [
        "With the end of the pause, German A2 instead of A1 and one common time (such as Monday afternoon), "
        "it would fit."
    ]


@pytest.fixture
def weak(reading, samira):
    """She lives far away, told little, and wishes something else."""
    samira.competences.all().delete()
    samira.spoken_languages.update(level=Level.A2)
    samira.fields.clear()
    far = NeighbourhoodFactory(code="koeln-chorweiler", latitude=51.024, longitude=6.896)
    change(samira, neighbourhood=far, reach_km=15, times=[])
    return samira


def test_the_two_best_single_changes_of_who_fits_too_little(reading, weak):
    assert explain(reading, weak).obstacles == []
    assert explain(reading, weak).remedies == [
        "With the skill “Reading aloud”, it would fit.",
        "With German B1 instead of A2, it would fit.",
    ]


def test_what_lifts_comes_on_top_of_what_is_in_the_way(reading, weak):
    change(weak, is_paused=True)
    assert explain(reading, weak).remedies == [
        "With the end of the pause and the skill “Reading aloud”, it would fit.",
        "With the end of the pause and German B1 instead of A2, it would fit.",
    ]


@pytest.fixture
def hopeless(reading, weak):
    reading.skills_required.add(SkillFactory(), SkillFactory())
    change(reading, times=[MONDAY_AFTERNOON, *range(10, 20)])
    weak.fields.add(FieldFactory(code="SPORT"))
    return weak


def test_when_no_single_change_is_enough_it_is_said(reading, hopeless):
    assert explain(reading, hopeless).remedies == ["It does not fit well enough, and no single change would be enough."]


def test_when_all_of_it_is_not_enough_it_is_said(reading, hopeless):
    change(hopeless, times=[SUNDAY_EVENING])
    assert explain(reading, hopeless).remedies == [
        "Even with one common time (such as Monday afternoon), it would not fit well enough."
    ]


# --- What stays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_task", "of_person", "expected"),
    [
        ({"min_age": 18}, {"birth_year": timezone.localdate().year - 12}, "Nobody can change the age."),
        (
            {"only_for": "women", "only_for_reason": "a protected room"},
            {"gender": "man"},
            "The restriction has its reason and stays.",
        ),
    ],
)
def test_what_nobody_can_change_has_no_remedy(reading, samira, of_task, of_person, expected):
    change(reading, **of_task)
    change(samira, **of_person, is_paused=True)
    assert explain(reading, samira).remedies == [expected]


def test_nobody_is_sent_across_the_country(reading, samira):
    berlin = NeighbourhoodFactory(code="berlin-mitte", latitude=52.52, longitude=13.4)
    change(samira, neighbourhood=berlin)
    assert explain(reading, samira).remedies == ["Nothing farther than 50 km away is suggested."]


def test_a_decision_stands(reading, samira):
    MatchFactory(opportunity=reading, volunteer=samira)
    assert explain(reading, samira).remedies == [
        "What was decided stands; the machine does not suggest this pair again."
    ]


def test_only_the_person_takes_back_what_they_never_want(reading, samira):
    samira.refused_fields.add(reading.field)

    explanation = explain(reading, samira)

    assert explanation.obstacles == [f"The person never wants this kind of task: {reading.field}."]
    assert explanation.remedies == ["Only the person can take back that they do not want it."]


def test_an_own_opportunity_stays_ones_own(reading):
    assert explain(reading, reading.host).remedies[-1] == (
        "An organisation is never suggested for what it posted itself."
    )


# --- Whatever the facts are -------------------------------------------------------------------------------------------


@given(offers, people)
def test_the_changes_remove_every_obstacle_that_can_go(offer, person):
    pair = pair_of(facts_of_offer(offer), facts_of_person(person))
    assume(not what_stays(pair))
    changes = [change for flag in pair.verdict.obstacles for change in CHANGES[flag](pair)]
    [verdict] = pair.ask([changed(pair.facts, changes)])
    assert verdict.obstacles == 0


@given(offers, people)
def test_every_pair_that_is_not_suggested_has_something_said(offer, person):
    pair = pair_of(facts_of_offer(offer), facts_of_person(person))
    assert bool(remedies_for(pair)) == (not is_enough(pair.verdict))


def pair_of(offer, person):
    ask = partial(judge, GEOGRAPHY, Weights())
    [verdict] = ask([(offer, person)])
    return Pair(offer, person, verdict, ANY_NAMES, ask)
