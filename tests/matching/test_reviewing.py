"""The pages of the queue, from both sides."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching import review
from matching.models import Accompaniment, Match, MatchEvent, Suggestion
from matching.undoing import undo
from tests.factories import (
    MatchFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.matching.test_admin import NEXT_MONTH, QUEUE, match_page, post, review_page, select, told

pytestmark = pytest.mark.django_db

UNDO = f"{QUEUE}undo/"


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency, title="Lesen üben", times=[1, 4], places=2)


@pytest.fixture
def suggestion(cast, opportunity):
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira, score=88, language=30)


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.staff)
    return client


@pytest.fixture
def colleague(cast):
    user = UserFactory(name="Mehmet Kaya", is_staff=True)
    MembershipFactory(user=user, organisation=cast.agency)
    return user


def candidate_page(candidate):
    return f"{QUEUE}{candidate._meta.model_name}/{candidate.pk}/"


def mark(client, url, keys, to, **answers):
    """What the page sends for all that are marked, all of them undecided."""
    return client.post(url, {"several": "1", "marked": [f"{key}:" for key in keys], "to": to, **answers})


def key(row):
    return f"{row._meta.model_name}-{row.pk}"


# --- Who must not -----------------------------------------------------------------------------------------------------


def test_a_stranger_finds_no_candidate_whom_he_has_nothing_to_do_with(cast, client, suggestion):
    client.force_login(cast.stranger)
    page = candidate_page(cast.samira)
    assert client.get(page).status_code == 404
    assert mark(client, page, [key(suggestion.opportunity)], "proposed").status_code == 404
    assert not Match.objects.exists()


def test_of_a_shared_candidate_each_agency_sees_its_own(cast, client, suggestion):
    theirs = OpportunityFactory(host=cast.other_agency, title="Kochen am Hafen")
    SuggestionFactory(opportunity=theirs, volunteer=cast.samira)
    MatchFactory(opportunity=theirs, state="declined", reason="too_far", declined_by="staff")
    MatchFactory(
        opportunity=OpportunityFactory(host=cast.other_agency, title="Fahrräder am Hafen"), volunteer=cast.samira
    )
    client.force_login(cast.staff)
    page = client.get(candidate_page(cast.samira)).content.decode()
    assert ["Lesen üben" in page, "am Hafen" in page] == [True, False]
    assert "1 with another agency" in page
    post_key = {"opportunity": key(theirs), "seen": "", "to": "proposed"}
    client.post(candidate_page(cast.samira), post_key)
    assert not Match.objects.filter(opportunity=theirs, volunteer=cast.samira).exists()


def test_nobody_takes_back_by_number_what_is_not_theirs(cast, client, suggestion, colleague):
    review.accept(suggestion, by=cast.staff)
    event = MatchEvent.objects.get()
    for other, status in ((cast.stranger, 302), (colleague, 403)):
        client.force_login(other)
        assert client.post(UNDO, {"event": event.pk}).status_code == status
    assert Match.objects.get().state == "proposed"


def test_what_is_shown_of_a_candidate_is_no_way_to_reach_them(cast, desk, opportunity):
    canaries = {"last_name": "Kanarie", "phone": "0221 5550199", "email": "kanarie@example.org", "address": "Weg 7"}
    volunteer = VolunteerFactory(**canaries)
    SuggestionFactory(opportunity=opportunity, volunteer=volunteer)
    for url in (candidate_page(volunteer), review_page(opportunity)):
        page = desk.get(url).content.decode()
        assert [canary for canary in canaries.values() if canary in page] == []
    assert reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]) not in page


# --- What is known of each --------------------------------------------------------------------------------------------


def test_a_card_says_what_somebody_does_already_and_was_declined_for(cast, desk, opportunity, suggestion):
    def ours(title):
        return OpportunityFactory(host=cast.agency, title=title)

    MatchFactory(volunteer=cast.samira, opportunity=ours("Kochen"), state="trial")
    answers = {"state": "declined", "reason": "too_far", "declined_by": "candidate"}
    MatchFactory(volunteer=cast.samira, opportunity=ours("Schach"), **answers)
    MatchFactory(opportunity=opportunity, **answers)
    page = desk.get(review_page(opportunity))
    (card,) = page.context["cards"]
    assert [match.opportunity.title for match in card.doings.under_way] == ["Kochen"]
    assert [match.opportunity.title for match in card.doings.declines] == ["Schach"]
    text = page.content.decode()
    assert ["Load: 1 of 2 engagements" in text, "trial visit" in text] == [True, True]
    assert "Declined so far" in text
    assert page.context["declines"] == [("too far", 1)]


def test_only_the_latest_declines_are_told(cast, desk, opportunity, suggestion):
    for day in range(5):
        MatchFactory(
            volunteer=cast.samira,
            opportunity=OpportunityFactory(host=cast.agency, title=f"Tag {day}"),
            state="declined",
            reason="too_far",
            declined_by="staff",
            changed_at=timezone.now() - timedelta(days=day),
        )
    (card,) = desk.get(review_page(opportunity)).context["cards"]
    assert [match.opportunity.title for match in card.doings.declines] == ["Tag 0", "Tag 1", "Tag 2"]


@pytest.mark.parametrize(
    ("home", "place", "way"),
    [
        ("koeln-vingst", "koeln-vingst", "in the same neighbourhood"),
        (None, "koeln-vingst", "distance not known"),
        ("koeln-vingst", None, "can be done from home"),
    ],
)
def test_the_distance_is_said_in_words(cast, desk, suggestion, home, place, way):
    opportunity = suggestion.opportunity
    if place:
        opportunity.neighbourhoods.add(NeighbourhoodFactory(code=place))
    else:
        opportunity.place = "remote"
        opportunity.save()
    cast.samira.neighbourhood = home and NeighbourhoodFactory(code=home)
    cast.samira.save()
    assert f"· {way}" in desk.get(review_page(opportunity)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_cards(cast, desk, opportunity, django_assert_max_num_queries):
    counts = {}
    for number in (1, 3):
        while Suggestion.objects.count() < 2 * number:
            other = OpportunityFactory(host=cast.agency)
            SuggestionFactory(opportunity=other, volunteer=cast.samira)
            busy = SuggestionFactory(opportunity=opportunity).volunteer
            MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=busy)
        for page in (review_page(opportunity), candidate_page(cast.samira)):
            desk.get(page)
            with django_assert_max_num_queries(200) as queries:
                desk.get(page)
            counts.setdefault(page, []).append(len(queries))
    assert all(one == three for one, three in counts.values()), counts


# --- What suits Samira? -----------------------------------------------------------------------------------------------


def test_the_page_of_a_candidate_shows_what_appeals_most_first(cast, desk, suggestion):
    best = OpportunityFactory(host=cast.agency, title="Kochen")
    SuggestionFactory(opportunity=best, volunteer=cast.samira, appeal=99)
    page = desk.get(candidate_page(cast.samira))
    assert [card.subject.opportunity.title for card in page.context["cards"]] == ["Kochen", "Lesen üben"]
    assert "What suits Samira H.?" in page.content.decode()


def test_a_self_organisation_has_such_a_page_too(cast, desk, opportunity):
    SuggestionFactory(opportunity=opportunity, volunteer=None, organisation=cast.mso)
    page = candidate_page(cast.mso)
    assert "Lesen üben" in desk.get(page).content.decode()
    desk.post(page, {"opportunity": key(opportunity), "seen": "", "to": "proposed"})
    assert Match.objects.get().candidate == cast.mso


@pytest.mark.parametrize(
    ("to", "answers"),
    [("proposed", {}), ("declined", {"reason": "language"}), ("parked", {"until": NEXT_MONTH.isoformat()})],
)
def test_the_same_decisions_are_taken_there(cast, desk, suggestion, to, answers):
    Accompaniment.objects.create(volunteer=cast.samira, agency=cast.agency)
    page = candidate_page(cast.samira)
    response = desk.post(page, {"opportunity": key(suggestion.opportunity), "seen": "", "to": to, **answers})
    assert (response.status_code, response.url) == (302, page)
    assert Match.objects.get().state == to


@pytest.mark.parametrize("opportunity_key", ["", "x", "opportunity-", "opportunity-²", "opportunity-" + "9" * 5000])
def test_an_odd_opportunity_is_refused(cast, desk, suggestion, opportunity_key):
    data = {"opportunity": opportunity_key, "seen": "", "to": "proposed"}
    assert desk.post(candidate_page(cast.samira), data).status_code == 302
    assert not Match.objects.exists()


def test_who_accompanies_somebody_sees_the_page_also_when_nothing_suits(cast, desk):
    Accompaniment.objects.create(volunteer=cast.samira, agency=cast.agency)
    page = desk.get(candidate_page(cast.samira)).content.decode()
    assert reverse("admin:volunteers_volunteer_change", args=[cast.samira.pk]) in page


def test_one_goes_on_to_the_next_candidate_of_the_own_agency(cast, desk, client, suggestion):
    theirs = SuggestionFactory(opportunity=OpportunityFactory(host=cast.other_agency)).volunteer
    after = SuggestionFactory(opportunity=suggestion.opportunity).volunteer
    page = desk.get(candidate_page(cast.samira))
    assert (page.context["previous"], page.context["next"]) == (None, after.pk)
    assert desk.get(candidate_page(after)).context["previous"] == cast.samira.pk
    assert desk.get(candidate_page(theirs)).status_code == 404


# --- One after another ------------------------------------------------------------------------------------------------


def test_once_nobody_waits_the_next_opportunity_comes(cast, desk, suggestion):
    other = SuggestionFactory(opportunity=OpportunityFactory(host=cast.agency))
    response = post(desk, review_page(suggestion.opportunity), suggestion, "proposed")
    assert response.url == reverse("admin:matching_suggestion_review", args=[other.opportunity_id])


# --- Several at once --------------------------------------------------------------------------------------------------


def test_those_who_are_marked_are_accepted_at_once(desk, opportunity):
    first, second, third = SuggestionFactory.create_batch(3, opportunity=opportunity)
    response = mark(desk, review_page(opportunity), [key(first.volunteer), key(third.volunteer)], "proposed")
    assert told(response) == ["2 decisions are stored."]
    assert list(Suggestion.objects.all()) == [second]


def test_those_who_are_marked_are_declined_with_one_reason(desk, opportunity):
    keys = [key(row.volunteer) for row in SuggestionFactory.create_batch(2, opportunity=opportunity)]
    asked = mark(desk, review_page(opportunity), keys, "declined", note="Ferien")
    assert asked.context["marked"] == {f"{key}:" for key in keys}
    assert "Ferien" in asked.content.decode()
    assert not Match.objects.exists()
    mark(desk, review_page(opportunity), keys, "declined", note="Ferien", reason="no_common_time")
    assert list(Match.objects.values_list("state", "reason")) == [("declined", "no_common_time")] * 2


def test_of_those_who_are_marked_somebody_was_decided_and_somebody_is_gone(cast, desk, opportunity, suggestion):
    other, gone = SuggestionFactory.create_batch(2, opportunity=opportunity)
    review.decline(suggestion, by=cast.administrator, reason="too_far")
    gone.delete()
    keys = [key(row) for row in (cast.samira, other.volunteer, gone.volunteer)]
    messages = told(mark(desk, review_page(opportunity), keys, "proposed"))
    assert "Samira H.: Admin decided first" in messages[0]
    assert messages[1:] == [
        "This suggestion is gone: the profile or the opportunity has changed.",
        "One decision is stored.",
    ]


@pytest.mark.parametrize("to", ["", "placed", "parked", "\0"])
def test_an_odd_step_for_several_is_refused(cast, desk, suggestion, to):
    assert mark(desk, review_page(suggestion.opportunity), [key(cast.samira)], to).status_code == 200
    assert not Match.objects.exists()


def test_nobody_marked_is_said(desk, suggestion):
    page = mark(desk, review_page(suggestion.opportunity), [], "proposed").content.decode()
    assert "Please mark somebody first." in page


def test_a_row_that_the_machine_wrote_anew_meanwhile_is_decided_all_the_same(desk, opportunity, suggestion):
    seen = Suggestion.objects.get()
    Suggestion.objects.all().delete()
    SuggestionFactory(opportunity=opportunity, volunteer=suggestion.volunteer)
    assert told(select(desk, "accept_selected", [seen])) == ["One decision is stored."]


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_what_the_second_typed_is_asked_again_and_not_lost(cast, desk, suggestion):
    review.accept(suggestion, by=cast.administrator)
    answers = {"reason": "too_far", "note": "Rheinseite"}
    page = post(desk, review_page(suggestion.opportunity), suggestion, "declined", **answers)
    text = page.content.decode()
    assert "Samira H.: Admin decided first" in text
    assert "Rheinseite" in text
    (card,) = page.context["cards"]
    assert (card.state, Match.objects.get().state) == ("proposed", "proposed")
    post(desk, review_page(suggestion.opportunity), suggestion, "declined", seen="proposed", **answers)
    assert (Match.objects.get().state, MatchEvent.objects.last().note) == ("declined", "Rheinseite")


def test_where_the_step_is_possible_no_more_the_note_is_given_back(cast, desk, suggestion):
    review.decline(suggestion, by=cast.administrator, reason="language")
    answers = {"reason": "too_far", "note": "Rheinseite"}
    response = post(desk, review_page(suggestion.opportunity), suggestion, "declined", **answers)
    assert told(response)[1] == "Your note was not stored: “Rheinseite”"


def test_a_note_about_what_is_gone_is_given_back(desk, suggestion):
    Suggestion.objects.all().delete()
    response = post(desk, review_page(suggestion.opportunity), suggestion, "declined", reason="other", note="Ferien")
    assert told(response)[1] == "Your note was not stored: “Ferien”"


def test_a_page_from_before_a_decision_was_taken_back_breaks_nothing(cast, desk, suggestion):
    match = review.park(suggestion, by=cast.staff, until=NEXT_MONTH)
    undo(MatchEvent.objects.get(), by=cast.staff)
    SuggestionFactory(opportunity=suggestion.opportunity, volunteer=cast.samira)
    response = post(desk, review_page(suggestion.opportunity), match, "proposed", seen="parked")
    assert told(response) == ["This step is not possible from here."]
    assert desk.get(match_page(match)).status_code == 302


# --- Taking back ------------------------------------------------------------------------------------------------------


def undo_fields(page):
    return [event.pk for deed in page.context["undoable"] for event in deed.events]


def test_what_was_decided_is_offered_to_be_taken_back(desk, suggestion):
    post(desk, review_page(suggestion.opportunity), suggestion, "proposed")
    page = desk.get(review_page(suggestion.opportunity))
    assert "Samira H.: accepted" in page.content.decode()
    response = desk.post(UNDO, {"event": undo_fields(page), "back": review_page(suggestion.opportunity)})
    assert response.url == review_page(suggestion.opportunity)
    assert told(response)[-1] == "Taken back, and as it was before: Samira H.."
    assert Match.objects.get().state == ""
    assert desk.get(review_page(suggestion.opportunity)).context["undoable"] == []


def test_from_the_page_of_a_match_that_is_none_any_more_one_comes_to_its_opportunity(cast, desk, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    page = desk.get(match_page(match))
    response = desk.post(UNDO, {"event": undo_fields(page), "back": match_page(match)})
    assert response.url == f"{review_page(suggestion.opportunity)}#volunteer-{cast.samira.pk}"


def test_on_the_page_of_a_match_a_later_step_is_taken_back(cast, desk, opportunity):
    match = MatchFactory(opportunity=opportunity, state="interested")
    post(desk, match_page(match), match, "parked", seen="interested", until=NEXT_MONTH.isoformat())
    page = desk.get(match_page(match))
    assert desk.post(UNDO, {"event": undo_fields(page), "back": match_page(match)}).url == match_page(match)
    assert Match.objects.get().state == "interested"
    assert "Elif Yildiz took the last decision back." in desk.get(match_page(match)).content.decode()


def test_what_was_decided_together_is_taken_back_together(desk, opportunity):
    rows = SuggestionFactory.create_batch(2, opportunity=opportunity)
    mark(desk, review_page(opportunity), [key(row.volunteer) for row in rows], "proposed")
    page = desk.get(QUEUE)
    assert [len(deed.events) for deed in page.context["undoable"]] == [2]
    desk.post(UNDO, {"event": undo_fields(page)})
    assert list(Match.objects.values_list("state", flat=True)) == ["", ""]


def test_too_late_is_said_in_words(desk, suggestion):
    post(desk, review_page(suggestion.opportunity), suggestion, "proposed")
    MatchEvent.objects.update(at=timezone.now() - timedelta(minutes=11))
    response = desk.post(UNDO, {"event": MatchEvent.objects.get().pk})
    assert told(response)[-1].startswith("A decision can be taken back for ten minutes only.")
    assert Match.objects.get().state == "proposed"


def test_a_match_that_was_taken_back_is_in_no_list(cast, desk, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    undo(MatchEvent.objects.get(), by=cast.staff)
    assert desk.get("/en/admin/matching/match/").context["cl"].result_count == 0
    assert desk.get(match_page(match)).status_code == 302


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "\0"])
def test_one_is_led_nowhere_else(desk, back):
    assert desk.post(UNDO, {"event": ["x", "9" * 5000, "7"], "back": back}).url == QUEUE
