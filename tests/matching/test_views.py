"""The page of a candidate, and what candidates say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from matching.models import Match
from organisations.links import STOP, token_for
from tests.factories import (
    MatchFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    RuleFactory,
    SavedSearchFactory,
    SuggestionFactory,
    UserFactory,
)

MY_PAGE = "matching:my_page"


def make_match(state, told=True, **candidate):
    match = MatchFactory(state=state, **candidate)
    if told:
        match.events.create(side="staff", to_state=Match.State.PROPOSED)
    return match


def shown(client):
    context = client.get(reverse(MY_PAGE)).context
    return {name: context[name] for name in ["proposals", "running", "over"]}


def test_everybody_reads_what_counts_now_the_most_important_first(client, db):
    RuleFactory(language=10, time=30)
    response = client.get("/en/how-we-suggest/")
    assert [(factor.name, factor.points) for factor in response.context["factors"]] == [
        ("Time", 30),
        ("Skills", 25),
        ("Nearness", 20),
        ("Languages", 10),
        ("Wishes", 10),
        ("Reason", 5),
    ]
    assert "(version 2)" in response.content.decode()


def test_everybody_reads_that_lists_are_not_by_points_alone(client, db):
    page = client.get("/en/how-we-suggest/").content.decode()
    assert "A task that few people know yet stands a little higher in your list." in page
    assert "If nothing has happened for you for more than two weeks" in page


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


def test_my_page_names_one_s_saved_searches_and_how_to_stop_them(client, cast):
    client.force_login(cast.samira.user)
    saved = SavedSearchFactory(user=cast.samira.user, email="", query="text=hilfe")
    SavedSearchFactory(user=cast.contact, email="", query="text=schach")
    page = client.get(reverse(MY_PAGE)).content.decode()
    assert "hilfe" in page
    assert "schach" not in page
    client.post(reverse("organisations:stop_search", args=[token_for(STOP, saved)]))
    assert "text=hilfe" not in client.get(reverse(MY_PAGE)).content.decode()


def test_my_page_shows_no_score_and_counts_its_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.samira.user)
    for _ in range(3):
        make_match(Match.State.INTERESTED, volunteer=cast.samira, opportunity=OpportunityFactory())
    with django_assert_max_num_queries(16):
        assert client.get(reverse(MY_PAGE)).status_code == 200


def ideas(client):
    return client.get(reverse(MY_PAGE)).context["ideas"]


def test_ideas_are_for_oneself_and_ones_own_self_organisations(client, cast):
    hers = SuggestionFactory(volunteer=cast.samira)
    theirs = SuggestionFactory(volunteer=None, organisation=cast.mso)
    SuggestionFactory()
    for user, expected in [(cast.samira.user, [hers]), (cast.contact, [theirs]), (cast.staff, [])]:
        client.force_login(user)
        assert ideas(client) == expected


def test_ideas_are_the_five_that_appeal_most_to_each(client, cast):
    cast.samira.user.memberships.create(organisation=cast.mso, role="contact")
    hers = [SuggestionFactory(volunteer=cast.samira, score=90, appeal=appeal) for appeal in [10, 60, 30, 20, 50, 40]]
    theirs = SuggestionFactory(volunteer=None, organisation=cast.mso, appeal=5)
    client.force_login(cast.samira.user)
    assert ideas(client) == [*sorted(hers, key=lambda idea: -idea.appeal)[:5], theirs]


def test_what_somebody_decided_and_what_is_closed_is_no_idea(client, cast):
    decided = SuggestionFactory(volunteer=cast.samira)
    make_match(Match.State.INTERESTED, volunteer=cast.samira, opportunity=decided.opportunity)
    SuggestionFactory(volunteer=cast.samira, opportunity=OpportunityFactory(status="closed"))
    client.force_login(cast.samira.user)
    assert ideas(client) == []


def test_an_idea_gives_reasons_and_no_number(client, cast):
    place = NeighbourhoodFactory()
    cast.samira.neighbourhood = place
    cast.samira.save()
    opportunity = OpportunityFactory(neighbourhoods=[place])
    SuggestionFactory(volunteer=cast.samira, opportunity=opportunity, score=87.65, appeal=43.21)
    client.force_login(cast.samira.user)
    html = client.get("/en/me/").content.decode()
    assert "Lives in the same neighbourhood" in html
    # What is read, without the tags: the words that guard a form may hold any number.
    assert [number for number in ["87", "43.2"] if number in strip_tags(html)] == []


def test_an_idea_is_answered_by_one_press(client, cast):
    idea = SuggestionFactory(volunteer=cast.samira)
    client.force_login(cast.samira.user)
    [shown_idea] = ideas(client)
    address = reverse("matching:express_interest", args=[idea.opportunity_id])
    assert client.post(address, {"candidate": shown_idea.key}).status_code == 302
    assert Match.objects.get(volunteer=cast.samira).state == Match.State.INTERESTED
    assert ideas(client) == []


def test_more_ideas_need_no_more_queries(client, cast):
    SuggestionFactory(volunteer=cast.samira)
    client.force_login(cast.samira.user)
    client.get(reverse(MY_PAGE))
    counts = []
    for number in [1, 3]:
        for _ in range(number):
            SuggestionFactory(volunteer=cast.samira)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(MY_PAGE))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def answer(client, match, **data):
    return client.post(reverse("matching:answer_proposal", args=[match.pk]), data)


def test_nobody_answers_for_somebody_else(client, cast):
    match = make_match(Match.State.PROPOSED, volunteer=cast.samira)
    for user in [cast.stranger, cast.staff, cast.contact]:
        client.force_login(user)
        assert answer(client, match, answer="yes").status_code == 404
    match.refresh_from_db()
    assert match.state == Match.State.PROPOSED


def test_an_answer_is_never_a_link(client, cast):
    match = make_match(Match.State.PROPOSED, volunteer=cast.samira)
    client.force_login(cast.samira.user)
    assert client.get(reverse("matching:answer_proposal", args=[match.pk])).status_code == 405


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ({"answer": "yes"}, Match.State.INTERESTED, ""),
        ({"answer": "no"}, Match.State.DECLINED, "not_wanted"),
        ({"answer": "no", "reason": "too_far"}, Match.State.DECLINED, "too_far"),
        ({"answer": "no", "reason": "\0"}, Match.State.PROPOSED, ""),
        ({}, Match.State.PROPOSED, ""),
    ],
    ids=["yes", "no", "no because", "hostile", "nothing"],
)
def test_a_volunteer_answers_a_proposal(client, cast, said, state, reason):
    match = make_match(Match.State.PROPOSED, volunteer=cast.samira)
    client.force_login(cast.samira.user)
    assert answer(client, match, **said).url == reverse(MY_PAGE)
    match.refresh_from_db()
    assert (match.state, match.reason) == (state, reason)


def test_a_contact_answers_for_the_self_organisation(client, cast):
    match = make_match(Match.State.PROPOSED, volunteer=None, organisation=cast.mso)
    client.force_login(cast.contact)
    answer(client, match, answer="yes")
    assert match.events.last().by == cast.contact


def test_the_second_press_changes_nothing(client, cast):
    match = make_match(Match.State.PROPOSED, volunteer=cast.samira)
    client.force_login(cast.samira.user)
    for said in ["no", "no"]:
        assert answer(client, match, answer=said).status_code == 302
    assert match.events.count() == 2
