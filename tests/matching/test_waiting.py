"""Who waits for an idea, and since when."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching.models import Accompaniment, Match
from matching.waiting import idle, to_review, with_waiting, without_candidates
from organisations.models import Opportunity
from tests.factories import (
    MatchFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(days):
    return NOW - timedelta(days=days)


def waiting_since(volunteer):
    return with_waiting(Volunteer.objects.filter(pk=volunteer.pk)).get().waiting_since


@pytest.mark.parametrize("state", ["proposed", "interested", "trial", "placed"])
def test_who_has_something_under_way_does_not_wait(state):
    volunteer = VolunteerFactory(created_at=ago(60))
    MatchFactory(volunteer=volunteer, state=state)
    assert waiting_since(volunteer) is None
    assert list(idle(Volunteer.objects.all(), NOW)) == []


def test_who_is_new_waits_since_they_came():
    assert waiting_since(VolunteerFactory(created_at=ago(3))) == ago(3)


def test_every_act_on_a_suggestion_begins_the_wait_anew():
    volunteer = VolunteerFactory(created_at=ago(60))
    match = MatchFactory(volunteer=volunteer, state=Match.State.DECLINED, declined_by="host", reason="taken")
    for days in [20, 9]:
        match.events.create(side="staff", to_state=Match.State.DECLINED, at=ago(days))
    assert waiting_since(volunteer) == ago(9)


def test_idle_are_those_who_wait_for_more_than_two_weeks_the_longest_first():
    late, _fresh, later = (VolunteerFactory(created_at=ago(days)) for days in [15, 13, 40])
    assert list(idle(Volunteer.objects.all(), NOW)) == [later, late]


def listed(client, user):
    client.force_login(user)
    return client.get(reverse("admin:matching_waitingvolunteer_changelist")).context["cl"].queryset


@pytest.fixture
def forgotten(cast):
    """Accompanied by the agency of the cast; nobody has acted for a month."""
    volunteer = VolunteerFactory(created_at=ago(30))
    Accompaniment.objects.create(volunteer=volunteer, agency=cast.agency)
    return volunteer


def test_the_desk_lists_only_ones_own_people(client, cast, forgotten):
    for user, names in [(cast.stranger, []), (cast.staff, [forgotten.short_name])]:
        assert [row.short_name for row in listed(client, user)] == names


@pytest.mark.parametrize("change", [{"is_paused": True}, {"created_at": ago(10)}], ids=["paused", "new"])
def test_who_is_paused_or_new_is_not_listed(client, cast, forgotten, change):
    Volunteer.objects.filter(pk=forgotten.pk).update(**change)
    assert list(listed(client, cast.staff)) == []


def test_the_list_leads_to_what_suits_them(client, cast, forgotten):
    client.force_login(cast.staff)
    response = client.get(reverse("admin:matching_waitingvolunteer_change", args=[forgotten.pk]))
    assert response.url == reverse("admin:matching_suggestion_volunteer", args=[forgotten.pk])


def test_a_longer_list_needs_no_more_queries(client, cast, forgotten):
    counts = []
    for number in [1, 3]:
        for volunteer in VolunteerFactory.create_batch(
            number, created_at=ago(40), neighbourhood=NeighbourhoodFactory()
        ):
            Accompaniment.objects.create(volunteer=volunteer, agency=cast.agency)
        client.force_login(cast.staff)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:matching_waitingvolunteer_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_of_those_listed_whoever_waits_longest_comes_first(client, cast, forgotten):
    longer = VolunteerFactory(first_name="Zoe", created_at=ago(50))
    Accompaniment.objects.create(volunteer=longer, agency=cast.agency)
    client.force_login(cast.staff)
    page = client.get(reverse("admin:matching_waitingvolunteer_changelist"))
    assert [row.pk for row in page.context["cl"].result_list] == [longer.pk, forgotten.pk]


# --- Opportunities ----------------------------------------------------------------------------------------------------


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency)


def alone():
    return [*without_candidates(Opportunity.objects.all(), NOW)]


@pytest.mark.parametrize("state", ["proposed", "interested", "trial", "placed"])
def test_an_opportunity_with_somebody_in_sight_is_not_alone(opportunity, state):
    assert alone() == [opportunity]
    MatchFactory(opportunity=opportunity, state=state)
    assert alone() == []


def test_a_suggestion_that_was_declined_leaves_it_alone(opportunity):
    suggestion = SuggestionFactory(opportunity=opportunity)
    assert alone() == []
    MatchFactory(
        opportunity=opportunity, volunteer=suggestion.volunteer, state="declined", declined_by="staff", reason="other"
    )
    assert alone() == [opportunity]


def test_what_is_not_open_is_not_alone(opportunity):
    Opportunity.objects.update(status="filled")
    assert alone() == []


def test_an_opportunity_is_reviewed_while_somebody_waits_for_a_decision(opportunity):
    assert not to_review(Opportunity.objects.all(), NOW).exists()
    SuggestionFactory(opportunity=opportunity)
    assert to_review(Opportunity.objects.all(), NOW).get() == opportunity


def test_whoever_was_parked_until_today_is_reviewed_again(opportunity):
    match = MatchFactory(opportunity=opportunity, state="parked", parked_until=timezone.localdate(ago(-1)))
    assert not to_review(Opportunity.objects.all(), NOW).exists()
    Match.objects.filter(pk=match.pk).update(parked_until=timezone.localdate(NOW))
    assert to_review(Opportunity.objects.all(), NOW).get() == opportunity


def test_the_list_of_those_without_candidates_is_ones_own_and_leads_to_the_opportunity(client, cast, opportunity):
    address = reverse("admin:matching_waitingopportunity_changelist")
    for user, rows in [(cast.stranger, []), (cast.staff, [opportunity.pk])]:
        client.force_login(user)
        assert [row.pk for row in client.get(address).context["cl"].result_list] == rows
    leads = client.get(reverse("admin:matching_waitingopportunity_change", args=[opportunity.pk]))
    assert leads.url == reverse("admin:organisations_opportunity_change", args=[opportunity.pk])
