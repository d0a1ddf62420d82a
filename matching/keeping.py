"""May we keep it? The question to whoever has not used their profile for a year, and the way to say yes."""

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from engagement.periods import ASKED, UNUSED, months_later
from volunteers.models import Volunteer

from . import emails

SALT = "matching.keeping"


def ask(volunteer: Volunteer, now: datetime) -> None:
    """Ask by mail, or have their agencies ask; without an answer half a year later the profile is erased."""
    volunteer.asked_at = now
    Volunteer.objects.filter(pk=volunteer.pk).update(asked_at=now)
    until = timezone.localdate(months_later(now, UNUSED.months - ASKED.months))
    if address_of(volunteer):
        emails.ask_whether_to_keep(volunteer, address_of(volunteer), issue(volunteer), until)
    else:
        emails.ask_agencies_to_call(volunteer, until)


def address_of(volunteer: Volunteer) -> str:
    return volunteer.email or (volunteer.user.email if volunteer.user else "")


def issue(volunteer: Volunteer) -> str:
    """The signed word in the address of the mail; it is good for this question only."""
    return Signer(salt=SALT).sign(f"{volunteer.pk}-{volunteer.asked_at.timestamp():.0f}")


def redeem(word: str) -> Volunteer | None:
    """The profile that a genuine word asks about, else None."""
    try:
        pk = int(Signer(salt=SALT).unsign(word).partition("-")[0])
    except (BadSignature, ValueError):
        return None
    volunteer = Volunteer.objects.filter(pk=pk, asked_at__isnull=False).first()
    return volunteer if volunteer and issue(volunteer) == word else None


def keep(volunteer: Volunteer) -> None:
    """A sign from its person: nothing is asked for another year."""
    volunteer.save(update_fields=["changed_at"])


def is_kept(volunteer: Volunteer) -> bool:
    return volunteer.changed_at > volunteer.asked_at
