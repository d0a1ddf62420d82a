"""How long what is kept. The one table: a nightly task keeps it (``matching/personal/retention.py``), and everybody
reads it on the page about data protection."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Day = TypeVar("Day", date, datetime)


def months_later(day: Day, months: int) -> Day:
    """The same day of a later month, or its last one; of an earlier month where ``months`` is negative."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Period:
    """What is kept, in words, and for how many days or months."""

    what: str | Promise
    days: int = 0
    months: int = 0

    def before(self, now: datetime) -> datetime:
        """Whatever ended at this moment or earlier has been kept long enough."""
        return months_later(now - timedelta(days=self.days), -self.months)

    @property
    def length(self) -> str:
        if self.months:
            return ngettext("%(number)d month", "%(number)d months", self.months) % {"number": self.months}
        return ngettext("%(number)d day", "%(number)d days", self.days) % {"number": self.days}


MAILS = Period(_("A mail that we sent to you"), days=30)
UNCONFIRMED = Period(_("An account or a saved search that nobody confirmed"), days=7)
VISITS = Period(_("Your yes without an account, after it is over"), days=90)
# At this time we ask, and only half a year after the question do we delete.
ASKED = Period(_("A profile that you do not use: then we ask you"), months=12)
UNUSED = Period(_("A profile that you do not use, if you do not answer: then we delete it"), months=18)
# § 72a Abs. 5 SGB VIII.
INSPECTIONS = Period(_("The note that we saw a paper of yours, after your task has ended"), months=3)
DESK = Period(_("The note who of our staff changed or saw what"), months=12)

PERIODS = [MAILS, UNCONFIRMED, VISITS, ASKED, UNUSED, INSPECTIONS, DESK]
