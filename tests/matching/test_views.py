"""The page of a candidate, and what candidates say."""

import pytest
from django.urls import reverse

from matching.models import Match
from tests.factories import MatchFactory, OpportunityFactory, UserFactory

MY_PAGE = "matching:my_page"


def make_match(state, told=True, **candidate):
    match = MatchFactory(state=state, **candidate)
    if told:
        match.events.create(side="staff", to_state=Match.State.PROPOSED)
    return match


def shown(client):
    context = client.get(reverse(MY_PAGE)).context
    return {name: context[name] for name in ["proposals", "running", "over"]}


def test_my_page_is_for_those_who_are_signed_in(client, db):
    assert reverse("account_login") in client.get(reverse(MY_PAGE))["Location"]


def test_nobody_sees_the_matches_of_somebody_else(client, cast):
    make_match(Match.State.PROPOSED, volunteer=cast.samira)
    make_match(Match.State.PROPOSED, volunteer=None, organisation=cast.mso)
    for user in [cast.stranger, cast.staff]:
        client.force_login(user)
        assert shown(client) == {"proposals": [], "running": [], "over": []}


def test_a_volunteer_and_a_self_organisation_see_their_own(client, cast):
    hers = make_match(Match.State.PROPOSED, volunteer=cast.samira)
    theirs = make_match(Match.State.TRIAL, volunteer=None, organisation=cast.mso)
    client.force_login(cast.samira.user)
    assert shown(client) == {"proposals": [hers], "running": [], "over": []}
    client.force_login(cast.contact)
    assert shown(client) == {"proposals": [], "running": [theirs], "over": []}


@pytest.mark.parametrize("state", [Match.State.PARKED, Match.State.DECLINED])
def test_what_staff_put_aside_before_asking_is_not_shown(client, cast, state):
    reason = {"declined_by": "staff", "reason": "other"} if state == Match.State.DECLINED else {}
    make_match(state, told=False, volunteer=cast.samira, **reason)
    client.force_login(cast.samira.user)
    assert shown(client) == {"proposals": [], "running": [], "over": []}


def test_my_page_names_what_is_missing(client, cast):
    client.force_login(cast.samira.user)
    missing = client.get(reverse(MY_PAGE)).context["missing"]
    assert [number for number, step in missing] == [2, 3, 4, 5, 6]


def test_whoever_is_new_is_led_to_the_profile(client, db):
    client.force_login(UserFactory())
    assert client.get(reverse(MY_PAGE))["Location"] == reverse("volunteers:edit_profile")


def test_my_page_shows_no_score_and_counts_its_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.samira.user)
    for _ in range(3):
        make_match(Match.State.INTERESTED, volunteer=cast.samira, opportunity=OpportunityFactory())
    with django_assert_max_num_queries(16):
        assert client.get(reverse(MY_PAGE)).status_code == 200
