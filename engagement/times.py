"""The week as 21 slots: seven days with a morning, an afternoon and an evening each.

A slot is a number: three times the weekday (Monday is 0) plus the part of the day (0, 1, 2).
"""

from datetime import date, time

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

PARTS = [_("morning"), _("afternoon"), _("evening")]
# From which hour to which each part lasts.
BOUNDS = [(0, 12), (12, 17), (17, 24)]
DAYS = range(7)
SLOTS = range(len(DAYS) * len(PARTS))


def slot(day: int, part: int) -> int:
    return day * len(PARTS) + part


def slots_between(day: int, start: float, end: float) -> list[int]:
    """The slots of one day that something from one hour to another touches."""
    return [
        slot(day, part) for part, (first, last) in enumerate(BOUNDS) if start < last and (first < end or first <= start)
    ]


def slots_on(day: date, begins: time | None, ends: time | None) -> list[int]:
    """The slots of what happens on ``day``: all of it without a beginning, and only the beginning without an end."""
    if begins is None:
        return slots_between(day.weekday(), 0, 24)
    start, end = (hour.hour + hour.minute / 60 for hour in (begins, ends or begins))
    return slots_between(day.weekday(), start, end)


def label(number: int) -> str:
    """A slot in words, such as "Monday, morning"."""
    return _("%(day)s, %(part)s") % {"day": WEEKDAYS[number // len(PARTS)], "part": PARTS[number % len(PARTS)]}


def long_day(day: date) -> str:
    """A day as people say it, such as "Saturday, 5 December 2026"."""
    return _("%(weekday)s, %(date)s") % {"weekday": WEEKDAYS[day.weekday()], "date": date_format(day)}


def choices() -> list[tuple[int, str]]:
    return [(number, label(number)) for number in SLOTS]


def short_day(day: int) -> str:
    return WEEKDAYS_ABBR[day]
