"""The profile step by step: six short pages, or all of them as one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import consents, forms, rows
from .models import Consent, Volunteer


@dataclass(frozen=True)
class Step:
    title: str
    form: type[forms.Part]
    # Fields that a form adds or drops by itself are named as well; the page shows those that are there.
    fields: tuple[str, ...] = ()
    rows: tuple[type, ...] = ()
    is_told: Callable[[Volunteer], bool] = bool


STEPS = [
    Step(
        _("About me"),
        forms.AboutForm,
        fields=("first_name", "last_name", "birth_year", "gender", "consent"),
        is_told=lambda volunteer: consents.has(volunteer, Consent.Purpose.PROFILE),
    ),
    Step(
        _("Languages"),
        forms.LanguagesForm,
        rows=(rows.SpokenLanguageRows,),
        is_told=lambda volunteer: volunteer.spoken_languages.exists(),
    ),
    Step(
        _("What I can do"),
        forms.SkillsForm,
        rows=(rows.CompetenceRows,),
        is_told=lambda volunteer: volunteer.competences.exists(),
    ),
    Step(
        _("Where and when"),
        forms.WhereForm,
        fields=("place", "place_choice", "reach_km", "times"),
        is_told=lambda volunteer: bool((volunteer.neighbourhood_id or volunteer.postcode_id) and volunteer.times),
    ),
    Step(
        _("What I want"),
        forms.WishesForm,
        fields=("motives", "fields", "proofs"),
        is_told=lambda volunteer: volunteer.fields.exists(),
    ),
    Step(
        _("How to reach me"),
        forms.ContactForm,
        fields=("channel", "phone", "email", "address", "call_times", "language"),
        is_told=lambda volunteer: bool(volunteer.channel),
    ),
]


def chosen(wanted: str, volunteer: Volunteer) -> int | None:
    """The number of the step that ``?step=`` asks for, or None for everything on one page.

    Whoever has not agreed yet begins with the first step: nothing more may be stored before the consent it asks for.
    """
    if not consents.has(volunteer, Consent.Purpose.PROFILE):
        return None if wanted == "all" else 1
    numbers = {str(number): number for number in range(1, len(STEPS) + 1)}
    return numbers.get(wanted)


def missing(volunteer: Volunteer) -> list[tuple[int, Step]]:
    """The steps that are not told yet, with their numbers."""
    return [(number, step) for number, step in enumerate(STEPS, 1) if not step.is_told(volunteer)]
