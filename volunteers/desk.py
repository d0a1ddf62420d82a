"""What staff do on the page of a person besides changing answers: consents and proofs, each with one press."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import consents
from .inspecting import InspectionForm
from .intake import GIVEN_CHOICES
from .models import Consent, Volunteer

# Whoever comes by the website agrees there to be contacted about one opportunity, or to mails.
ASKED_AT_THE_DESK = [Consent.Purpose.PROFILE, Consent.Purpose.THROUGH, Consent.Purpose.GUARDIAN]


class ConsentForm(forms.Form):
    """A consent that somebody gives at the desk."""

    purpose = forms.ChoiceField(choices=[(purpose.value, purpose.label) for purpose in ASKED_AT_THE_DESK])
    how = forms.ChoiceField(label=_("How did the person agree?"), choices=GIVEN_CHOICES)

    def save(self, volunteer: Volunteer, *, by) -> None:
        consents.record(volunteer, self.cleaned_data["purpose"], how=self.cleaned_data["how"], by=by)


def questions(volunteer: Volunteer) -> list[dict]:
    """Each consent that may be asked for now, with its sentence: none was given, or only to an older text."""
    return [
        {
            "purpose": purpose,
            "text": consents.TEXTS[purpose],
            "texts": consents.in_every_language(purpose),
            "is_outdated": consents.is_outdated(volunteer, purpose),
        }
        for purpose in ASKED_AT_THE_DESK
        if not consents.agrees_to_current(volunteer, purpose) and is_needed(volunteer, purpose)
    ]


def is_needed(volunteer: Volunteer, purpose: str) -> bool:
    if purpose == Consent.Purpose.GUARDIAN:
        return volunteer.may_be_minor
    return purpose == Consent.Purpose.PROFILE or volunteer.channel == "organisation"


def about(volunteer: Volunteer, *, inspection_form=None) -> dict:
    """What the panel on the page of a person shows."""
    return {
        "volunteer": volunteer,
        "consents": volunteer.consents.select_related("recorded_by"),
        "questions": questions(volunteer),
        "ways": GIVEN_CHOICES,
        "inspections": volunteer.inspections.select_related("proof", "seen_by"),
        "inspection_form": inspection_form or InspectionForm(volunteer=volunteer),
    }
