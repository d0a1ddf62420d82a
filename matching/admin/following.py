"""What staff note on the page of a match, besides the steps: how the trial visit was, and how it goes."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import checkins
from ..models import Match


class NoteForm(forms.Form):
    """A press on a word, and a note for whoever looks after it next."""

    note = forms.CharField(
        label=_("Short note, nothing about other people"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class CheckInForm(NoteForm):
    """How it goes. ``seen`` is the day of the check-in that the page showed."""

    how = forms.ChoiceField(choices=Match.CheckIn.choices)
    seen = forms.DateField(required=False)

    def keep(self, match: Match, by) -> str:
        """Returns what to say."""
        match.checkin_due = self.cleaned_data["seen"]
        checkins.note_checkin(match, self.cleaned_data["how"], by=by, note=self.cleaned_data["note"])
        return gettext("Noted. The next check-in has its day.")


class FeedbackForm(NoteForm):
    """How the trial visit was, for one side or for both at once."""

    candidate_says = forms.ChoiceField(choices=Match.Impression.choices, required=False)
    host_says = forms.ChoiceField(choices=Match.Impression.choices, required=False)
    SIDES = {"candidate_says": Match.Side.CANDIDATE, "host_says": Match.Side.HOST}

    def keep(self, match: Match, by) -> str:
        note = self.cleaned_data["note"]
        for name, side in self.SIDES.items():
            if word := self.cleaned_data[name]:
                checkins.note_feedback(match, side, word, by=by, note=note)
                # One note is told once.
                note = ""
        return gettext("Noted.")


# The kinds of forms on the page, by the hidden field that says which one was sent.
NOTES = {"checkin": CheckInForm, "feedback": FeedbackForm}


class FollowUpFilter(admin.SimpleListFilter):
    """What somebody has to look after now: where the desk leads to."""

    title = _("to look after")
    parameter_name = "follow_up"
    QUERIES = {"trial": "trials_to_follow_up", "checkin": "due_for_checkin", "missed": "flagged"}

    def lookups(self, request, model_admin):  # noqa: ARG002 (Django's signature)
        return [
            ("trial", _("after a trial visit")),
            ("checkin", _("check-ins that are due")),
            ("missed", _("two check-ins missed")),
        ]

    def queryset(self, request, queryset):  # noqa: ARG002 (Django's signature)
        name = self.QUERIES.get(self.value() or "")
        return getattr(queryset, name)() if name else queryset
