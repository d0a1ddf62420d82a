"""Who saved a search hears what is new in it: at most one mail a day, nothing when nothing is new."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import emails
from .models import SavedSearch
from .news import newest, search_for

MOST_IN_A_MAIL = 10
SECONDS_A_SWEEP = 50
# What is being published at this moment may carry an earlier time and not be there to see yet: tomorrow it will.
SETTLED = timedelta(minutes=10)
logger = logging.getLogger(__name__)


def tell_due(seconds: float = SECONDS_A_SWEEP, now=None) -> int:
    """Tell whoever has not been told today, the longest ago first, and stop after ``seconds``; the next sweep goes on.

    Returns how many mails were written.
    """
    ends = time.monotonic() + seconds
    written = 0
    for pk in list(SavedSearch.objects.due(now).order_by("seen_until", "pk").values_list("pk", flat=True)[:1000]):
        if time.monotonic() > ends:
            break
        written += is_told(pk, now)
    return written


def is_told(pk: int, now=None) -> bool:
    try:
        return tell(pk, now)
    except Exception:
        # Whatever is wrong with one search must not keep the others waiting, today and every day.
        logger.exception("The saved search %s could not be told.", pk)
        return False


@transaction.atomic
def tell(pk: int, now=None) -> bool:
    """Write one mail if there is anything to tell; returns whether there was.

    Of two at once the second finds nothing due. The mark moves with the mail, in one transaction: nothing is told
    twice, and nothing is left out.
    """
    now = now or timezone.now()
    saved = SavedSearch.objects.due(now).select_related("user").select_for_update(of=["self"]).filter(pk=pk).first()
    if saved is None:
        return False
    until = now - SETTLED
    news, number = newest(search_for(saved.query), MOST_IN_A_MAIL, after=saved.seen_until, until=until)
    if news and not emails.tell_news(saved, now, news, number):
        return False
    saved.seen_until = until
    saved.save(update_fields=["seen_until"])
    return bool(news)
