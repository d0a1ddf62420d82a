"""Staff take back what they have just decided: for ten minutes, and as long as nobody has acted since.

The history keeps both, the decision and that it was taken back; everything else is as it was before.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import User

from .explaining import explain
from .models import CandidateRecord, Match, MatchEvent, Suggestion
from .models.history import Kind
from .refusals import AlreadyDecided, CannotDecide
from .review import check_permission, lock, named
from .tasks import request_rescoring
from .transitions import NEW, find_step

ACCEPTED = gettext_lazy("accepted")


class TooLate(CannotDecide):
    def __str__(self):
        return _("A decision can be taken back for ten minutes only. Please take the next step instead.")


def undo(event: MatchEvent, *, by: User, now: datetime | None = None) -> Match:
    """Take back one's own decision. Returns the match in the state of before; the first decision on a pair leaves it
    without a state, and the pair is suggested again.

    Raises PermissionDenied, AlreadyDecided (somebody acted since, or it was taken back already), TooLate, and
    NoPlaceLeft where the place has been given away.
    """
    now = now or timezone.now()
    with transaction.atomic():
        match = lock(event.match)
        check_permission(match, by, Match.Side.STAFF)
        if (event.by, event.side) != (by, Match.Side.STAFF):
            raise PermissionDenied
        step = find_step(event.from_state, event.to_state, event.side)
        if match.events.last() != event:
            raise AlreadyDecided(match)
        if now > event.undo_until:
            raise TooLate
        return take_back(match, event, step, now)


def take_back(match, event, step, now):
    match.put_back(event.before)
    for effect in step.undone:
        effect(match, event.by)
    match.events.create(at=now, by=event.by, side=event.side, kind=Kind.UNDONE, from_state=event.to_state, undoes=event)
    if match.state == NEW:
        suggest_again(match)
    request_rescoring(volunteer=match.volunteer, organisation=match.organisation, opportunity=match.opportunity)
    return match


def suggest_again(match: Match) -> None:
    """The suggestion, as the rule sees the pair now, so that it is there at once; the worker puts it in its place."""
    home = CandidateRecord.objects.filter(**named(match.candidate)).first()
    told = explain(match.opportunity, match.candidate)
    if home and told.weights and not told.obstacles:
        values = dict.fromkeys(["score", "standing", "appeal"], told.total)
        version = {"rule_version": told.weights.version, "region": home.region}
        pair = {"opportunity": match.opportunity, **named(match.candidate)}
        Suggestion.objects.get_or_create(**pair, defaults={**values, **told.points, **version})


@dataclass
class Deed:
    """What somebody decided with one press, for one candidate or for several."""

    events: list[MatchEvent]

    @property
    def words(self) -> str:
        names = ", ".join(str(event.match.candidate) for event in self.events)
        deed = ACCEPTED if self.to_state == Match.State.PROPOSED else self.events[0].get_to_state_display()
        return _("%(names)s: %(deed)s") % {"names": names, "deed": deed}

    @property
    def to_state(self) -> str:
        return self.events[0].to_state

    @property
    def until(self) -> datetime:
        return self.events[0].undo_until


def undoable(user: User, now: datetime | None = None) -> list[Deed]:
    """What ``user`` may take back now, the latest first: decisions that were taken together stand together."""
    since = (now or timezone.now()) - MatchEvent.UNDO_FOR
    own = MatchEvent.objects.standing().filter(by=user, side=Match.Side.STAFF, at__gt=since)
    own = own.select_related("match__volunteer", "match__organisation").order_by("-at", "pk")
    groups: dict = {}
    later = MatchEvent.objects.filter(match=OuterRef("match"), pk__gt=OuterRef("pk"))
    for event in own.exclude(Exists(later)):
        groups.setdefault((event.at, event.to_state), []).append(event)
    return [Deed(events) for events in groups.values()]
