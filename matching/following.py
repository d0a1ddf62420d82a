"""What staff note besides the steps: how a trial visit was, how an engagement goes, thanks, and who is responsible.

Nothing changes its state by that. Each note is a MatchEvent, in one transaction with what follows from it.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from engagement.models import User
from organisations import staffing

from .models import Match
from .models.history import Kind
from .refusals import NoSuchStep, NotedMeanwhile
from .review import check_permission, lock

Side, State = Match.Side, Match.State


def note_checkin(match: Match, how: str, *, by: User, note: str = "", now: datetime | None = None) -> Match:
    """Staff asked how it goes (``Match.CheckIn``). The next check-in has its day (``Agreement.check_in``).

    ``match.checkin_due`` is the day that the person saw: NotedMeanwhile if somebody was first.
    Raises NoSuchStep where nothing is running, and PermissionDenied.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = lock_for(match, by, State.PLACED)
        if row.checkin_due != match.checkin_due:
            raise NotedMeanwhile
        row.check_in(how, timezone.localdate(now))
        row.save()
        row.events.create(kind=Kind.CHECK_IN, at=now, by=by, side=Side.STAFF, word=how, note=note)
        return row


def note_feedback(
    match: Match, side: str, word: str, *, by: User, note: str = "", now: datetime | None = None
) -> Match:
    """Staff heard how the trial visit was (``Match.Impression``), of the candidate or of the host.

    The same again changes nothing; another word replaces the first, and both stay in the history.
    Raises NoSuchStep where there is no trial visit, and PermissionDenied.
    """
    column = {Side.CANDIDATE: "candidate_says", Side.HOST: "host_says"}[Side(side)]
    with transaction.atomic():
        row = lock_for(match, by, State.TRIAL)
        if getattr(row, column) != word:
            setattr(row, column, word)
            row.save()
            at = now or timezone.now()
            row.events.create(kind=Kind.FEEDBACK, at=at, by=by, side=side, word=word, note=note)
        return row


def note_thanks(match: Match, *, by: User, now: datetime | None = None) -> Match:
    """Staff said thank you after the end. Again changes nothing. Raises NoSuchStep and PermissionDenied."""
    with transaction.atomic():
        row = lock_for(match, by, State.ENDED)
        if not row.is_thanked:
            row.is_thanked = True
            row.save()
            row.events.create(kind=Kind.THANKS, at=now or timezone.now(), by=by, side=Side.STAFF)
        return row


def hand_over(match: Match, person: User, *, by: User, now: datetime | None = None) -> Match:
    """From now on ``person`` is responsible: somebody at the desk of the agency that looks after the opportunity.

    Raises PermissionDenied, also where ``person`` is nobody of that desk.
    """
    with transaction.atomic():
        row = lock(match)
        check_permission(row, by, Side.STAFF)
        if not staffing.desk_of(row.opportunity.agency).filter(pk=person.pk).exists():
            raise PermissionDenied
        if row.responsible != person:
            row.responsible = person
            row.save()
            at = now or timezone.now()
            row.events.create(kind=Kind.RESPONSIBLE, at=at, by=by, side=Side.STAFF, person=person)
        return row


def lock_for(match: Match, by: User, state: str) -> Match:
    row = lock(match)
    check_permission(row, by, Side.STAFF)
    if row.state != state:
        raise NoSuchStep
    return row
