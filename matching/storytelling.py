"""A match in the plain words that the candidate reads."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from .models import Match, MatchEvent

State = Match.State
TOLD = {State.PROPOSED, State.INTERESTED}
WORDS = {
    State.PROPOSED: _("We have an idea for you"),
    State.INTERESTED: _("You said yes"),
    State.TRIAL: _("You visit and try it out"),
    State.PLACED: _("You take part"),
    State.PARKED: _("We come back to this later"),
    State.ENDED: _("It has ended. Thank you!"),
}
OWN_NO = _("You said no. That is fine.")
OTHER_NO = _("This time it did not work out. That is not your fault.")


@dataclass(frozen=True)
class Chapter:
    at: datetime
    words: str


def tell(match: Match) -> list[Chapter]:
    """What has happened since the candidate was asked, or asked; what staff did before, or only noted, is not their
    story."""
    events = standing(match.events.all())
    first = next((place for place, event in enumerate(events) if event.to_state in TOLD), len(events))
    return [Chapter(event.at, words(event)) for event in events[first:]]


def standing(events) -> list[MatchEvent]:
    """Without what the office took back within minutes: it never was the candidate's story."""
    undone = {event.undoes_id for event in events}
    return [event for event in events if event.to_state and event.pk not in undone]


def words(event: MatchEvent) -> str:
    if event.to_state == State.DECLINED:
        return OWN_NO if event.side == Match.Side.CANDIDATE else OTHER_NO
    return WORDS[event.to_state]
