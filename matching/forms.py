from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from engagement.keys import key_of
from engagement.robots import GuardedForm
from volunteers import consents
from volunteers.forms import PhoneField
from volunteers.models import Consent, Volunteer

from .models import Match

CALL_TIMES = {
    "morning": _("in the morning"),
    "afternoon": _("in the afternoon"),
    "evening": _("in the evening, until 7 pm"),
}


class ContactField(forms.CharField):
    """A phone number or an e-mail address. The value is a pair of the two, one of them empty."""

    default_error_messages = {"required": _("Please tell us your phone number or your e-mail address.")}

    def clean(self, value):
        text = super().clean(value)
        if "@" in text:
            return "", forms.EmailField(max_length=254).clean(text)
        return PhoneField().clean(text), ""


class InterestForm(GuardedForm):
    """ "I am interested" from somebody without a profile: a name, one way to answer, a yes."""

    name = forms.CharField(
        label=_("What is your name?"),
        help_text=_("A nickname is enough."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )
    contact = ContactField(
        label=_("How may we reach you?"),
        help_text=_("Your phone number or your e-mail address."),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    call_times = forms.MultipleChoiceField(
        label=_("When may we call you?"),
        choices=list(CALL_TIMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(
        label=consents.TEXTS[Consent.Purpose.CONTACT],
        error_messages={"required": _("Without your yes we may not answer you. Please tick the box.")},
    )

    def clean_call_times(self):
        # The office reads it, whatever the language of the page.
        with override(settings.LANGUAGE_CODE):
            return ", ".join(str(CALL_TIMES[part]) for part in self.cleaned_data["call_times"])

    def person(self) -> dict:
        phone, email = self.cleaned_data["contact"]
        told = {name: self.cleaned_data[name] for name in ["name", "call_times"]}
        return {**told, "phone": phone, "email": email}


class CandidateForm(forms.Form):
    """Who is interested: oneself, or an association one speaks for."""

    candidate = forms.ChoiceField(label=_("Who is interested?"), widget=forms.RadioSelect)

    def __init__(self, candidates, data=None):
        super().__init__(data)
        self.candidates = {key_of(candidate): candidate for candidate in candidates}
        field = self.fields["candidate"]
        field.choices = [(key, str(candidate)) for key, candidate in self.candidates.items()]
        if len(self.candidates) == 1:
            field.required, field.widget = False, forms.HiddenInput()

    def chosen(self):
        return self.candidates.get(self.cleaned_data.get("candidate")) or next(iter(self.candidates.values()))


class IdeaForm(CandidateForm):
    """What one may say to an idea besides yes."""

    answer = forms.ChoiceField(choices=[("later", _("Not now")), ("never", _("Never this kind"))])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == "never" and not isinstance(self.chosen(), Volunteer):
            self.add_error("answer", _("Please choose yes or no."))
        return cleaned


class AnswerForm(forms.Form):
    """Yes or no to a proposal; a no needs no reason, but may have one."""

    OWN_REASONS = ["no_common_time", "too_far", "language", "other_task", "too_much", "other"]

    answer = forms.ChoiceField(choices=[("yes", _("Yes, gladly")), ("no", _("No, thank you"))])
    reason = forms.ChoiceField(
        label=_("Would you like to tell us why?"),
        choices=[("", _("I would rather not say")), *((key, Match.Reason(key).label) for key in OWN_REASONS)],
        required=False,
    )

    def clean_reason(self):
        return self.cleaned_data["reason"] or Match.Reason.NOT_WANTED
