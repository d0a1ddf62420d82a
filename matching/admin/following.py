"""What staff note on the page of a match besides the steps, as forms; ``matching/following.py`` does it."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.models import User
from organisations import staffing

from .. import following
from ..models import Match


class MatchForm(forms.Form):
    """One press on the page of a match. ``keep`` does it and returns what to say; ``refused`` says what is missing."""

    def __init__(self, match: Match, data=None):
        super().__init__(data, auto_id="note-%s")
        self.match = match

    @property
    def refused(self) -> list[str]:
        """As a message: a press has no field beside which an error could stand."""
        return [error for errors in self.errors.values() for error in errors]


class NoteForm(MatchForm):
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

    def keep(self, by: User) -> str:
        self.match.checkin_due = self.cleaned_data["seen"]
        following.note_checkin(self.match, self.cleaned_data["how"], by=by, note=self.cleaned_data["note"])
        return gettext("Noted. The next check-in has its day.")


class FeedbackForm(NoteForm):
    """How the trial visit was, for one side or for both at once."""

    candidate_says = forms.ChoiceField(choices=Match.Impression.choices, required=False)
    host_says = forms.ChoiceField(choices=Match.Impression.choices, required=False)
    SIDES = {"candidate_says": Match.Side.CANDIDATE, "host_says": Match.Side.HOST}

    def keep(self, by: User) -> str:
        note = self.cleaned_data["note"]
        for name, side in self.SIDES.items():
            if word := self.cleaned_data[name]:
                following.note_feedback(self.match, side, word, by=by, note=note)
                # One note is told once.
                note = ""
        return gettext("Noted.")


class ThanksForm(MatchForm):
    def keep(self, by: User) -> str:
        following.note_thanks(self.match, by=by)
        return gettext("Noted.")


class ResponsibleForm(MatchForm):
    """Somebody else of the office looks after it."""

    responsible = forms.ModelChoiceField(User.objects.none(), label=_("Responsible"), empty_label=None)

    def __init__(self, match: Match, data=None):
        super().__init__(match, data)
        self.initial["responsible"] = match.responsible_id
        self.fields["responsible"].queryset = staffing.desk_of(match.opportunity.agency).order_by("name", "email")

    def keep(self, by: User) -> str:
        person = self.cleaned_data["responsible"]
        following.hand_over(self.match, person, by=by)
        return gettext("%(person)s is responsible from now on.") % {"person": person}


# The kinds of forms on the page, by the hidden field that says which one was sent.
NOTES = {"checkin": CheckInForm, "feedback": FeedbackForm, "thanks": ThanksForm, "responsible": ResponsibleForm}


class ResponsibleFilter(admin.SimpleListFilter):
    title = _("responsible")
    parameter_name = "responsible"

    def lookups(self, request, model_admin):  # noqa: ARG002 (Django's signature)
        return [("me", _("I am"))]

    def queryset(self, request, queryset):
        return queryset.filter(responsible=request.user) if self.value() == "me" else queryset
