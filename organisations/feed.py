"""Every search as an Atom feed (RFC 4287), for whoever reads the news of many boards in one place."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.feedgenerator import get_tag_uri
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from .browsing import Search, asked
from .facts import Facts
from .links import own_address
from .news import in_words, newest

MOST_ENTRIES = 50
# What XML 1.0 has no way to write, not even escaped; somebody may have pasted it into a text all the same.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@require_safe
@conditional_page
@cache_control(max_age=900)
def show_feed(request):
    """The newest opportunities of a search. Any query string gives a feed: what nobody knows is passed over."""
    search = Search(asked(request))
    query = search.query(order=None)
    entries = [Entry(opportunity) for opportunity in newest(search, MOST_ENTRIES)[0]]
    context = {
        "title": " · ".join([_("Volunteering near you"), *in_words(search)]),
        "here": own_address("show_feed", query=query),
        "board": own_address("browse_opportunities", query=query),
        "updated": max((entry.updated for entry in entries), default=midnight()),
        "entries": entries,
    }
    text = render_to_string("organisations/feed.xml", context, request)
    return HttpResponse(UNWRITABLE.sub("", text), content_type="application/atom+xml; charset=utf-8")


def midnight():
    """An empty feed says the same all day long, so that nobody fetches it twice."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class Entry(Facts):
    """One opportunity as an entry of the feed."""

    @property
    def published(self):
        return self.published_at or self.created_at

    @property
    def updated(self):
        return max(self.changed_at, self.published)

    @property
    def id(self):
        """The same in every language and every search, for good: readers know by it what they have seen."""
        return get_tag_uri(f"{settings.SITE_URL}/opportunities/{self.pk}", self.published)
