"""What happened to a match, in sentences for the desk, in the language of whoever reads them."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .agreement import CheckIn, Impression


class Kind(models.TextChoices):
    STEP = "step", _("step")
    CHECK_IN = "check_in", _("check-in")
    FEEDBACK = "feedback", _("feedback")
    UNDONE = "undone", _("taken back")
    THANKS = "thanks", _("thanks")
    RESPONSIBLE = "responsible", _("responsible")


THANKED = "thanked"
# What a note, or a farewell, says in a word.
WORDS = [*CheckIn.choices, *Impression.choices, (THANKED, _("thanked"))]


def sentence(event) -> str:
    """One event, who did it and what came of it, as a whole sentence."""
    words = {
        "who": event.actor,
        "candidate": event.match.candidate,
        "person": event.person or _("somebody"),
        "reason": event.get_reason_display(),
        "until": date_format(event.until, "SHORT_DATE_FORMAT") if event.until else "",
        "day": date_format(event.day, "SHORT_DATE_FORMAT") if event.day else "",
    }
    return pattern(event) % words


def pattern(event):
    if event.kind == Kind.CHECK_IN:
        return CHECK_INS[event.word]
    if event.kind == Kind.FEEDBACK:
        return FEEDBACK[event.side, event.word]
    if event.kind == Kind.UNDONE:
        return TAKEN_BACK
    if event.kind in NOTES:
        return NOTES[event.kind]
    if event.to_state == "ended" and event.reason:
        return ENDINGS[event.word]
    if event.to_state == "interested" and event.side == "candidate":
        return _("%(who)s said: I am interested.")
    return WITH_DAY[event.to_state] if event.day else STEPS[event.to_state]


STEPS = {
    "proposed": _("%(who)s accepted the suggestion."),
    "interested": _("%(who)s noted that the candidate said yes."),
    "trial": _("%(who)s noted that a trial visit is agreed."),
    "placed": _("%(who)s noted the agreement."),
    "ended": _("%(who)s ended the engagement."),
    "parked": _("%(who)s parked it until %(until)s."),
    "declined": _("%(who)s declined: %(reason)s."),
}
WITH_DAY = {
    "trial": _("%(who)s noted that a trial visit is agreed for %(day)s."),
    "placed": _("%(who)s noted the agreement; it begins on %(day)s."),
}
TAKEN_BACK = _("%(who)s took the last decision back.")
ENDINGS = {
    "": _("%(who)s ended the engagement: %(reason)s."),
    THANKED: _("%(who)s ended the engagement: %(reason)s. Thanks were said."),
}
NOTES = {
    Kind.THANKS: _("%(who)s noted that thanks were said."),
    Kind.RESPONSIBLE: _("%(who)s noted that %(person)s is responsible from now on."),
}
CHECK_INS = {
    "goes_well": _("%(who)s asked how it goes: it goes well."),
    "needs_talk": _("%(who)s asked how it goes: a talk is needed."),
    "not_reached": _("%(who)s asked how it goes, and could not reach anybody."),
}
FEEDBACK = {
    ("candidate", "suits"): _("%(candidate)s said after the trial visit: it suits."),
    ("candidate", "unsure"): _("%(candidate)s said after the trial visit: not sure yet."),
    ("candidate", "does_not"): _("%(candidate)s said after the trial visit: it does not suit."),
    ("host", "suits"): _("The host said after the trial visit: it suits."),
    ("host", "unsure"): _("The host said after the trial visit: not sure yet."),
    ("host", "does_not"): _("The host said after the trial visit: it does not suit."),
}
