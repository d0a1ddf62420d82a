from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Exists
from django.utils import translation

from engagement.models import Mail
from matching import review
from matching.models import Match, MatchEvent, PendingRescoring, Suggestion
from matching.personal.retention import needed
from matching.refusals import AlreadyDecided, NoPlaceLeft, NoSuchStep
from matching.rescoring import rescore_everything
from matching.storytelling import tell
from matching.transitions import TRANSITIONS
from matching.undoing import TooLate, undo, undoable
from matching.waiting import with_waiting
from organisations.models import Opportunity
from tests.factories import (
    MatchFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
    UserFactory,
)
from tests.matching.test_review_at_once import at_once
from tests.matching.test_transitions import AGREEMENT, ANSWERS, in_state
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=9)
LATE = NOW + timedelta(minutes=11)


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency, coordinator=cast.staff)


@pytest.fixture
def suggestion(cast, opportunity):
    rescore_everything(now=NOW)
    Suggestion.objects.all().delete()
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira)


@pytest.fixture
def colleague(cast):
    user = UserFactory(name="Mehmet Kaya", is_staff=True)
    MembershipFactory(user=user, organisation=cast.agency)
    return user


def last_event():
    return MatchEvent.objects.order_by("pk").last()


# --- Who must not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "contact", "administrator"])
def test_nobody_takes_back_what_somebody_else_decided(cast, suggestion, who):
    match = review.accept(suggestion, by=cast.staff, now=NOW)
    with pytest.raises(PermissionDenied):
        undo(last_event(), by=getattr(cast, who), now=SOON)
    assert Match.objects.get() == match


def test_a_colleague_does_not_either(cast, suggestion, colleague):
    review.accept(suggestion, by=cast.staff, now=NOW)
    with pytest.raises(PermissionDenied):
        undo(last_event(), by=colleague, now=SOON)
    assert undoable(colleague, SOON) == []


def test_the_word_of_a_candidate_is_not_taken_back_by_the_desk(cast, opportunity):
    review.express_interest(opportunity, cast.samira, by=cast.samira.user, now=NOW)
    with pytest.raises(PermissionDenied):
        undo(last_event(), by=cast.staff, now=SOON)


def test_who_has_left_the_office_takes_nothing_back(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    cast.staff.memberships.all().delete()
    with pytest.raises(PermissionDenied):
        undo(last_event(), by=cast.staff, now=SOON)


# --- As it was before -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decide", ["accept", "decline", "park"])
def test_after_a_first_decision_the_pair_is_suggested_again(cast, suggestion, decide):
    answers = {"decline": {"reason": "too_far"}, "park": {"until": date(2026, 12, 1)}}.get(decide, {})
    getattr(review, decide)(suggestion, by=cast.staff, now=NOW, **answers)
    match = undo(last_event(), by=cast.staff, now=SOON)
    assert (match.state, match.reason, match.declined_by, match.parked_until) == ("", "", "", None)
    again = Suggestion.objects.undecided().get()
    assert (again.opportunity, again.volunteer, again.rule_version) == (suggestion.opportunity, cast.samira, 1)
    assert again.score > 0
    assert PendingRescoring.objects.filter(opportunity=suggestion.opportunity).exists()


def test_the_machine_suggests_it_again_just_the_same(cast, opportunity):
    opportunity.neighbourhoods.add(NeighbourhoodFactory())
    Volunteer.objects.update(neighbourhood=NeighbourhoodFactory())
    rescore_everything()
    before = Suggestion.objects.values().get()
    review.decline(Suggestion.objects.get(), by=cast.staff, reason="too_far")
    rescore_everything()
    assert not Suggestion.objects.exists()
    undo(last_event(), by=cast.staff)
    rescore_everything()
    unlike = {"id", "computed_at"}
    assert {name: value for name, value in Suggestion.objects.values().get().items() if name not in unlike} == {
        name: value for name, value in before.items() if name not in unlike
    }


def test_who_takes_a_break_meanwhile_is_not_suggested_again(cast, suggestion):
    review.decline(suggestion, by=cast.staff, reason="too_far", now=NOW)
    Volunteer.objects.update(is_paused=True)
    rescore_everything()
    undo(last_event(), by=cast.staff, now=SOON)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "step", [step for step in TRANSITIONS if step.side == "staff" and step.from_state], ids=lambda step: str(step.label)
)
def test_a_later_step_leads_back_to_the_state_and_answers_of_before(cast, opportunity, step):
    match = in_state(MatchFactory(opportunity=opportunity, volunteer=cast.samira), step.from_state)
    Match.objects.update(parked_until=date(2026, 12, 24) if step.from_state == "parked" else None)
    match.refresh_from_db()
    before = Match.objects.values().get()
    review.move(match, step.to_state, by=cast.staff, side="staff", now=NOW, **ANSWERS[step.asks])
    undo(last_event(), by=cast.staff, now=SOON)
    assert Match.objects.values().get() == before


def test_the_history_keeps_both(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    decision = last_event()
    match = undo(decision, by=cast.staff, now=SOON)
    with translation.override("en"):
        assert [event.sentence for event in match.events.all()] == [
            "Elif Yildiz accepted the suggestion.",
            "Elif Yildiz took the last decision back.",
        ]
    taken_back = last_event()
    assert (taken_back.undoes, taken_back.from_state, taken_back.to_state) == (decision, "proposed", "")
    assert not match.events.standing().exists()


def test_it_can_be_decided_anew_by_anybody(cast, suggestion, colleague):
    review.accept(suggestion, by=cast.staff, now=NOW)
    undo(last_event(), by=cast.staff, now=SOON)
    match = review.decline(Suggestion.objects.get(), by=colleague, reason="too_far", now=SOON)
    assert (match, match.state) == (Match.objects.get(), "declined")
    assert not Suggestion.objects.exists()


def test_the_candidate_may_still_say_yes(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    undo(last_event(), by=cast.staff, now=SOON)
    assert review.express_interest(suggestion.opportunity, cast.samira, by=cast.samira.user).state == "interested"


def test_the_candidate_was_never_asked(cast, suggestion):
    match = review.accept(suggestion, by=cast.staff, now=NOW)
    undo(last_event(), by=cast.staff, now=SOON)
    assert not Match.objects.known_to_candidate().exists()
    assert tell(match) == []


def test_nobody_waits_less_for_it(cast, suggestion):
    before = with_waiting(Volunteer.objects.filter(pk=cast.samira.pk)).get().waiting_since
    review.decline(suggestion, by=cast.staff, reason="too_far", now=before + timedelta(days=1))
    undo(last_event(), by=cast.staff, now=before + timedelta(days=1))
    assert with_waiting(Volunteer.objects.filter(pk=cast.samira.pk)).get().waiting_since == before


def test_nobody_is_kept_for_it(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    undo(last_event(), by=cast.staff, now=SOON)
    assert not Match.objects.under_way().exists()
    assert not Volunteer.objects.filter(Exists(needed(NOW, "pk"))).exists()


# --- Mails ------------------------------------------------------------------------------------------------------------


def test_a_mail_about_a_decision_waits_as_long_as_that_may_be_taken_back(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    assert Mail.objects.get().due_at == NOW + timedelta(minutes=10)
    assert not Mail.objects.due(SOON).exists()


def test_nobody_hears_of_a_decision_that_was_taken_back(cast, suggestion):
    other = review.accept(SuggestionFactory(opportunity=suggestion.opportunity), by=cast.staff, now=NOW)
    review.accept(suggestion, by=cast.staff, now=NOW)
    undo(last_event(), by=cast.staff, now=SOON)
    assert [f":{other.events.get().pk}:" in mail.key for mail in Mail.objects.all()] == [True]


# --- Places -----------------------------------------------------------------------------------------------------------


def test_a_place_is_free_again(cast, opportunity):
    Opportunity.objects.update(places=1)
    match = MatchFactory(opportunity=opportunity, state="interested")
    review.move(match, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT)
    assert Opportunity.objects.get().status == "filled"
    undo(last_event(), by=cast.staff, now=SOON)
    assert Opportunity.objects.get().status == "published"


def test_an_agreement_comes_back_with_its_days_and_who_is_responsible(cast, opportunity):
    match = MatchFactory(opportunity=opportunity, state="interested")
    placed = review.move(match, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT)
    agreed = placed.snapshot()
    review.move(placed, "ended", by=cast.staff, side="staff", now=NOW, reason="moved", is_thanked=True)
    undo(last_event(), by=cast.staff, now=SOON)
    again = Match.objects.get()
    assert (again.snapshot(), again.responsible, again.is_thanked) == (agreed, cast.staff, False)


def test_a_place_that_was_given_away_is_not_taken_twice(cast, opportunity):
    Opportunity.objects.update(places=1)
    first, second = MatchFactory.create_batch(2, opportunity=opportunity, state="interested")
    first = review.move(first, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT)
    review.move(first, "ended", by=cast.staff, side="staff", now=NOW, reason="moved", is_thanked=True)
    ended = last_event()
    review.move(second, "placed", by=cast.staff, side="staff", now=NOW, **AGREEMENT)
    with pytest.raises(NoPlaceLeft):
        undo(ended, by=cast.staff, now=SOON)
    assert [match.state for match in Match.objects.order_by("pk")] == ["ended", "placed"]


# --- Too late ---------------------------------------------------------------------------------------------------------


def test_after_ten_minutes_it_is_refused(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    with pytest.raises(TooLate):
        undo(last_event(), by=cast.staff, now=LATE)
    assert undoable(cast.staff, LATE) == []
    assert Match.objects.get().state == "proposed"


def test_once_somebody_has_acted_it_is_refused(cast, suggestion):
    match = review.accept(suggestion, by=cast.staff, now=NOW)
    decision = last_event()
    review.express_interest(match.opportunity, cast.samira, by=cast.samira.user, now=SOON)
    with pytest.raises(AlreadyDecided, match=r"Samira H\."):
        undo(decision, by=cast.staff, now=SOON)
    assert undoable(cast.staff, SOON) == []


def test_a_second_press_is_told_that_it_is_done(cast, suggestion):
    review.accept(suggestion, by=cast.staff, now=NOW)
    decision = last_event()
    undo(decision, by=cast.staff, now=SOON)
    with pytest.raises(AlreadyDecided) as told:
        undo(decision, by=cast.staff, now=SOON)
    with translation.override("en"):
        assert "Elif Yildiz took the decision back" in str(told.value)
    with pytest.raises(NoSuchStep):
        undo(last_event(), by=cast.staff, now=SOON)


def test_what_was_decided_together_stands_together(cast, opportunity):
    for suggestion in SuggestionFactory.create_batch(2, opportunity=opportunity):
        review.decline(suggestion, by=cast.staff, reason="too_far", now=NOW)
    review.accept(SuggestionFactory(opportunity=opportunity), by=cast.staff, now=SOON)
    assert [len(deed.events) for deed in undoable(cast.staff, SOON)] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_an_undoing_at_once_one_wins(cast, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    decision = last_event()
    at_once(
        [
            lambda: undo(decision, by=cast.staff),
            lambda: review.move(match, "interested", by=cast.samira.user, side="candidate"),
        ]
    )
    assert Match.objects.get().state in ("", "interested")
    assert MatchEvent.objects.count() == 2
