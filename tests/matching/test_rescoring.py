from datetime import date, timedelta

import pytest
from django.utils import timezone

from engagement.models import Level
from matching import ranking, rescoring
from matching.judging import OpenPoint
from matching.models import Match, Region, Suggestion
from organisations.models import MemberLanguage, NeededLanguage, Opportunity, Organisation
from tests.factories import (
    CityFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    RuleFactory,
    SkillFactory,
    VolunteerFactory,
)
from volunteers.models import Consent, SpokenLanguage, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def vingst():
    return NeighbourhoodFactory()


@pytest.fixture
def homework(vingst):
    return OpportunityFactory(neighbourhoods=[vingst])


@pytest.fixture
def known(homework):
    """The opportunity was saved before anybody came."""
    rescoring.rescore_opportunity(homework.pk)


def stored():
    fields = ["opportunity", "volunteer", "organisation", "score", "open_points", "pk", "computed_at"]
    return list(Suggestion.objects.order_by("pk").values_list(*fields))


def test_somebody_near_is_suggested_with_points_and_open_points(homework, vingst, known):
    samira = VolunteerFactory(neighbourhood=vingst)

    rescoring.rescore_volunteer(samira.pk)

    suggestion = Suggestion.objects.get()
    assert (suggestion.opportunity, suggestion.volunteer) == (homework, samira)
    assert (suggestion.neighbourhood, suggestion.field, suggestion.language) == (20, 5, None)
    assert suggestion.score == pytest.approx(100 * 25 / 30, abs=1e-4)
    assert suggestion.open_points == OpenPoint.FIELD


def test_nobody_is_suggested_who_agreed_to_one_contact_only(homework, vingst):
    VolunteerFactory(neighbourhood=vingst, agreed_to=Consent.Purpose.CONTACT)

    rescoring.rescore_everything()

    assert not Suggestion.objects.exists()


def test_nobody_is_suggested_who_took_the_consent_back(homework, vingst):
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    samira.consents.update(withdrawn_at=timezone.now())

    rescoring.rescore_volunteer(samira.pk)

    assert not Suggestion.objects.exists()


def test_what_a_person_refused_is_not_suggested(homework, vingst):
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    samira.refused_fields.add(homework.field)

    rescoring.rescore_volunteer(samira.pk)

    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"is_paused": True},
        {"paused_until": timezone.localdate() + timedelta(days=1)},
        {"max_load": 0},
    ],
    ids=["paused", "paused until tomorrow", "fully loaded"],
)
def test_nobody_is_suggested_who_has_no_time(homework, vingst, change):
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    type(samira).objects.filter(pk=samira.pk).update(**change)

    rescoring.rescore_volunteer(samira.pk)

    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"status": Opportunity.Status.CLOSED},
        {"status": Opportunity.Status.FILLED},
        {"status": Opportunity.Status.DRAFT},
        {"valid_until": date(2020, 1, 1)},
    ],
    ids=str,
)
def test_an_opportunity_that_is_not_open_loses_its_suggestions(homework, vingst, change):
    VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    Opportunity.objects.filter(pk=homework.pk).update(**change)

    rescoring.rescore_opportunity(homework.pk)

    assert not Suggestion.objects.exists()


def test_an_opportunity_whose_places_are_taken_loses_its_suggestions(homework, vingst):
    VolunteerFactory(neighbourhood=vingst)
    MatchFactory(opportunity=homework, state=Match.State.PLACED)
    Opportunity.objects.filter(pk=homework.pk).update(places=1)

    rescoring.rescore_everything()

    assert not Suggestion.objects.exists()


def test_a_trial_visit_takes_no_place(homework, vingst):
    VolunteerFactory(neighbourhood=vingst)
    MatchFactory(opportunity=homework, state=Match.State.TRIAL)
    Opportunity.objects.filter(pk=homework.pk).update(places=1)

    rescoring.rescore_everything()

    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize("state", [Match.State.PARKED, Match.State.ENDED, Match.State.PROPOSED])
def test_a_pair_that_people_decided_is_never_suggested(homework, vingst, state):
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    MatchFactory(opportunity=homework, volunteer=samira, state=state)

    rescoring.rescore_volunteer(samira.pk)
    assert not Suggestion.objects.exists()
    rescoring.rescore_opportunity(homework.pk)
    assert not Suggestion.objects.exists()
    rescoring.rescore_everything()
    assert not Suggestion.objects.exists()


def test_a_self_organisation_is_suggested_with_what_its_members_speak(homework, vingst):
    arabic = LanguageFactory()
    NeededLanguage.objects.create(opportunity=homework, language=arabic, level=Level.B1, role="required")
    mso = MSOFactory(neighbourhood=vingst)
    MemberLanguage.objects.create(organisation=mso, language=arabic, level=Level.NATIVE)
    VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_organisation(mso.pk)

    rescoring.rescore_opportunity(homework.pk)

    assert [s.candidate for s in Suggestion.objects.all()] == [mso]


def test_a_self_organisation_is_not_suggested_to_itself(vingst):
    mso = MSOFactory(neighbourhood=vingst)
    OpportunityFactory(host=mso, neighbourhoods=[vingst])

    rescoring.rescore_everything()

    assert not Suggestion.objects.exists()


def test_an_organisation_that_is_not_verified_any_more_is_not_suggested(homework, vingst):
    mso = MSOFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    Organisation.objects.filter(pk=mso.pk).update(verified_at=None)

    rescoring.rescore_organisation(mso.pk)

    assert not Suggestion.objects.exists()


def test_verification_opens_what_an_organisation_posted(vingst):
    mso = MSOFactory(verified_at=None)
    OpportunityFactory(host=mso, neighbourhoods=[vingst])
    VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    assert not Suggestion.objects.exists()
    Organisation.objects.filter(pk=mso.pk).update(verified_at=timezone.now())

    rescoring.rescore_organisation(mso.pk)

    assert Suggestion.objects.count() == 1


@pytest.fixture
def town(vingst):
    """Some of both sides, so that both limits cut."""
    arabic, skills = LanguageFactory(), [SkillFactory(), SkillFactory()]
    for number in range(7):
        opportunity = OpportunityFactory(neighbourhoods=[vingst], times=[number, number + 1], places=2)
        opportunity.skills_wanted.set(skills[: number % 3])
        if number % 2:
            NeededLanguage.objects.create(opportunity=opportunity, language=arabic, level=Level.B1)
    for number in range(25):
        person = VolunteerFactory(neighbourhood=vingst if number % 3 else None, times=[number % 6, 7])
        SpokenLanguage.objects.create(volunteer=person, language=arabic, level=1 + number % 7)
    MSOFactory(neighbourhood=vingst)


@pytest.fixture
def short_lists(monkeypatch):
    monkeypatch.setattr(ranking, "BEST_PER_OPPORTUNITY", 3)
    monkeypatch.setattr(ranking, "BEST_PER_CANDIDATE", 2)


def test_single_changes_leave_true_suggestions_as_they_are(town, short_lists):
    rescoring.rescore_everything()
    before = stored()
    assert 20 < len(before) < 7 * 26

    for model, rescore in (
        (Volunteer, rescoring.rescore_volunteer),
        (Opportunity, rescoring.rescore_opportunity),
        (Organisation, rescoring.rescore_organisation),
    ):
        for pk in model.objects.values_list("pk", flat=True):
            rescore(pk)

    assert stored() == before


def test_running_twice_changes_nothing(town, short_lists):
    rescoring.rescore_everything()
    before = stored()

    rescoring.rescore_everything()

    assert stored() == before


def test_short_lists_leave_nobody_out(town, monkeypatch):
    rescoring.rescore_everything()
    suggested = set(Suggestion.objects.values_list("volunteer_id", flat=True))
    monkeypatch.setattr(ranking, "BEST_PER_OPPORTUNITY", 1)
    monkeypatch.setattr(ranking, "BEST_PER_CANDIDATE", 1)

    rescoring.rescore_everything()

    assert set(Suggestion.objects.values_list("volunteer_id", flat=True)) == suggested


def test_a_change_of_one_person_is_written_over_the_old_points(homework, vingst):
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    samira.fields.add(homework.field)

    rescoring.rescore_volunteer(samira.pk)

    assert Suggestion.objects.get().score == 100


def test_the_suggestions_of_somebody_who_has_moved_belong_to_the_new_town(homework, vingst):
    samira = VolunteerFactory(neighbourhood=vingst)
    deutz = NeighbourhoodFactory(code="bonn-beuel", city=CityFactory(name="Bonn", ags="05314"))
    VolunteerFactory(neighbourhood=deutz)
    rescoring.rescore_everything()
    bonn = [Region.objects.get(city=deutz.city).pk]
    Volunteer.objects.filter(pk=samira.pk).update(neighbourhood=deutz)

    rescoring.refresh_regions(bonn)
    rescoring.rescore_regions(bonn)

    assert Suggestion.objects.get(volunteer=samira).region_id in bonn


def test_somebody_who_is_gone_is_no_error(homework):
    rescoring.rescore_volunteer(0)
    rescoring.rescore_organisation(0)
    rescoring.rescore_opportunity(0)

    assert stored() == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(vingst, number, django_assert_num_queries):
    for _ in range(number):
        OpportunityFactory(neighbourhoods=[vingst])
        VolunteerFactory(neighbourhood=vingst)
        MSOFactory(neighbourhood=vingst)
    rescoring.rescore_everything()

    with django_assert_num_queries(39):
        rescoring.rescore_everything()


def test_suggestions_carry_the_weights_they_were_scored_with(homework, vingst, known):
    VolunteerFactory(neighbourhood=vingst)
    rule = RuleFactory(neighbourhood=30, language=20)
    rescoring.rescore_everything()
    suggestion = Suggestion.objects.get()
    assert (suggestion.rule_version, suggestion.neighbourhood, suggestion.field) == (rule.version, 30, 5)
    assert suggestion.score == pytest.approx(100 * 35 / 40, abs=1e-4)
