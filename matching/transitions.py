"""The one table of what may become of a match: who may take which step, what it asks for, and what follows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from engagement.models import User
from organisations.models import Opportunity
from organisations.signals import opportunity_saved

from . import emails
from .models import Accompaniment, Match
from .refusals import LoadReached, NoPlaceLeft, NoSuchStep
from .waiting import UNDER_WAY

State, Side = Match.State, Match.Side
NEW = ""


@dataclass(frozen=True)
class Transition:
    from_state: str
    to_state: str
    side: str
    label: str
    # What the step asks for besides a note, which is always welcome: a key of ``answers.ASKED``.
    asks: str = ""
    # What follows, called with the match and whoever decided. It may still refuse with CannotDecide.
    follows: tuple[Callable[[Match, User | None], None], ...] = ()
    # What follows when staff take the step back within ten minutes (see ``undoing.py``); it may refuse as well.
    undone: tuple[Callable[[Match, User | None], None], ...] = ()


def take_place(match: Match, by: User | None) -> None:
    """The match holds a place from now on; with the last one the opportunity is filled.

    The row of the opportunity is locked before the places are counted, so of many at once only as many get through
    as there are places. Raises NoPlaceLeft.
    """
    opportunity, placed = count_placed(match)
    if opportunity.places is None:
        return
    if placed > opportunity.places:
        raise NoPlaceLeft
    if placed == opportunity.places and opportunity.status == Opportunity.Status.PUBLISHED:
        set_status(opportunity, Opportunity.Status.FILLED, by)


def respect_load(match: Match, by: User | None) -> None:  # noqa: ARG001 (an effect like the others)
    """Nobody is asked to do more than they want, and nobody is placed beyond it.

    Asked: what is under way counts, as in the rule of matching. Placed: agreements count, for whoever is asked about
    several things at once says yes to some of them. There is no "all the same": the number is the candidate's own word
    in their profile, so it is changed there, with them. Their own "I am interested" is never refused.
    The row of the candidate is locked before anything is counted. Raises LoadReached.
    """
    kind = type(match.candidate)
    candidate = kind.objects.select_for_update(no_key=True).get(pk=match.candidate.pk)
    others = candidate.matches.exclude(pk=match.pk)
    counted = Match.TAKES_A_PLACE if match.state == State.PLACED else UNDER_WAY
    load = others.filter(state__in=counted).count()
    if load >= candidate.max_load:
        raise LoadReached(candidate, load)


def accompany(match: Match, by: User | None) -> None:  # noqa: ARG001 (an effect like the others)
    """The agency knows whom it has an agreement with from now on, also when the engagement has ended."""
    if match.volunteer_id:
        Accompaniment.objects.get_or_create(volunteer=match.volunteer, agency_id=match.opportunity.agency_id)


def free_place(match: Match, by: User | None) -> None:
    """The place is free again, and an opportunity that was filled by this one is open again."""
    opportunity, placed = count_placed(match)
    if opportunity.status == Opportunity.Status.FILLED and opportunity.places == placed + 1:
        set_status(opportunity, Opportunity.Status.PUBLISHED, by)


def count_placed(match: Match) -> tuple[Opportunity, int]:
    opportunity = Opportunity.objects.select_for_update(no_key=True).get(pk=match.opportunity_id)
    return opportunity, opportunity.matches.placed().count()


def set_status(opportunity: Opportunity, status: str, by: User | None) -> None:
    opportunity.status = status
    opportunity.save(update_fields=["status", "changed_at"])
    opportunity_saved.send(Opportunity, opportunity=opportunity, by=by)


def steps(from_states: Iterable[str], to_state: str, sides: Iterable[str], label, **more) -> Iterable[Transition]:
    return [Transition(state, to_state, side, label, **more) for state in from_states for side in sides]


BEFORE_AGREEMENT = [State.PROPOSED, State.INTERESTED, State.TRIAL, State.PARKED]
TRANSITIONS = [
    *steps(
        [NEW, State.PARKED],
        State.PROPOSED,
        [Side.STAFF],
        _("Accept"),
        follows=(respect_load, emails.tell_coordinator_of_match),
        undone=(emails.take_back_acceptance,),
    ),
    *steps(
        [State.DECLINED, State.ENDED],
        State.PROPOSED,
        [Side.STAFF],
        _("Take up again"),
        follows=(respect_load, emails.tell_coordinator_of_match),
        undone=(emails.take_back_acceptance,),
    ),
    # The candidate's own word counts in every state before the trial visit, and after a no as well.
    *steps(
        [NEW, State.PROPOSED, State.PARKED, State.DECLINED, State.ENDED],
        State.INTERESTED,
        [Side.CANDIDATE],
        _("I am interested"),
        follows=(emails.tell_coordinator_of_interest,),
    ),
    *steps([State.PROPOSED, State.PARKED], State.INTERESTED, [Side.STAFF], _("The candidate said yes")),
    *steps([State.INTERESTED], State.TRIAL, [Side.STAFF], _("Trial visit agreed"), asks="trial"),
    *steps(
        [State.INTERESTED, State.TRIAL],
        State.PLACED,
        [Side.STAFF],
        _("Agreement made"),
        asks="agreement",
        follows=(respect_load, take_place, accompany),
        undone=(free_place,),
    ),
    *steps(
        [State.PLACED],
        State.ENDED,
        [Side.STAFF],
        _("End"),
        asks="ending",
        follows=(free_place,),
        undone=(take_place,),
    ),
    *steps([State.PLACED], State.ENDED, [Side.CANDIDATE], _("End"), follows=(free_place,)),
    *steps([NEW, *BEFORE_AGREEMENT], State.PARKED, [Side.STAFF], _("Park"), asks="until"),
    *steps([NEW, *BEFORE_AGREEMENT], State.DECLINED, [Side.STAFF], _("Decline"), asks="reason"),
    *steps(BEFORE_AGREEMENT, State.DECLINED, [Side.CANDIDATE], _("No, thank you"), asks="reason"),
    # A host hears of a person only after their yes.
    *steps([State.INTERESTED, State.TRIAL], State.DECLINED, [Side.HOST], _("Decline"), asks="reason"),
]
STEPS = {(step.from_state, step.to_state, step.side): step for step in TRANSITIONS}


def possible_steps(match: Match, side: str) -> list[Transition]:
    """What this side may do now, in the order of the table: the buttons of a page."""
    return [step for step in TRANSITIONS if (step.from_state, step.side) == (match.state, side)]


def find_step(from_state: str, to_state: str, side: str) -> Transition:
    try:
        return STEPS[from_state, to_state, side]
    except KeyError:
        raise NoSuchStep from None
