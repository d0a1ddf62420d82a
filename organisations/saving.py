"""Searches are saved, confirmed and stopped. An address counts only once its owner has confirmed it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagement.mail import take_back

from . import emails
from .models import SavedSearch

TEXT_VERSION = "2026-11"
CONSENT = _(
    "You agree that we keep this address and write to it when something new suits this search. Every mail has a link "
    "to stop."
)
# As many searches may wait for the yes of one address: nobody fills the mailbox of somebody else.
MOST_WAITING = 3
MOST_AT_ONCE = 100


@transaction.atomic
def ask(email: str, query: str, *, now=None) -> None:
    """Keep a search for an address without an account, and mail there that it must be confirmed.

    Whoever asks again gets the same mail again, once a day, also when all is confirmed: the page that asks learns
    nothing about an address.
    """
    now, email = now or timezone.now(), email.lower()
    waiting = SavedSearch.objects.unconfirmed().filter(email=email).exclude(query=query)
    if waiting.count() >= MOST_WAITING:
        return
    wish = {"language": get_language(), "text_version": TEXT_VERSION, "created_at": now, "seen_until": now}
    saved, is_new = SavedSearch.objects.get_or_create(user=None, email=email, query=query, defaults=wish)
    if not is_new and SavedSearch.objects.unconfirmed().filter(pk=saved.pk).update(**wish):
        saved.refresh_from_db()
    emails.ask_to_confirm(saved, now)


def keep(user, query: str, *, now=None) -> SavedSearch:
    """Keep a search for an account whose address is verified: nothing is left to confirm."""
    now = now or timezone.now()
    wish = {"language": get_language(), "text_version": TEXT_VERSION, "confirmed_at": now, "seen_until": now}
    return SavedSearch.objects.get_or_create(user=user, query=query, defaults=wish)[0]


@transaction.atomic
def ask_again(now=None) -> None:
    """Once a year an address is asked anew. Until its yes it hears nothing; what it missed is told then."""
    now = now or timezone.now()
    for saved in SavedSearch.objects.aged(now).select_for_update(skip_locked=True)[:MOST_AT_ONCE]:
        saved.confirmed_at, saved.created_at = None, now
        saved.save(update_fields=["confirmed_at", "created_at"])
        emails.ask_to_confirm(saved, now)


def confirm(saved: SavedSearch, *, now=None) -> None:
    """Begin to tell. What was published between the wish and the yes is told as well."""
    now = now or timezone.now()
    SavedSearch.objects.standing(now).unconfirmed().filter(pk=saved.pk).update(confirmed_at=now)


@transaction.atomic
def stop(saved: SavedSearch) -> None:
    """Forget the search and its address, in the outbox too; a mail that is under way goes nowhere."""
    # Whoever is writing the next mail about it has locked the row: that mail is there, and erased, once we get it.
    SavedSearch.objects.filter(pk=saved.pk).delete()
    take_back(emails.keys(saved))


def forget_unconfirmed(now=None) -> None:
    """Addresses whose owner said nothing for a week."""
    for saved in SavedSearch.objects.overdue(now):
        stop(saved)
