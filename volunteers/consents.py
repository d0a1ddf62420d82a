"""What people agree to. A changed sentence gets a new version, so that every consent tells which one it was."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from engagement.languages import interface_languages

from .models import Consent

VERSION = "2026-11"
WAYS_TO_REACH = ["channel", "phone", "email", "address", "call_times"]
# Whoever agreed to one of these may be reached; the others add to them.
TO_REACH = [Consent.Purpose.PROFILE, Consent.Purpose.CONTACT, Consent.Purpose.IDEAS]
TEXTS = {
    Consent.Purpose.PROFILE: _(
        "Yes, you may keep my answers and suggest opportunities to me. I can take this back at any time."
    ),
    Consent.Purpose.CONTACT: _(
        "Yes, you may keep this and contact me about this opportunity. I can take this back at any time."
    ),
    Consent.Purpose.IDEAS: _("Yes, send me ideas by e-mail. I can take this back at any time."),
    Consent.Purpose.THROUGH: _(
        "Yes, my association may know my first name and what I am interested in. I can take this back at any time."
    ),
    Consent.Purpose.GUARDIAN: _("My child may help. I can take this back at any time."),
    Consent.Purpose.HAND_OVER: _(
        "Yes, the agency that you have named to me may see my profile and accompany me from now on. "
        "I can take this back at any time."
    ),
}


def record(volunteer, purpose, *, how=Consent.Given.WEBSITE, by=None):
    """Note that ``volunteer`` agreed now, unless they have agreed to this very text. ``by``: who wrote it down."""
    if not agrees_to_current(volunteer, purpose):
        note(volunteer, purpose, how=how, by=by)


def note(volunteer, purpose, *, how, by, now=None) -> Consent:
    """The same for what somebody agrees to anew each time, such as another agency."""
    return volunteer.consents.create(
        purpose=purpose, text_version=VERSION, given_at=now or timezone.now(), given_how=how, recorded_by=by
    )


def withdraw(volunteer, purpose, *, now=None):
    """Note that ``volunteer`` takes a consent back. With none left to be reached we forget every way to do so."""
    now = now or timezone.now()
    volunteer.consents.in_force().filter(purpose=purpose).update(withdrawn_at=now)
    if not volunteer.consents.in_force().filter(purpose__in=TO_REACH).exists():
        for name in WAYS_TO_REACH:
            setattr(volunteer, name, "")
        volunteer.save(update_fields=[*WAYS_TO_REACH, "changed_at"])


def has(volunteer, purpose) -> bool:
    return volunteer.pk is not None and volunteer.consents.in_force().filter(purpose=purpose).exists()


def agrees_to_current(volunteer, purpose) -> bool:
    return volunteer.consents.in_force().filter(purpose=purpose, text_version=VERSION).exists()


def is_outdated(volunteer, purpose) -> bool:
    """Whether ``volunteer`` agreed to an older text only, so that the new one is to be read to them."""
    return has(volunteer, purpose) and not agrees_to_current(volunteer, purpose)


def in_every_language(purpose) -> list[tuple[str, str]]:
    """What is asked, as (language, sentence): so that people read it in a language of theirs."""
    sentences = []
    for code, _name in interface_languages():
        with override(code):
            sentences.append((code, str(TEXTS[purpose])))
    return sentences
