"""The way back for somebody without an account: a ticket in an address, to see what became of their yes.

The match keeps a random-looking word, the address carries it signed and dated: nobody can guess one, a copy of the
database alone makes none, and an old one stops working.
"""

from datetime import date, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Match

VALID_FOR = timedelta(days=90)
SALT = "matching.tickets"


def word_for(opportunity, sheet: str) -> str:
    """The word of whoever pressed the button on this copy of the form: a second press has the same one."""
    return salted_hmac(SALT, f"{opportunity.pk} {sheet}", algorithm="sha256").hexdigest()[:32]


def issue(match: Match) -> str:
    return TimestampSigner(salt=SALT).sign(match.ticket)


def redeem(ticket: str) -> Match | None:
    """The match of a ticket that is genuine and not too old; whoever has an account by now uses that."""
    try:
        word = TimestampSigner(salt=SALT).unsign(ticket, max_age=VALID_FOR)
    except BadSignature:
        return None
    matches = Match.objects.select_related("opportunity__agency", "opportunity__host", "volunteer")
    matches = matches.prefetch_related("opportunity__texts", "events")
    return matches.filter(ticket=word, volunteer__user=None).first()


def works_until(match: Match) -> date:
    """A day on which every ticket of this match still works."""
    return timezone.localdate(match.created_at + VALID_FOR) - timedelta(days=1)
