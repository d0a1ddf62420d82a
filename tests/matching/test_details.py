"""What the desk reads of one pair: each factor in words, and the course that would close a gap."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from engagement.models import Level
from matching.explaining import explain_in_detail
from matching.judging import FACTORS
from organisations.models import NeededLanguage
from tests.factories import (
    CourseFactory,
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    ProofFactory,
    SkillFactory,
)
from volunteers.models import Competence, Motive

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def german():
    return LanguageFactory(code="de", names={"en": "German"})


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency)


def courses(cast, opportunity, user=None):
    return explain_in_detail(opportunity, cast.samira, user or cast.staff).courses


def factors(cast, opportunity):
    return explain_in_detail(opportunity, cast.samira, cast.staff).factors


# --- Courses ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def german_gap(cast, opportunity, german):
    opportunity.german_needed = Level.B1
    opportunity.save()
    cast.samira.spoken_languages.create(language=german, level=Level.A2)
    return {"language": german, "level": Level.B1}


def test_the_next_course_that_closes_the_gap_is_told_with_its_day(cast, opportunity, german_gap):
    CourseFactory(agency=cast.agency, title="Later", begins_on=date(2099, 6, 1), **german_gap)
    CourseFactory(agency=cast.agency, title="Deutsch", begins_on=date(2099, 5, 12), place="Kalk", **german_gap)
    assert courses(cast, opportunity) == [
        "German B1: the course “Deutsch” on May 12, 2099 would close the gap (Kalk, Integrationsagentur Domviertel)."
    ]


@pytest.mark.parametrize(
    "other", [{"level": Level.A2}, {"begins_on": TODAY - timedelta(days=1)}], ids=["too low", "over"]
)
def test_a_course_that_does_not_close_it_is_not_told(cast, opportunity, german_gap, other):
    CourseFactory(agency=cast.agency, **german_gap | other)
    assert courses(cast, opportunity) == []


def test_a_course_of_another_agency_is_told_only_where_it_is_open_to_all(cast, opportunity, german_gap):
    course = CourseFactory(agency=cast.other_agency, **german_gap)
    assert courses(cast, opportunity) == []
    course.is_open = True
    course.save()
    assert len(courses(cast, opportunity)) == 1


def test_a_missing_proof_and_a_missing_skill_have_their_courses(cast, opportunity):
    proof, skill = ProofFactory(code="BASIS_SM", names={"en": "Basic course"}), SkillFactory(names={"en": "Maths"})
    opportunity.proofs.add(proof)
    opportunity.skills_required.add(skill)
    CourseFactory(agency=cast.agency, title="One", proof=proof)
    CourseFactory(agency=cast.agency, title="Two", skill=skill)
    assert [text.partition(" on ")[0] for text in courses(cast, opportunity)] == [
        "Basic course: the course “One”",
        "Maths: the course “Two”",
    ]


def test_a_language_that_is_needed_better_has_its_course(cast, opportunity):
    arabic = LanguageFactory(names={"en": "Arabic"})
    NeededLanguage.objects.create(opportunity=opportunity, language=arabic, level=Level.C1, role="required")
    cast.samira.spoken_languages.create(language=arabic, level=Level.B1)
    CourseFactory(agency=cast.agency, language=arabic, level=Level.C1)
    assert courses(cast, opportunity)[0].startswith("Arabic C1: the course")


def test_where_nothing_is_missing_no_course_is_told(cast, opportunity, german):
    CourseFactory(agency=cast.agency, language=german, level=Level.B1)
    CourseFactory(agency=cast.agency, proof=ProofFactory())
    assert courses(cast, opportunity) == []


# --- Factor by factor -------------------------------------------------------------------------------------------------


def test_every_factor_says_something(cast, opportunity):
    told = factors(cast, opportunity)
    assert list(told) == list(FACTORS)
    assert all(told.values())
    assert told["skills"] == ["The opportunity does not ask for this."]


def test_what_is_not_told_is_said_to_be_unknown(cast, opportunity):
    opportunity.times, opportunity.is_in_team = [1], True
    opportunity.save()
    opportunity.neighbourhoods.add(NeighbourhoodFactory())
    opportunity.skills_wanted.add(SkillFactory())
    told = factors(cast, opportunity)
    assert [told[factor] for factor in FACTORS[1:]] == [
        ["Skills not known yet."],
        ["Neighbourhood not known yet."],
        ["Times not known yet."],
        ["Preferred fields not known yet."],
        ["Reason for volunteering not known yet."],
    ]


def test_what_fits_and_what_is_missing_stand_beside_each_other(cast, opportunity, german):
    can, cannot = SkillFactory(names={"en": "Reading"}), SkillFactory(names={"en": "Maths"})
    opportunity.times, opportunity.german_needed, opportunity.serves_newcomers = [1, 4], Level.B2, True
    opportunity.save()
    opportunity.skills_required.set([can, cannot])
    Competence.objects.create(volunteer=cast.samira, skill=can)
    cast.samira.spoken_languages.create(language=german, level=Level.B1)
    cast.samira.times, cast.samira.motives = [1], [Motive.MEET_PEOPLE]
    cast.samira.save()
    cast.samira.fields.add(FieldFactory(code="SPORT", category="other"))
    told = factors(cast, opportunity)
    assert told["language"][-1] == "Missing, or not told: German (at least B2)."
    assert told["skills"] == ["Can do: Reading.", "Not named: Maths."]
    assert told["time"] == ["Has time on Monday afternoon.", "No time told on Tuesday afternoon."]
    assert told["field"] == ["Would rather do something in another field."]
    assert told["motive"] == ["None of the reasons they named is answered by this task."]
