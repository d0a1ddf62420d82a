"""The post room: one durable outbox for every mail.

Whoever has something to tell writes a row in the transaction of the decision that causes it: with the decision
undone, the mail is undone too, and no decision goes untold. ``delivery.py`` carries the rows out.
"""

from datetime import datetime
from email.utils import make_msgid

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from .models import Mail
from .tasks import deliver_mail


def post(
    *,
    key: str,
    to: str,
    language: str,
    template: str,
    context: dict,
    stop_url: str = "",
    due_at: datetime | None = None,
) -> Mail | None:
    """Write one mail into the outbox, in the running transaction; the worker delivers it after the commit.

    ``template`` names three files below ``templates/``: ``<template>_subject.txt``, ``<template>_message.txt`` and
    ``<template>_message.html``, rendered in ``language``. Besides ``context`` they know ``lang``, ``dir``, ``subject``
    and ``site_url``. A key that was used before writes nothing and returns None. A mail that may still be taken back
    waits until ``due_at``.
    """
    with translation.override(language):
        context = {
            **context,
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "site_url": settings.SITE_URL,
            "stop_url": stop_url,
        }
        context["subject"] = one_line(render(f"{template}_subject.txt", context))
        text = render(f"{template}_message.txt", context)
        html = render(f"{template}_message.html", context)
    return post_rendered(
        key=key,
        to=to,
        language=language,
        subject=context["subject"],
        text=text,
        html=html,
        stop_url=stop_url,
        due_at=due_at or timezone.now(),
    )


def post_rendered(*, subject: str, **parts) -> Mail | None:
    """The same for a mail that somebody else has put into words: ``text`` and, if there is one, ``html``."""
    mail = Mail(subject=one_line(subject), message_id=make_msgid(domain=settings.SITE_HOST), **parts)
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    written = Mail.objects.filter(message_id=mail.message_id).first()
    if written:
        deliver_mail.delay_on_commit(written.pk)
    return written


def render(name: str, context: dict) -> str:
    """A part of a mail. Only HTML is escaped, whatever the template forgot to say."""
    page = get_template(name).template  # type: ignore[attr-defined]  # the Django engine's templates have it
    return page.render(Context(context, autoescape=name.endswith(".html"))).strip() + "\n"


def one_line(subject: str) -> str:
    """A header ends at a line break: what somebody typed into a title must not begin another one."""
    return " ".join(subject.split())[: Mail._meta.get_field("subject").max_length]


def take_back(keys: str) -> None:
    """Erase the mails whose key begins with ``keys``, read or on their way, and with them the address they went to."""
    Mail.objects.filter(key__startswith=keys).delete()
