import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from engagement import delivery, tasks
from engagement.models import Mail
from tests.factories import MailFactory
from tests.smtp import HANG_UP, KEEP_WAITING

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(days=1)


def make_due():
    Mail.objects.update(due_at=timezone.now() - LONG_AGO)


def test_a_mail_arrives_with_its_headers_and_both_parts(smtp, settings):
    mail = MailFactory(to="yildiz@example.org", subject="Ein Vorschlag für „Vingst“", html="<p>Guten Tag</p>")
    tasks.deliver_mail(mail.pk)
    [arrived] = smtp.mails
    assert arrived["Subject"] == "Ein Vorschlag für „Vingst“"
    assert arrived["To"] == "yildiz@example.org"
    assert arrived["From"] == settings.DEFAULT_FROM_EMAIL
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["List-Id"] == "<mail.localhost>"
    assert arrived["Content-Language"] == "de"
    assert arrived["Date"]
    assert arrived["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.error) == ("sent", 1, "")


def test_a_mail_that_can_be_stopped_tells_the_mail_program_how(smtp):
    address = "https://engagement.example.org/de-simple/search/stop/" + "x" * 120 + "/"
    tasks.deliver_mail(MailFactory(stop_url=address).pk)
    [arrived] = smtp.mails
    # A long address has a line of its own.
    assert arrived["List-Unsubscribe"].strip() == f"<{address}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_that_was_sent_is_not_sent_again(smtp):
    mail = MailFactory()
    for _ in range(3):
        tasks.deliver_mail(mail.pk)
        tasks.sweep_outbox()
    assert len(smtp.mails) == 1


def test_of_many_deliveries_at_once_one_sends(smtp):
    mails = MailFactory.create_batch(5)

    def deliver_all(_):
        try:
            return [delivery.deliver(mail.pk) for mail in mails] and delivery.deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver_all, range(8)))
    assert sorted(arrived["To"] for arrived in smtp.mails) == sorted(mail.to for mail in mails)
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize("answer", ["451 Later", "550 Unknown", HANG_UP], ids=["451", "550", "hangs up"])
def test_a_refused_mail_waits_and_is_given_up_after_five_tries(smtp, answer):
    mail = MailFactory()
    smtp.answers[mail.to] = answer
    for tries in range(1, 6):
        tasks.sweep_outbox()
        mail.refresh_from_db()
        assert mail.tries == tries
        assert mail.state == ("dead" if tries == 5 else "queued")
        assert mail.error
        assert mail.due_at > timezone.now()
        make_due()
    tasks.sweep_outbox()
    assert Mail.objects.get().tries == 5


def test_a_server_that_is_away_loses_nothing(smtp, settings):
    mail = MailFactory()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tasks.sweep_outbox()
    settings.EMAIL_PORT = port
    make_due()
    tasks.sweep_outbox()
    assert len(smtp.to(mail.to)) == 1


@pytest.mark.parametrize(
    "poison",
    [{"subject": "a\nBcc: all@example.org"}, {"to": "a@example.org, b@example.org"}, {"to": ""}],
    ids=["line break in the subject", "two recipients", "no recipient"],
)
def test_a_poison_mail_stops_no_other(smtp, poison):
    first = MailFactory(due_at=timezone.now() - LONG_AGO, **poison)
    others = MailFactory.create_batch(3)
    tasks.sweep_outbox()
    assert sorted(arrived["To"] for arrived in smtp.mails) == sorted(mail.to for mail in others)
    first.refresh_from_db()
    assert (first.state, first.tries) == ("queued", 1)
    assert first.error


def deliver_in_another_process(mail, port):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    code = f"import django; django.setup(); from engagement.delivery import deliver; deliver({mail.pk})"
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "engagement.settings",
    }
    return subprocess.Popen([sys.executable, "-c", code], env=environment)


def test_a_delivery_that_is_killed_is_taken_up_again(smtp, settings):
    mail = MailFactory()
    smtp.answers[mail.to] = KEEP_WAITING
    worker = deliver_in_another_process(mail, settings.EMAIL_PORT)
    ends = time.monotonic() + 20
    while not smtp.mails and time.monotonic() < ends:
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    smtp.answers.clear()
    mail.refresh_from_db()
    assert mail.state == "sending"
    tasks.sweep_outbox()
    assert len(smtp.mails) == 1, "The row is not due yet: whoever claimed it may still be at it."
    make_due()
    tasks.sweep_outbox()
    assert [arrived["Message-ID"] for arrived in smtp.mails] == [mail.message_id] * 2
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("sent", 2)


def test_a_mail_that_kills_its_worker_is_given_up(smtp):
    mail = MailFactory(state=Mail.State.SENDING, tries=5, due_at=timezone.now() - LONG_AGO)
    tasks.sweep_outbox()
    mail.refresh_from_db()
    assert mail.state == "dead"
    assert smtp.mails == []


def test_a_late_failure_does_not_disturb_the_next_try(smtp):
    mail = MailFactory()
    slow = delivery.claim(mail.pk)
    make_due()
    assert delivery.deliver(mail.pk)
    delivery.record(slow, "timed out")
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("sent", "")


def test_a_mail_that_is_erased_on_its_way_harms_nobody(smtp):
    mail = delivery.claim(MailFactory().pk)
    Mail.objects.all().delete()
    delivery.record(mail, "")
    assert delivery.deliver(mail.pk) is False


def test_a_dead_mail_is_sent_again_when_somebody_asks(smtp):
    mail = MailFactory(state=Mail.State.DEAD, tries=5, error="550")
    alive = MailFactory(state=Mail.State.SENT)
    assert delivery.send_again(Mail.objects.filter(pk__in=[mail.pk, alive.pk])) == 1
    tasks.sweep_outbox()
    assert [arrived["To"] for arrived in smtp.mails] == [mail.to]


def test_a_sweep_ends_in_time(smtp):
    MailFactory.create_batch(3)
    assert delivery.deliver_due(seconds=0) == 0
    assert delivery.deliver_due() == 3
