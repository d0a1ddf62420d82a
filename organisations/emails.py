"""What we write to whoever saved a search: one short function a mail."""

from django.utils import timezone, translation

from engagement.mail import post
from engagement.models import Mail

from .facts import Facts
from .links import CONFIRM, STOP, address_to, own_address
from .models import SavedSearch
from .news import in_words, search_for


def keys(saved: SavedSearch) -> str:
    """How the keys of all mails about ``saved`` begin."""
    return f"saved search {saved.pk}:"


def ask_to_confirm(saved: SavedSearch, now) -> Mail | None:
    """Somebody typed this address: is it theirs, and do they want to hear of this search? Once a day at most."""
    with translation.override(saved.reading_language):
        return send(saved, now, "confirm_search", confirm_url=address_to(CONFIRM, saved))


def tell_news(saved: SavedSearch, now, opportunities, number: int) -> Mail | None:
    """The first of ``number`` new opportunities, and the way to the others. One mail a day."""
    with translation.override(saved.reading_language):
        notices = [
            (Facts(opportunity), own_address("show_opportunity", opportunity.pk)) for opportunity in opportunities
        ]
        return send(saved, now, "search_news", notices=notices, number=number, more=number - len(notices))


def send(saved: SavedSearch, now, template: str, **context) -> Mail | None:
    search = search_for(saved.query)
    return post(
        key=f"{keys(saved)}{template}:{timezone.localdate(now)}",
        to=saved.address,
        language=saved.reading_language,
        template=f"organisations/email/{template}",
        context={
            "words": in_words(search),
            "board": own_address("browse_opportunities", query=search.query(order="new")),
            **context,
        },
        stop_url=address_to(STOP, saved),
    )
