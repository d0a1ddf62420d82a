"""The week as 21 slots: seven days with a morning, an afternoon and an evening each.

A slot is a number: three times the weekday (Monday is 0) plus the part of the day (0, 1, 2).
"""

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

PARTS = [_("morning"), _("afternoon"), _("evening")]
DAYS = range(7)
SLOTS = range(len(DAYS) * len(PARTS))


def slot(day: int, part: int) -> int:
    return day * len(PARTS) + part


def label(number: int) -> str:
    """A slot in words, such as "Monday, morning"."""
    return _("%(day)s, %(part)s") % {"day": WEEKDAYS[number // len(PARTS)], "part": PARTS[number % len(PARTS)]}


def choices() -> list[tuple[int, str]]:
    return [(number, label(number)) for number in SLOTS]


def short_day(day: int) -> str:
    return WEEKDAYS_ABBR[day]
