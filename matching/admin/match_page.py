"""What the page of a match shows besides its forms: the way it has gone, and the mails about it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from volunteers.models import Volunteer

from ..emails import about_events
from ..models import Match, MatchEvent
from ..waiting import UNDER_WAY

State = Match.State
PATH = [State.PROPOSED, State.INTERESTED, State.TRIAL, State.PLACED, State.ENDED]


@dataclass(frozen=True)
class Stop:
    """A state on the way. ``kind`` is "done", "now", "skipped" or "", which means "not yet"."""

    label: str
    at: datetime | None
    kind: str


def path(match: Match, events: list[MatchEvent]) -> list[Stop]:
    """From the first question to the farewell. Where it was declined or parked, that stands where it left the way."""
    undone = {event.undoes_id for event in events}
    reached = {event.to_state: event.at for event in events if event.to_state and event.pk not in undone}
    if match.state in PATH:
        here = PATH.index(match.state)
        return stops(PATH[:here], reached) + [now(match, reached)] + coming(PATH[here + 1 :])
    left = max((PATH.index(state) for state in reached if state in PATH), default=-1) + 1
    still_open = coming(PATH[left:]) if match.state == State.PARKED else []
    return stops(PATH[:left], reached) + [now(match, reached)] + still_open


def stops(states: list, reached: dict) -> list[Stop]:
    return [Stop(state.label, reached.get(state), "done" if state in reached else "skipped") for state in states]


def now(match: Match, reached: dict) -> Stop:
    return Stop(match.get_state_display(), reached.get(match.state, match.changed_at), "now")


def coming(states: list) -> list[Stop]:
    return [Stop(state.label, None, "") for state in states]


def mails(match: Match) -> list:
    """The mails about it and what became of them, the oldest first."""
    return list(about_events(match.events).order_by("created_at", "pk").defer("text", "html"))


def shows_contact(match: Match) -> bool:
    """How to reach somebody is shown while there is something to talk about; afterwards, the profile knows it."""
    return match.state in (*UNDER_WAY, State.PARKED)


def tongues(candidate) -> list:
    """The languages in which somebody can be called and spoken to: all that they speak, the best first."""
    is_person = isinstance(candidate, Volunteer)
    spoken = candidate.spoken_languages if is_person else candidate.member_languages
    return list(spoken.select_related("language").order_by(F("level").desc(nulls_last=True), "language__code"))
