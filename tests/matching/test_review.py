from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from matching import review
from matching.models import Match, MatchEvent, PendingRescoring, Suggestion
from matching.refusals import AlreadyDecided, NoPlaceLeft
from organisations.models import Opportunity
from tests.factories import MatchFactory, OpportunityFactory, SuggestionFactory, VolunteerFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOMORROW = date(2026, 11, 23)
AGREEMENT = {"begins_on": TOMORROW, "contact_name": "Frau Peters", "hours_per_week": 3, "ends_on": None}


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


@pytest.fixture
def suggestion(cast, opportunity):
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira)


@pytest.fixture
def match(cast, opportunity):
    return MatchFactory(opportunity=opportunity, volunteer=cast.samira)


def in_state(match, state):
    extra = {"declined_by": "staff", "reason": "other"} if state == "declined" else {}
    Match.objects.filter(pk=match.pk).update(state=state, **extra)
    match.refresh_from_db()
    return match


# --- Who must not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "contact", "samira"])
def test_only_staff_of_the_agency_decide_on_its_suggestions(cast, suggestion, who):
    by = getattr(cast, who)
    for decide in (review.accept, review.decline, review.park):
        answers = {review.decline: {"reason": "too_far"}, review.park: {"until": date(2999, 1, 1)}}.get(decide, {})
        with pytest.raises(PermissionDenied):
            decide(suggestion, by=getattr(by, "user", by), **answers)
    assert not Match.objects.exists()


def test_a_member_who_is_not_staff_does_not_decide(cast, suggestion):
    cast.staff.is_staff = False
    with pytest.raises(PermissionDenied):
        review.accept(suggestion, by=cast.staff)


def test_nobody_answers_for_somebody_else(cast, match):
    for by in (cast.contact, cast.stranger, cast.staff, cast.administrator, None):
        with pytest.raises(PermissionDenied):
            review.move(match, "interested", by=by, side="candidate")


def test_nobody_expresses_interest_for_somebody_else(cast, opportunity):
    for by in (cast.contact, cast.staff, None):
        with pytest.raises(PermissionDenied):
            review.express_interest(opportunity, cast.samira, by=by)
    with pytest.raises(PermissionDenied):
        review.express_interest(opportunity, cast.mso, by=cast.samira.user)
    with pytest.raises(PermissionDenied):
        review.express_interest(opportunity, VolunteerFactory(), by=cast.samira.user)


# --- The first decision -----------------------------------------------------------------------------------------------


def test_accepting_makes_a_match_and_the_suggestion_is_gone(cast, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    assert (match.state, match.origin, match.candidate) == ("proposed", "suggestion", cast.samira)
    assert not Suggestion.objects.exists()
    assert [(event.from_state, event.to_state, event.by) for event in match.events.all()] == [
        ("", "proposed", cast.staff)
    ]


def test_a_self_organisation_is_accepted_alike(cast):
    suggestion = SuggestionFactory(
        opportunity=OpportunityFactory(host=cast.agency), volunteer=None, organisation=cast.mso
    )
    assert review.accept(suggestion, by=cast.staff).candidate == cast.mso
    assert not Suggestion.objects.exists()


def test_the_second_learns_who_decided_and_nothing_is_lost(cast, suggestion):
    first = review.decline(suggestion, by=cast.staff, reason="too_far", now=NOW)
    with pytest.raises(AlreadyDecided) as told:
        review.accept(suggestion, by=cast.administrator)
    assert told.value.match == first
    assert (told.value.event.by, told.value.event.at) == (cast.staff, NOW)
    assert "Elif Yildiz" in str(told.value)
    assert Match.objects.get().state == "declined"


def test_a_state_that_somebody_changed_meanwhile_is_not_overwritten(cast, match):
    seen = Match.objects.get(pk=match.pk)
    review.move(match, "interested", by=cast.samira.user, side="candidate")
    with pytest.raises(AlreadyDecided):
        review.decline(seen, by=cast.staff, reason="no_answer")
    assert Match.objects.get().state == "interested"


def test_a_parked_candidate_returns_on_the_day(cast, suggestion):
    match = review.park(suggestion, by=cast.staff, until=TOMORROW, now=NOW)
    assert not Match.objects.returned(NOW).exists()
    day_after = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert list(Match.objects.returned(day_after)) == [match]
    assert review.accept(match, by=cast.staff).state == "proposed"


def test_a_suggestion_that_was_computed_again_too_late_is_not_shown(cast, suggestion):
    other = SuggestionFactory(opportunity=suggestion.opportunity)
    MatchFactory(opportunity=suggestion.opportunity, volunteer=cast.samira)
    assert list(Suggestion.objects.undecided()) == [other]


# --- Interest ---------------------------------------------------------------------------------------------------------


def test_interest_begins_a_match_and_saying_it_again_changes_nothing(cast, opportunity, suggestion):
    first = review.express_interest(opportunity, cast.samira, by=cast.samira.user)
    again = review.express_interest(opportunity, cast.samira, by=cast.samira.user)
    assert (first, first.state, first.origin) == (again, "interested", "interest")
    assert MatchEvent.objects.count() == 1
    assert not Suggestion.objects.exists()


def test_interest_without_an_account(opportunity):
    match = review.express_interest(opportunity, VolunteerFactory(user=None))
    assert match.events.get().by is None


def test_interest_answers_a_proposal(cast, match):
    assert review.express_interest(match.opportunity, cast.samira, by=cast.samira.user) == match
    assert Match.objects.get().state == "interested"


@pytest.mark.parametrize("state", ["trial", "placed"])
def test_interest_does_not_turn_back_what_has_gone_further(cast, match, state):
    in_state(match, state)
    assert review.express_interest(match.opportunity, cast.samira, by=cast.samira.user).state == state


# --- Who moves up -----------------------------------------------------------------------------------------------------


def test_after_a_decision_the_next_best_is_looked_for(cast, suggestion):
    review.decline(suggestion, by=cast.staff, reason="too_far")
    assert PendingRescoring.objects.filter(opportunity=suggestion.opportunity).exists()
    assert PendingRescoring.objects.filter(volunteer=cast.samira).exists()


def test_a_step_without_a_suggestion_or_a_place_moves_nobody_up(cast, match):
    in_state(match, "interested")
    review.move(match, "trial", by=cast.staff, side="staff", trial_on=TOMORROW)
    assert not PendingRescoring.objects.filter(opportunity=match.opportunity).exists()


# --- Places -----------------------------------------------------------------------------------------------------------


def place(match, cast):
    return review.move(match, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT)


def test_the_last_place_fills_the_opportunity_and_a_farewell_opens_it(cast, opportunity):
    Opportunity.objects.update(places=1)
    first, second = MatchFactory.create_batch(2, opportunity=opportunity, state="interested")
    first = place(first, cast)
    assert Opportunity.objects.get().status == "filled"
    with pytest.raises(NoPlaceLeft):
        place(second, cast)
    assert Match.objects.get(pk=second.pk).state == "interested"
    review.move(first, "ended", by=cast.staff, side="staff", reason="planned")
    assert Opportunity.objects.get().status == "published"
    assert place(second, cast).state == "placed"


def test_a_trial_visit_takes_no_place(cast, opportunity):
    Opportunity.objects.update(places=1)
    MatchFactory(opportunity=opportunity, state="trial")
    assert place(MatchFactory(opportunity=opportunity, state="interested"), cast).state == "placed"


def test_an_unknown_number_of_places_is_never_full(cast, opportunity):
    for match in MatchFactory.create_batch(3, opportunity=opportunity, state="trial"):
        place(match, cast)
    assert Opportunity.objects.get().status == "published"
