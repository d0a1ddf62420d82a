"""What is agreed about a match, and when somebody looks after it again."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

TERMS = ("begins_on", "hours_per_week", "contact_name", "ends_on")
# So near a check-in the next one of the plan is left out.
SOON = timedelta(weeks=2)
# How often in a row nobody was reached before somebody should worry.
MISSED = 2


class CheckIn(models.TextChoices):
    """How an engagement goes."""

    GOES_WELL = "goes_well", _("goes well")
    NEEDS_TALK = "needs_talk", _("needs a talk")
    NOT_REACHED = "not_reached", _("could not reach")


class Impression(models.TextChoices):
    """What one side says after a trial visit."""

    SUITS = "suits", _("it suits")
    UNSURE = "unsure", _("not sure yet")
    DOES_NOT = "does_not", _("it does not suit")


class Ending(models.TextChoices):
    """Why an engagement ended: as planned, or one of the reasons of the field for an early end."""

    PLANNED = "planned", _("the planned end")
    NO_ANSWER = "no_answer", _("no answer")
    NEED_ENDED = "need_ended", _("nobody needs it any more")
    COULD_NOT_HELP = "could_not_help", _("it did not help")
    NO_TIME = "no_time", _("not enough time")
    PERSONAL = "personal", _("personal reasons")
    NO_COMMON_TIME = "no_common_time", _("no time in common")
    TECHNICAL = "technical", _("technical reasons")
    LANGUAGE = "language", _("language not sufficient")
    NO_RAPPORT = "no_rapport", _("the people did not get on")
    FOUND_WORK = "found_work", _("found a job")
    MOVED = "moved", _("moved to another place")
    OTHER = "other", _("another reason")


# Whoever was not reached is tried again soon, and who needs a talk is asked afterwards how it went.
AGAIN = {CheckIn.NEEDS_TALK: timedelta(weeks=2), CheckIn.NOT_REACHED: timedelta(weeks=1)}


def checkin_days(begins_on: date) -> Iterator[date]:
    """The plan: four weeks after the beginning, after three months, from then on each half-year."""
    yield begins_on + timedelta(weeks=4)
    for months in count(3, 6):
        yield months_after(begins_on, months)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Agreement(models.Model):
    """The days of a match. Empty means: not so far yet, or not known."""

    trial_on = models.DateField(_("trial visit on"), null=True, blank=True)
    # After the trial visit, and never before it.
    candidate_says = models.CharField(_("the candidate says"), max_length=8, choices=Impression, blank=True)
    host_says = models.CharField(_("the host says"), max_length=8, choices=Impression, blank=True)
    begins_on = models.DateField(_("begins on"), null=True, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    contact_name = models.CharField(_("contact person at the host"), max_length=100, blank=True)
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    is_thanked = models.BooleanField(_("thanked"), default=False)
    # Of the office: whoever took the first step, until somebody else takes over.
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    # While it lasts: the next check-in, and from which day on the one after it would be due as well.
    checkin_due = models.DateField(_("next check-in"), null=True, blank=True)
    checkin_lapses = models.DateField(_("missed from"), null=True, blank=True)
    unreached = models.PositiveSmallIntegerField(_("not reached, in a row"), default=0)

    class Meta:
        abstract = True

    def agree_on_trial(self, day: date) -> None:
        self.trial_on, self.candidate_says, self.host_says = day, "", ""

    def agree_to_begin(self, terms: dict, today: date) -> None:
        """``terms`` are the columns that an agreement has."""
        for name in TERMS:
            setattr(self, name, terms[name])
        self.unreached, self.is_thanked = 0, False
        self.plan_checkin(today)

    def plan_checkin(self, after: date) -> None:
        """The next check-in of the plan later than ``after``; on the planned end, where that comes first."""
        plan = (day for day in checkin_days(self.begins_on or after) if day > after)
        self.checkin_due, self.checkin_lapses = next(plan), next(plan)
        if self.ends_on and after < self.ends_on < self.checkin_due:
            self.checkin_due = self.ends_on

    def check_in(self, how: str, today: date) -> None:
        """The next check-in is the next of the plan; sooner where nobody was reached, or where a talk is needed."""
        self.unreached = self.unreached + 1 if how == CheckIn.NOT_REACHED else 0
        self.plan_checkin(today + SOON)
        if how in AGAIN:
            self.checkin_due, self.checkin_lapses = today + AGAIN[how], self.checkin_due

    def forget_checkins(self) -> None:
        self.checkin_due = self.checkin_lapses = None
        self.unreached = 0

    def forget_agreement(self) -> None:
        """It begins anew."""
        self.trial_on = self.begins_on = self.hours_per_week = self.ends_on = None
        self.candidate_says = self.host_says = self.contact_name = ""
        self.is_thanked = False
        self.forget_checkins()
