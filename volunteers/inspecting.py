"""Proofs that somebody showed: the date on them, the day they were seen, who saw them, and when to look again."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models import Proof
from engagement.periods import months_later

from .models import ProofInspection

# A certificate of good conduct must be fresh when it is shown (§ 72a SGB VIII, by agreement with the youth offices).
FRESH_MONTHS = 3


class InspectionForm(forms.ModelForm):
    """One press notes that a proof was seen and nothing in it speaks against the engagement."""

    class Meta:
        model = ProofInspection
        fields = ["proof", "issued_on", "seen_on"]
        labels = {"issued_on": _("Date on the proof"), "seen_on": _("Seen on")}
        widgets = {name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in ["issued_on", "seen_on"]}

    def __init__(self, data=None, *, volunteer, by=None):
        instance = ProofInspection(volunteer=volunteer, seen_by=by, seen_on=timezone.localdate())
        super().__init__(data, instance=instance, auto_id="proof-%s")
        self.fields["proof"].queryset = Proof.objects.in_use().papers()
        # A hidden copy of today would carry "aria-describedby", which is invalid HTML.
        self.fields["seen_on"].show_hidden_initial = False

    def clean(self):
        cleaned = super().clean()
        proof, issued, seen = (cleaned.get(name) for name in ["proof", "issued_on", "seen_on"])
        for name in ["issued_on", "seen_on"]:
            if cleaned.get(name) and cleaned[name] > timezone.localdate():
                self.add_error(name, _("This day is still to come."))
        if proof and proof.is_free and not issued and "issued_on" not in self.errors:
            self.add_error("issued_on", _("Please write the date on the certificate."))
        elif issued and seen and issued > seen:
            self.add_error("issued_on", _("It cannot be seen before it is written."))
        elif proof and proof.is_free and issued and seen and months_later(issued, FRESH_MONTHS) < seen:
            self.add_error("issued_on", _("It is older than three months. Please ask for a new one; it costs nothing."))
        return cleaned

    def save(self, commit=True):
        note(self.instance)
        return super().save(commit)


def note(inspection):
    """Say when to look again: as many months after it was seen as the vocabulary has for this proof, or never."""
    months = inspection.proof.recheck_months
    inspection.recheck_on = months_later(inspection.seen_on, months) if months else None
