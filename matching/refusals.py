"""Why a decision did not happen, in a sentence for whoever wanted it."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import Match


class CannotDecide(Exception):
    """Why a decision did not happen; ``str()`` is a sentence for the person who wanted it."""


class AlreadyDecided(CannotDecide):
    """Somebody was first. ``match`` is what they made of it, and ``event`` says who and when."""

    def __init__(self, match: Match):
        self.match = match
        self.event = match.events.exclude(to_state="", undoes=None).select_related("by").last()
        super().__init__(match)

    @property
    def at(self) -> datetime:
        return self.event.at if self.event else self.match.changed_at

    def __str__(self):
        if self.event and self.event.undoes_id:
            return _("%(candidate)s: %(name)s took the decision back on %(date)s.") % self.words
        return _("%(candidate)s: %(name)s decided first, on %(date)s. The state is now “%(state)s”.") % self.words

    @property
    def words(self) -> dict:
        return {
            "candidate": self.match.candidate,
            "name": self.event.actor if self.event else _("somebody"),
            "date": date_format(timezone.localtime(self.at), "SHORT_DATETIME_FORMAT"),
            "state": self.match.get_state_display(),
        }


class NoSuchStep(CannotDecide):
    def __str__(self):
        return _("This step is not possible from here.")


class NoPlaceLeft(CannotDecide):
    def __str__(self):
        return _("All places of this opportunity are taken.")


class LoadReached(CannotDecide):
    """``load`` engagements of ``candidate`` are as many as they want."""

    def __init__(self, candidate, load: int):
        self.candidate, self.load = candidate, load
        super().__init__(candidate, load)

    def __str__(self):
        return _(
            "%(candidate)s has %(load)s of at most %(most)s engagements. Please ask first; whoever wants more changes "
            "the number in the profile."
        ) % {"candidate": self.candidate, "load": self.load, "most": self.candidate.max_load}


class NotedMeanwhile(CannotDecide):
    """Somebody noted the same check-in a moment ago."""

    def __str__(self):
        return _("Somebody has noted this check-in already.")


class AnswerMissing(CannotDecide):
    """``field`` is what the step asks for: ``reason``, ``until``, another day or a name."""

    def __init__(self, field: str):
        self.field = field
        super().__init__(field)

    def __str__(self):
        if self.field == "until":
            return _("Please choose a day after today.")
        if self.field == "reason":
            return _("Please choose a reason.")
        if self.field == "contact_name":
            return _("Please name a contact person.")
        if self.field == "ends_on":
            return _("The end comes after the beginning.")
        return _("Please choose a day, some years ago at most and not more than two years ahead.")
