"""What is new for a search: the same for the Atom feed and for the mails."""

from html import unescape

from django.db.models import Exists, F, OuterRef
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from .browsing import Search
from .models import OpportunityText


def search_for(query: str) -> Search:
    """The search behind a query string, as anybody would find it who opens the board with it."""
    return Search(QueryDict(query))


def newest(search: Search):
    """The open opportunities that ``search`` finds, with their facts, the newest first, whatever was asked for."""
    # Somebody at the desk may have taken the only text away.
    told = Exists(OpportunityText.objects.filter(opportunity=OuterRef("pk")))
    return search.filter.qs.filter(told).with_facts().order_by(F("published_at").desc(nulls_last=True), "-pk")


def in_words(search: Search) -> list[str]:
    """The answers that make up ``search``, in the reader's language, as plain text."""
    return [plain(way.label) for way in search.chips]


def plain(label) -> str:
    """A label without the marks of another language; what a visitor typed never was HTML and stays as it is."""
    return unescape(strip_tags(label)) if isinstance(label, SafeString) else str(label)
