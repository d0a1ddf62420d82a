"""What happens once, on one day: how the day goes together with the other answers."""

from django.utils.translation import gettext as _

from engagement import times

from .models import Opportunity


def settle_day(cleaned: dict) -> dict[str, str]:
    """Complete the answers about times by the day; returns what contradicts it, as messages by field.

    The opportunity happens once, is no longer shown after the day, and is found by whoever has time then.
    """
    day = cleaned.get("day")
    found = contradictions(day, cleaned)
    if day and not found:
        hours = (cleaned.get("begins_at"), cleaned.get("ends_at"))
        cleaned["valid_until"] = min(day, cleaned.get("valid_until") or day)
        cleaned["frequency"] = Opportunity.Frequency.ONCE
        cleaned["times"] = cleaned.get("times") or times.slots_on(day, *hours)
    return found


def contradictions(day, cleaned) -> dict[str, str]:
    begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
    found = {}
    if (begins or ends) and not day:
        found["day"] = _("Give the day as well.")
    if day and cleaned.get("frequency") not in (None, "", Opportunity.Frequency.ONCE):
        found["day"] = _("A day is only for what happens once. Leave it empty, or choose “once”.")
    if ends and not begins:
        found["begins_at"] = _("Give the beginning as well.")
    elif begins and ends and ends <= begins:
        found["ends_at"] = _("The end is later than the beginning.")
    return found
