"""Proofs that somebody showed: the day, who saw them, and when to look again."""

import calendar
from datetime import date

from django.utils import timezone


def note(inspection, *, by, today=None):
    """Complete a new inspection by itself: seen today by ``by``, to be looked at again after the proof's months."""
    inspection.seen_on = today or timezone.localdate()
    inspection.seen_by = by
    months = inspection.proof.recheck_months
    inspection.recheck_on = months_later(inspection.seen_on, months) if months else None


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
