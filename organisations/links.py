"""Addresses that leave the house in feeds and mails, and the signed words in them that stand for a log-in."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .models import SavedSearch

CONFIRM, STOP = "confirm_search", "stop_search"


def own_address(name: str, *args, query: str = "") -> str:
    """A page of the board at our own address, whatever host a request named, in the active language."""
    path = reverse(f"organisations:{name}", args=args)
    return settings.SITE_URL + path + (f"?{query}" if query else "")


def address_to(deed: str, saved: SavedSearch) -> str:
    """Where ``saved`` is confirmed or stopped. Each address is good for its own deed only."""
    return own_address(deed, token_for(deed, saved))


def token_for(deed: str, saved: SavedSearch) -> str:
    return signer(deed).sign(saved.key)


def key_from(token: str, deed: str) -> str | None:
    """The key of the saved search that a genuine address for this deed speaks of, else None."""
    try:
        return signer(deed).unsign(token)
    except BadSignature:
        return None


def signer(deed: str) -> Signer:
    return Signer(salt=f"organisations.links.{deed}")
