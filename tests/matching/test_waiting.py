"""Who waits for an idea, and since when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.models import Match
from matching.waiting import idle, with_waiting
from tests.factories import MatchFactory, VolunteerFactory
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
