"""What a step asks for, what is kept of it, and how much somebody wants to do."""

from datetime import date

import pytest

from matching import review
from matching.models import Match, Suggestion
from matching.refusals import AnswerMissing, LoadReached
from tests.factories import MatchFactory, OpportunityFactory, SuggestionFactory, VolunteerFactory
from tests.matching.test_review import AGREEMENT, NOW, at_once, in_state, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


@pytest.fixture
def suggestion(cast, opportunity):
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira)


@pytest.fixture
def match(cast, opportunity):
    return MatchFactory(opportunity=opportunity, volunteer=cast.samira)


# --- Agreements and farewells -----------------------------------------------------------------------------------------


def test_an_agreement_is_kept_on_the_match(cast, match):
    placed = place(in_state(match, "trial"), cast)
    assert {name: getattr(placed, name) for name in AGREEMENT} == AGREEMENT


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins_on": None},
        {"begins_on": date(1900, 1, 1)},
        {"begins_on": date(9999, 12, 31)},
        {"contact_name": " "},
        {"ends_on": NOW.date()},
    ],
)
def test_an_agreement_without_a_beginning_or_a_contact_is_none(cast, match, wrong):
    in_state(match, "trial")
    with pytest.raises(AnswerMissing):
        review.move(match, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT | wrong)
    assert Match.objects.get().state == "trial"


def test_an_end_needs_a_reason_of_its_own_list_and_thanks_are_written_down(cast, match):
    placed = place(in_state(match, "trial"), cast)
    with pytest.raises(AnswerMissing):
        review.move(placed, "ended", by=cast.staff, side="staff", reason="too_far")
    ended = review.move(placed, "ended", by=cast.staff, side="staff", reason="found_work", is_thanked=True)
    assert (ended.reason, ended.is_thanked) == ("found_work", True)
    assert ended.events.last().word == "thanked"


def test_a_candidate_ends_without_a_reason(cast, match):
    placed = place(in_state(match, "trial"), cast)
    ended = review.move(placed, "ended", by=cast.samira.user, side="candidate")
    assert (ended.state, ended.reason) == ("ended", "")


def test_whoever_is_taken_up_again_begins_anew(cast, match):
    ended = in_state(place(in_state(match, "trial"), cast), "ended")
    again = review.accept(ended, by=cast.staff)
    assert (again.begins_on, again.contact_name, again.hours_per_week) == (None, "", None)


def test_whoever_takes_the_first_step_at_the_desk_is_responsible(cast, opportunity, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    assert match.responsible == cast.staff
    assert review.decline(match, by=cast.administrator, reason="other").responsible == cast.staff
    asked = review.express_interest(opportunity, VolunteerFactory(user=None))
    assert asked.responsible is None


# --- How much somebody wants to do ------------------------------------------------------------------------------------


def busy(candidate, state, number=2):
    return [MatchFactory(volunteer=candidate, state=state) for _ in range(number)]


@pytest.mark.parametrize("state", ["proposed", "interested", "trial", "placed"])
def test_nobody_is_asked_to_do_more_than_they_want(cast, suggestion, state):
    busy(cast.samira, state)
    with pytest.raises(LoadReached, match="2 of at most 2|2 von höchstens 2"):
        review.accept(suggestion, by=cast.staff)
    assert Suggestion.objects.filter(pk=suggestion.pk).exists()
    assert not Match.objects.filter(opportunity=suggestion.opportunity).exists()


def test_nobody_is_placed_beyond_what_they_want_but_may_be_asked_about_more(cast, match):
    in_state(match, "interested")
    busy(cast.samira, "interested", 1)
    busy(cast.samira, "placed")
    with pytest.raises(LoadReached):
        place(match, cast)
    cast.samira.max_load = 3
    cast.samira.save()
    assert place(match, cast).state == "placed"


def test_what_is_over_is_no_load(cast, suggestion):
    busy(cast.samira, "ended"), busy(cast.samira, "parked")
    assert review.accept(suggestion, by=cast.staff).state == "proposed"


def test_ones_own_word_is_never_too_much(cast, opportunity):
    busy(cast.samira, "placed")
    assert review.express_interest(opportunity, cast.samira, by=cast.samira.user).state == "interested"


@pytest.mark.django_db(transaction=True)
def test_nobody_is_placed_twice_where_they_want_one_thing(cast):
    cast.samira.max_load = 1
    cast.samira.save()
    matches = [
        MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=cast.samira, state="interested")
        for _ in range(12)
    ]
    results = at_once([lambda match=match: place(match, cast) for match in matches])
    assert sum(isinstance(result, LoadReached) for result in results) == 11
    assert Match.objects.filter(state="placed").count() == 1
