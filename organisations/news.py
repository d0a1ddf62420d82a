"""What is new for a search: the same for the Atom feed and for the mails."""

from html import unescape

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from .browsing import Search
from .models import Opportunity


def search_for(query: str) -> Search:
    """The search behind a query string, as anybody would find it who opens the board with it."""
    return Search(QueryDict(query))


def newest(search: Search, most: int, *, after=None, until=None) -> tuple[list[Opportunity], int]:
    """The first ``most`` of what ``search`` finds with their facts, the newest first, and how many there are in all.

    With ``after`` and ``until`` only what was published later than the one, and not later than the other.
    """
    board, found = search.board, search.filter.found
    if after and until:
        found = found & (board.published > after.timestamp()) & (board.published <= until.timestamp())
    # The board has the newest first.
    keys = board.key[found].tolist()
    rows = Opportunity.objects.open().with_facts().in_bulk(keys[:most])
    # Somebody at the desk may have taken the only text away.
    return [rows[key] for key in keys[:most] if key in rows and rows[key].text], len(keys)


def in_words(search: Search) -> list[str]:
    """The answers that make up ``search``, in the reader's language, as plain text."""
    return [plain(way.label) for way in search.chips]


def plain(label) -> str:
    """A label without the marks of another language; what a visitor typed never was HTML and stays as it is."""
    return unescape(strip_tags(label)) if isinstance(label, SafeString) else str(label)
