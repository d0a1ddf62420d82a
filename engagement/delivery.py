"""Carry the mails of the outbox to the SMTP server: each once, whatever dies in between.

Two commits a mail. The first says "being sent" before the first byte leaves, so that nobody else sends the same row;
the second says how it went. A worker that is killed between the two leaves a row "being sent"; after a while it is
taken up again with the same Message-ID: rather again than lost. So a mail arrives twice at most once for each kill.
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Mail

MAX_TRIES = 5
# After the first try that failed, the second, and so on: a relay may be away for a morning.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
# Longer than the slowest conversation with a server: each answer may take EMAIL_TIMEOUT.
TAKEN_UP_AGAIN_AFTER = timedelta(minutes=5)
SECONDS_A_SWEEP = 8


def deliver_due(seconds: float = SECONDS_A_SWEEP) -> int:
    """Deliver what is due, longest due first, and stop after ``seconds``; the next sweep goes on. Returns how many."""
    give_up_killers()
    ends = time.monotonic() + seconds
    delivered = 0
    # Other workers sweep at the same time; whatever they have claimed meanwhile is no longer due and is passed over.
    for pk in list(Mail.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:1000]):
        if time.monotonic() > ends:
            break
        delivered += deliver(pk)
    return delivered


def deliver(pk: int) -> bool:
    """Deliver one mail if it is due. Returns whether the server took it; what went wrong stands in the row.

    A mail that fails waits longer after each try and is given up after five. Nothing is raised for a bad mail, so
    that it stops no other.
    """
    mail = claim(pk)
    if mail is None:
        return False
    error = send(mail)
    record(mail, error)
    return not error


def claim(pk: int) -> Mail | None:
    """First commit: the row is ours until it is due again. Of several claims at once one wins."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        is_ours = (
            Mail.objects.due(now)
            .filter(pk=pk, tries__lt=MAX_TRIES)
            .update(state=Mail.State.SENDING, tries=F("tries") + 1, due_at=now + TAKEN_UP_AGAIN_AFTER)
        )
    return Mail.objects.get(pk=pk) if is_ours else None


def send(mail: Mail) -> str:
    """Hand the mail to the SMTP server. Returns what went wrong, or an empty string."""
    try:
        count = message(mail).send()
    except Exception as error:  # noqa: BLE001 (whatever is wrong with one mail must not stop the others)
        return f"{type(error).__name__}: {error}"
    return "" if count else "No recipient."


def message(mail: Mail) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<mail.{settings.SITE_HOST}>",
        "Content-Language": mail.language,
        **ways_to_stop(mail),
    }
    result = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    if mail.html:
        result.attach_alternative(mail.html, "text/html")
    return result


def ways_to_stop(mail: Mail) -> dict[str, str]:
    """What lets a mail program offer a button that ends mails of this kind (RFC 2369 and 8058)."""
    if not mail.stop_url:
        return {}
    return {"List-Unsubscribe": f"<{mail.stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def record(mail: Mail, error: str) -> None:
    """Second commit: how it went. It waits for the row rather than skipping it, else rows would stay "being sent"."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        row = Mail.objects.select_for_update().filter(pk=mail.pk).first()
        if row is None:
            return
        if not error:
            row.state, row.sent_at, row.error = Mail.State.SENT, now, ""
        elif row.state == Mail.State.SENDING and row.tries == mail.tries:
            put_back(row, error, now)
        row.save()


def put_back(row: Mail, error: str, now: datetime) -> None:
    # NUL cannot be stored, and an answer of a server may hold anything.
    row.error = error.replace("\0", "")[:2000]
    row.state = Mail.State.DEAD if row.tries >= MAX_TRIES else Mail.State.QUEUED
    row.due_at = now + PAUSES[min(row.tries, len(PAUSES)) - 1]


def give_up_killers() -> int:
    """A mail whose worker died at every try is given up as well, so that it kills no more of them."""
    exhausted = Mail.objects.due().filter(tries__gte=MAX_TRIES)
    return exhausted.update(state=Mail.State.DEAD, error="The worker stopped during each try.")


def send_again(mails) -> int:
    """Give dead mails of this queryset five new tries, at once. Returns how many."""
    dead = mails.filter(state=Mail.State.DEAD)
    return dead.update(state=Mail.State.QUEUED, tries=0, due_at=timezone.now(), error="")
