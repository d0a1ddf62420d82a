"""What a step asks for: the answers of people, as columns of the match."""

from collections.abc import Callable
from datetime import date, timedelta

from .models import Match
from .refusals import AnswerMissing

# A trial visit or a beginning may be written down some time later, or planned some time ahead.
LATEST = timedelta(days=2 * 366)
EARLIEST = timedelta(days=10 * 366)


def nothing(answers: dict, today: date) -> dict:  # noqa: ARG001 (an answer like the others)
    return {}


def reason(answers: dict, today: date) -> dict:  # noqa: ARG001 (an answer like the others)
    if answers.get("reason") not in Match.Reason.values:
        raise AnswerMissing("reason")
    return {"reason": answers["reason"]}


def until(answers: dict, today: date) -> dict:
    if answers.get("until") is None or answers["until"] <= today:
        raise AnswerMissing("until")
    return {"until": answers["until"]}


def trial(answers: dict, today: date) -> dict:
    return {"trial_on": day(answers, "trial_on", today)}


def agreement(answers: dict, today: date) -> dict:
    """What an agreement needs. Hours that are not told are "as needed"; an end that is not told is open."""
    begins_on, ends_on = day(answers, "begins_on", today), answers.get("ends_on")
    contact_name, hours = (answers.get("contact_name") or "").strip(), answers.get("hours_per_week")
    if not contact_name:
        raise AnswerMissing("contact_name")
    if ends_on is not None and ends_on < begins_on:
        raise AnswerMissing("ends_on")
    return {"begins_on": begins_on, "hours_per_week": hours, "contact_name": contact_name, "ends_on": ends_on}


def ending(answers: dict, today: date) -> dict:  # noqa: ARG001 (an answer like the others)
    if answers.get("reason") not in Match.Ending.values:
        raise AnswerMissing("reason")
    return {"reason": answers["reason"], "is_thanked": bool(answers.get("is_thanked"))}


def day(answers: dict, name: str, today: date) -> date:
    found = answers.get(name)
    if found is None or not today - EARLIEST <= found <= today + LATEST:
        raise AnswerMissing(name)
    return found


ASKED: dict[str, Callable[[dict, date], dict]] = {
    "": nothing,
    "reason": reason,
    "until": until,
    "trial": trial,
    "agreement": agreement,
    "ending": ending,
}


def answers_to(asks: str, answers: dict, today: date) -> dict:
    """The answers that a step asks for, and no others. Raises AnswerMissing for the first that is not there."""
    return ASKED[asks](answers, today)
