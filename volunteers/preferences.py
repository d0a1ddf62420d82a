"""What a person wants of us: a break, the language we write in, ideas by e-mail or none, and what we never suggest."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.choices import MailLanguageField
from engagement.models import Field

from . import consents
from .models import Consent, Volunteer
from .signals import volunteer_saved


def refuse(volunteer: Volunteer, field: Field, *, by) -> None:
    """Nothing of this field is suggested any more; it is no wish of theirs any longer either."""
    volunteer.fields.remove(field)
    volunteer.refused_fields.add(field)
    volunteer_saved.send(Volunteer, volunteer=volunteer, by=by)


class PreferencesForm(forms.ModelForm):
    """``pause`` and ``paused_until`` are one question: whether there is a break, and how long."""

    NONE, OPEN, UNTIL = "no", "open", "until"
    pause = forms.ChoiceField(
        label=_("Do you need a break?"),
        help_text=_("In a break we suggest nothing to you."),
        choices=[(NONE, _("No")), (OPEN, _("Yes, until I come back")), (UNTIL, _("Yes, until a certain day"))],
        widget=forms.RadioSelect,
    )
    paused_until = forms.DateField(
        label=_("Until which day?"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    language = MailLanguageField()
    ideas = forms.BooleanField(label=consents.TEXTS[Consent.Purpose.IDEAS], required=False)
    refused_fields = forms.ModelMultipleChoiceField(
        queryset=Field.objects.all(),
        label=_("This is what we never suggest to you"),
        help_text=_("Take a tick away, and we suggest it again."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_mostly_optional = True

    class Meta:
        model = Volunteer
        fields = ["language", "refused_fields"]

    field_order = ["pause", "paused_until", "language", "ideas", "refused_fields"]

    def __init__(self, data=None, *, instance):
        super().__init__(data, instance=instance)
        self.initial["pause"] = self.OPEN if instance.is_paused else self.UNTIL if instance.has_break else self.NONE
        self.initial["paused_until"] = instance.paused_until
        self.initial["ideas"] = consents.has(instance, Consent.Purpose.IDEAS)
        self.fields["refused_fields"].queryset = instance.refused_fields.all()
        if not self.initial["refused_fields"]:
            del self.fields["refused_fields"]

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("paused_until")
        is_past = day is None or day <= timezone.localdate()
        if cleaned.get("pause") == self.UNTIL and is_past and "paused_until" not in self.errors:
            self.add_error("paused_until", _("Please choose a day after today."))
        return cleaned

    def save(self, *, by):
        pause = self.cleaned_data["pause"]
        self.instance.is_paused = pause == self.OPEN
        self.instance.paused_until = self.cleaned_data["paused_until"] if pause == self.UNTIL else None
        volunteer = super().save()
        change = consents.record if self.cleaned_data["ideas"] else consents.withdraw
        change(volunteer, Consent.Purpose.IDEAS)
        # Mails about the account come in the same language.
        by.language = volunteer.language
        by.save(update_fields=["language"])
        volunteer_saved.send(Volunteer, volunteer=volunteer, by=by)
