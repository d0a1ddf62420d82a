"""What people agree to. A changed sentence gets a new version, so that every consent tells which one it was."""

from django.utils.translation import gettext_lazy as _

from .models import Consent

VERSION = "2026-11"
TEXTS = {
    Consent.Purpose.PROFILE: _(
        "Yes, you may keep my answers and suggest opportunities to me. I can take this back at any time."
    ),
    Consent.Purpose.CONTACT: _(
        "Yes, you may keep this and contact me about this opportunity. I can take this back at any time."
    ),
}


def record(volunteer, purpose, *, how=Consent.Given.WEBSITE, by=None):
    """Note that ``volunteer`` agreed now; whoever agreed before has agreed already. ``by``: who wrote it down."""
    if not has(volunteer, purpose):
        volunteer.consents.create(purpose=purpose, text_version=VERSION, given_how=how, recorded_by=by)


def has(volunteer, purpose) -> bool:
    return volunteer.pk is not None and volunteer.consents.filter(purpose=purpose, withdrawn_at=None).exists()
