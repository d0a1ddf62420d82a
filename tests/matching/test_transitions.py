"""The table of who may take which step, walked through from end to end."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from matching import review
from matching.models import Match, MatchEvent
from matching.refusals import AnswerMissing, NoSuchStep
from matching.transitions import TRANSITIONS, possible_steps
from tests.factories import MatchFactory, OpportunityFactory, SuggestionFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOMORROW = date(2026, 11, 23)
AGREEMENT = {"begins_on": TOMORROW, "contact_name": "Frau Peters", "hours_per_week": 3, "ends_on": None}
ANSWERS = {
    "": {},
    "reason": {"reason": "too_far"},
    "until": {"until": TOMORROW},
    "trial": {"trial_on": TOMORROW},
    "agreement": AGREEMENT,
    "ending": {"reason": "moved", "is_thanked": False},
}
STATES = Match.State.values
SIDES = Match.Side.values


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


@pytest.fixture
def match(cast, opportunity):
    return MatchFactory(opportunity=opportunity, volunteer=cast.samira)


def name(step):
    return f"{step.from_state or 'new'} to {step.to_state} by {step.side}"


def person(cast, side):
    return {"staff": cast.staff, "candidate": cast.samira.user, "host": cast.contact}[side]


def in_state(match, state):
    extra = {"declined_by": "staff", "reason": "other"} if state == "declined" else {}
    Match.objects.filter(pk=match.pk).update(state=state, **extra)
    match.refresh_from_db()
    return match


@pytest.mark.parametrize("step", [step for step in TRANSITIONS if step.from_state], ids=name)
def test_each_step_changes_the_state_and_is_written_down(cast, match, step):
    by = person(cast, step.side)
    in_state(match, step.from_state)
    answers = ANSWERS[step.asks]
    moved = review.move(match, step.to_state, by=by, side=step.side, note="Telefonat", now=NOW, **answers)
    event = MatchEvent.objects.get()
    assert (event.match, event.by, event.side, event.note) == (moved, by, step.side, "Telefonat")
    assert (event.from_state, event.to_state, event.at) == (step.from_state, step.to_state, NOW)
    assert (event.reason, event.until) == (answers.get("reason", ""), answers.get("until"))
    assert event.day == (answers.get("trial_on") or answers.get("begins_on"))
    moved.refresh_from_db()
    assert (moved.state, moved.changed_at) == (step.to_state, NOW)
    assert (moved.reason, moved.parked_until) == (answers.get("reason", ""), answers.get("until"))
    assert moved.declined_by == (step.side if step.to_state == "declined" else "")


@pytest.mark.parametrize("step", [step for step in TRANSITIONS if step.asks], ids=name)
def test_a_step_that_asks_does_nothing_without_an_answer(cast, opportunity, match, step):
    by = person(cast, step.side)
    subject = in_state(match, step.from_state) if step.from_state else SuggestionFactory(opportunity=opportunity)
    for answers in [{}, {"reason": "because"}, {"until": date(2026, 11, 22)}]:
        with pytest.raises(AnswerMissing):
            review.decide(subject, step.to_state, by=by, side=step.side, now=NOW, **answers)
    assert not MatchEvent.objects.exists()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("state", STATES)
def test_what_the_table_does_not_hold_is_impossible(cast, match, state, side):
    in_state(match, state)
    for to in set(STATES) - {step.to_state for step in possible_steps(match, side)}:
        with pytest.raises(NoSuchStep):
            review.move(
                match, to, by=person(cast, side), side=side, reason="other", until=TOMORROW, trial_on=TOMORROW, now=NOW
            )
    assert not MatchEvent.objects.exists()


def test_a_host_hears_of_nobody_before_their_yes():
    assert {step.from_state for step in TRANSITIONS if step.side == "host"} == {"interested", "trial"}


def test_every_step_has_a_person_and_a_refusal_a_reason(cast):
    assert {step.asks for step in TRANSITIONS if step.to_state == "declined"} == {"reason"}
    with pytest.raises(PermissionDenied):
        review.decline(SuggestionFactory(), by=None, reason="other")
    with pytest.raises(IntegrityError, match="declined_has_side_and_reason"):
        MatchFactory(state="declined")
