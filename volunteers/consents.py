"""What people agree to. A changed sentence gets a new version, so that every consent tells which one it was."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Consent

VERSION = "2026-11"
WAYS_TO_REACH = ["channel", "phone", "email", "address", "call_times"]
TEXTS = {
    Consent.Purpose.PROFILE: _(
        "Yes, you may keep my answers and suggest opportunities to me. I can take this back at any time."
    ),
    Consent.Purpose.CONTACT: _(
        "Yes, you may keep this and contact me about this opportunity. I can take this back at any time."
    ),
    Consent.Purpose.IDEAS: _("Yes, send me ideas by e-mail. I can take this back at any time."),
}


def record(volunteer, purpose, *, how=Consent.Given.WEBSITE, by=None):
    """Note that ``volunteer`` agreed now; whoever agreed before has agreed already. ``by``: who wrote it down."""
    if not has(volunteer, purpose):
        volunteer.consents.create(purpose=purpose, text_version=VERSION, given_how=how, recorded_by=by)


def withdraw(volunteer, purpose, *, now=None):
    """Note that ``volunteer`` takes a consent back. With none left we forget every way to reach them."""
    now = now or timezone.now()
    volunteer.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now)
    if not volunteer.consents.filter(withdrawn_at=None).exists():
        for name in WAYS_TO_REACH:
            setattr(volunteer, name, "")
        volunteer.save(update_fields=[*WAYS_TO_REACH, "changed_at"])


def has(volunteer, purpose) -> bool:
    return volunteer.pk is not None and volunteer.consents.filter(purpose=purpose, withdrawn_at=None).exists()
