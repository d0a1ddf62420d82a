"""What people decide: the one place where a match changes its state.

Every change is a row of the table in ``transitions.py``, is written down as a MatchEvent, and happens in one
transaction with all that follows from it. A person decides each step (Article 22 GDPR); the machine only suggests. The
first decision wins: whoever comes second gets ``AlreadyDecided``, and nothing of the first is lost.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.models import User
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .answers import answers_to
from .models import Match, Suggestion
from .models.history import THANKED
from .refusals import AlreadyDecided
from .tasks import request_rescoring
from .transitions import NEW, STEPS, Transition, find_step, possible_steps

State, Side = Match.State, Match.Side
Candidate = Volunteer | Organisation


def accept(subject: Suggestion | Match, *, by: User, note: str = "", now: datetime | None = None) -> Match:
    """Staff want to ask this candidate: the match is *proposed*, the suggestion is gone, the coordinator gets a mail.

    Takes a suggestion, or a match that was parked. Raises AlreadyDecided and PermissionDenied.
    """
    return decide(subject, State.PROPOSED, by=by, note=note, now=now)


def decline(
    subject: Suggestion | Match,
    *,
    by: User,
    reason: str,
    side: str = Side.STAFF,
    note: str = "",
    now: datetime | None = None,
) -> Match:
    """It does not fit, for a reason of the closed list. The pair is not suggested again.

    Raises AlreadyDecided, AnswerMissing, NoSuchStep and PermissionDenied.
    """
    return decide(subject, State.DECLINED, by=by, side=side, reason=reason, note=note, now=now)


def park(subject: Suggestion | Match, *, by: User, until: date, note: str = "", now: datetime | None = None) -> Match:
    """Not now. From the day ``until`` on it stands in the queue again (``Match.objects.returned()``).

    No task is needed for that, and nothing changes by itself: a person decides again.
    Raises AlreadyDecided, AnswerMissing (the day is not after today), NoSuchStep and PermissionDenied.
    """
    return decide(subject, State.PARKED, by=by, until=until, note=note, now=now)


def express_interest(
    opportunity: Opportunity, candidate: Candidate, *, by: User | None = None, now: datetime | None = None
) -> Match:
    """The candidate says "I am interested": the match is *interested* from the start, or becomes so; the coordinator
    gets a mail.

    Saying it again, or when things have gone further, changes nothing and returns the match as it is.
    ``by`` is the candidate's account; None only for a volunteer without one. Raises PermissionDenied.
    """
    match = find(opportunity, candidate)
    if match is None:
        try:
            return begin(opportunity, candidate, State.INTERESTED, by=by, side=Side.CANDIDATE, now=now)
        except AlreadyDecided as first:
            match = first.match
    with transaction.atomic():
        match = lock(match)
        check_permission(match, by, Side.CANDIDATE)
        step = STEPS.get((match.state, State.INTERESTED, Side.CANDIDATE))
        return take(match, step, by=by, now=now) if step else match


def move(
    match: Match,
    to: str,
    *,
    by: User | None,
    side: str,
    note: str = "",
    now: datetime | None = None,
    **answers,
) -> Match:
    """Take one step of the table. Returns the match in its new state; what follows is written in the table.

    ``answers`` are what the step asks for (``answers.py``), by name; others are ignored.

    ``match.state`` is the state that the person saw: AlreadyDecided if somebody has changed it meanwhile.
    Raises NoSuchStep, AnswerMissing, NoPlaceLeft and PermissionDenied as well; then nothing has changed.
    """
    with transaction.atomic():
        row = lock(match)
        check_permission(row, by, side)
        if row.state != match.state:
            raise AlreadyDecided(row)
        step = find_step(row.state, to, side)
        return take(row, step, by=by, note=note, now=now, **answers)


def leave(match: Match, *, by: User | None) -> Match:
    """The candidate wants no more of it, whatever came of it: declined before an agreement, ended after it.

    What is over already stays as it is. Raises PermissionDenied.
    """
    with transaction.atomic():
        row = lock(match)
        for step in possible_steps(row, Side.CANDIDATE):
            if step.to_state in (State.DECLINED, State.ENDED):
                return move(row, step.to_state, by=by, side=Side.CANDIDATE, reason=Match.Reason.NOT_WANTED)
    return row


def decide(subject: Suggestion | Match, to: str, *, side: str = Side.STAFF, **answers) -> Match:
    if isinstance(subject, Match):
        return move(subject, to, side=side, **answers)
    return begin(subject.opportunity, subject.candidate, to, side=side, **answers)


def begin(opportunity: Opportunity, candidate: Candidate, to: str, *, by: User | None, side: str, **answers) -> Match:
    """The first act on a pair, or the first since it was undone. The unique pair lets one of several at once win."""
    origin = Match.Origin.SUGGESTION if side == Side.STAFF else Match.Origin.INTEREST
    match = Match(opportunity=opportunity, origin=origin, **named(candidate))
    check_permission(match, by, side)
    step = find_step(NEW, to, side)
    try:
        with transaction.atomic():
            return take(match, step, by=by, **answers)
    except IntegrityError:
        first = find(opportunity, candidate)
        if first is None:
            raise
        if first.state == NEW:
            return move(first, to, by=by, side=side, **answers)
        raise AlreadyDecided(first) from None


def take(
    match: Match, step: Transition, *, by: User | None, note: str = "", now: datetime | None = None, **answers
) -> Match:
    """Write the new state and its event, forget the suggestion, and let the rest follow."""
    now = now or timezone.now()
    given = answers_to(step.asks, answers, timezone.localdate(now))
    before = match.snapshot()
    enter(match, step, given, by, now)
    match.events.create(
        at=now,
        by=by,
        side=step.side,
        from_state=step.from_state,
        to_state=step.to_state,
        reason=match.reason,
        until=match.parked_until,
        day=given.get("trial_on") or given.get("begins_on"),
        word=THANKED if given.get("is_thanked") else "",
        note=note,
        before=before,
    )
    was_suggested = forget_suggestion(match)
    for effect in step.follows:
        effect(match, by)
    score_again(match, step, was_suggested)
    return match


def enter(match: Match, step: Transition, given: dict, by: User | None, now: datetime) -> None:
    """The match is in the state of the step, with the answers of this step and no longer those of another.

    Whoever takes the first step at the desk is responsible, until somebody else is named (``following.py``).
    """
    match.state, match.changed_at = step.to_state, now
    match.parked_until, match.reason = given.get("until"), given.get("reason", "")
    match.declined_by = step.side if step.to_state == State.DECLINED else ""
    if step.side == Side.STAFF:
        match.responsible = match.responsible or by
    agree(match, given, timezone.localdate(now))
    match.save()


def agree(match: Match, given: dict, today: date) -> None:
    """The days of the match: a trial visit has one; while it lasts somebody asks after it; who begins anew forgets."""
    if match.state == State.TRIAL:
        match.agree_on_trial(given["trial_on"])
    elif match.state == State.PLACED:
        match.agree_to_begin(given, today)
    elif match.state in (State.PROPOSED, State.INTERESTED):
        match.forget_agreement()
    else:
        match.is_thanked = given.get("is_thanked", False)
        match.forget_checkins()


def forget_suggestion(match: Match) -> bool:
    """Whether there was one."""
    gone, _rows = Suggestion.objects.filter(opportunity=match.opportunity_id, **named(match.candidate)).delete()
    return gone > 0


def score_again(match: Match, step: Transition, was_suggested: bool) -> None:
    """The candidate always, for what they carry has changed. The opportunity where a place was taken or freed, where
    somebody said yes, which makes it less in need of others, and where a suggestion is gone, so that the next best
    moves up."""
    is_place_concerned = (step.from_state in Match.TAKES_A_PLACE) != (step.to_state in Match.TAKES_A_PLACE)
    is_yes = step.to_state == State.INTERESTED
    request_rescoring(
        volunteer=match.volunteer,
        organisation=match.organisation,
        opportunity=match.opportunity if was_suggested or is_place_concerned or is_yes else None,
    )


def check_permission(match: Match, by: User | None, side: str) -> None:
    """Staff of the agency that looks after the opportunity, the candidate, the host: each for their own side only."""
    if not PERMISSIONS[Side(side)](match, by):
        raise PermissionDenied


def is_staff_of_agency(match: Match, by: User | None) -> bool:
    if by is None or not (by.is_active and by.is_staff):
        return False
    return by.is_superuser or by.memberships.filter(organisation=match.opportunity.agency_id).exists()


def is_candidate(match: Match, by: User | None) -> bool:
    if match.volunteer:
        return match.volunteer.user_id == (by and by.pk)
    return by is not None and by.memberships.filter(organisation=match.organisation_id).exists()


def is_host(match: Match, by: User | None) -> bool:
    return by is not None and by.memberships.filter(organisation=match.opportunity.host_id).exists()


PERMISSIONS = {Side.STAFF: is_staff_of_agency, Side.CANDIDATE: is_candidate, Side.HOST: is_host}


def find(opportunity: Opportunity, candidate: Candidate) -> Match | None:
    return Match.objects.filter(opportunity=opportunity, **named(candidate)).first()


def lock(match: Match) -> Match:
    """The row as it is now, ours until the transaction ends."""
    return Match.objects.select_for_update(no_key=True).get(pk=match.pk)


def named(candidate: Candidate) -> dict:
    """The two columns of which one holds the candidate."""
    is_person = isinstance(candidate, Volunteer)
    return {"volunteer": candidate if is_person else None, "organisation": None if is_person else candidate}
