"""Who saved a search hears what is new in it, once."""

import re
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from engagement import tasks as outbox
from engagement.models import Level, Mail
from organisations import saving, tasks, telling
from organisations.models import Opportunity, SavedSearch
from tests.factories import (
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    SavedSearchFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 11, 20, 7, 5, tzinfo=BERLIN)
DAY = timedelta(days=1)


def published(title="Neu", before=timedelta(hours=1), **facts):
    return OpportunityFactory(title=title, published_at=MORNING - before, **facts)


@pytest.fixture
def saved():
    return SavedSearchFactory(query="german=2", language="en", created_at=MORNING - DAY)


def told(saved):
    return [mail.text for mail in Mail.objects.filter(to=saved.address).order_by("pk")]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Opportunity.Status.DRAFT},
        {"status": Opportunity.Status.CLOSED},
        {"status": Opportunity.Status.FILLED},
        {"valid_until": timezone.localdate() - DAY},
        {"german_needed": Level.B2},
    ],
    ids=["draft", "closed", "filled", "expired", "other"],
)
def test_nothing_is_told_that_cannot_be_had(saved, hidden):
    published(**hidden)
    published(host=OrganisationFactory(verified_at=None))
    assert telling.tell_due(now=MORNING) == 0
    assert told(saved) == []


def test_what_hung_on_the_board_already_is_not_told(saved):
    published(before=DAY + timedelta(minutes=1))
    assert telling.tell_due(now=MORNING) == 0


def test_what_is_new_is_told_once(saved):
    published("Hausaufgaben")
    assert [telling.tell_due(now=MORNING + times * DAY) for times in range(3)] == [1, 0, 0]
    assert ["Hausaufgaben" in text for text in told(saved)] == [True]


def test_there_is_one_mail_a_day_and_the_next_day_brings_the_rest(saved):
    published("Montag")
    telling.tell_due(now=MORNING)
    published("Dienstag", before=timedelta(hours=-1))
    assert telling.tell_due(now=MORNING + timedelta(hours=3)) == 0
    assert telling.tell_due(now=MORNING + DAY) == 1
    assert [re.findall("Montag|Dienstag", text) for text in told(saved)] == [["Montag"], ["Dienstag"]]


def test_what_appears_while_the_mail_is_written_is_told_the_next_day(saved):
    published(before=timedelta(minutes=1))
    assert telling.tell_due(now=MORNING) == 0
    assert telling.tell_due(now=MORNING + DAY) == 1


def test_days_without_a_worker_lose_nothing(saved):
    published()
    assert telling.tell_due(now=MORNING + 5 * DAY) == 1


def test_what_appeared_between_the_wish_and_the_yes_is_told():
    saving.ask("seeker@example.org", "", now=MORNING - 3 * DAY)
    published(before=2 * DAY)
    saving.confirm(SavedSearch.objects.get(), now=MORNING - DAY)
    assert telling.tell_due(now=MORNING) == 1


def test_a_mail_shows_ten_and_the_way_to_the_others(saved):
    for number in range(12):
        published(f"Nummer {number}", before=timedelta(hours=1 + number))
    telling.tell_due(now=MORNING)
    [text] = told(saved)
    assert re.findall(r"Nummer \d+", text) == [f"Nummer {number}" for number in range(10)]
    assert "And 2 more." in text
    assert "http://localhost:8000/en/?order=new&german=2" in text
    assert Mail.objects.get().subject.startswith("12 ")


def test_an_account_is_told_at_its_address_of_today_and_in_its_language():
    user = UserFactory(language="en")
    saved = SavedSearchFactory(user=user, email="", created_at=MORNING - DAY)
    user.email = "new@example.org"
    user.save()
    opportunity = published()
    telling.tell_due(now=MORNING)
    mail = Mail.objects.get()
    assert (mail.to, mail.language) == ("new@example.org", "en")
    assert f"/en/opportunities/{opportunity.pk}/" in mail.text
    user.is_active = False
    user.save()
    published()
    assert not SavedSearch.objects.due(MORNING + DAY).exists()
    assert saved.user == user


def test_a_search_that_fails_stops_no_other(saved, monkeypatch, caplog):
    """The fault on purpose: the search of whoever waits longest raises."""
    SavedSearchFactory(query="", created_at=MORNING - 2 * DAY)
    published()
    find = telling.search_for
    monkeypatch.setattr(telling, "search_for", lambda query: find(query) if query else 1 / 0)
    assert telling.tell_due(now=MORNING) == 1
    assert "could not be told" in caplog.text
    assert len(told(saved)) == 1


def test_a_sweep_ends_in_time(saved):
    published()
    assert telling.tell_due(seconds=0, now=MORNING) == 0
    assert telling.tell_due(now=MORNING) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one(saved):
    published()
    written = []

    def beat():
        written.append(telling.tell_due(now=MORNING))
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(5)]
    [thread.start() for thread in beats]
    [thread.join() for thread in beats]
    assert sorted(written) == [0, 0, 0, 0, 1]
    assert len(told(saved)) == 1


def test_a_mail_that_was_written_already_moves_no_mark(saved):
    """The second wall: even if the mark were lost, the key of the day lets no second mail through."""
    published()
    telling.tell_due(now=MORNING)
    SavedSearch.objects.update(seen_until=saved.seen_until)
    assert telling.tell_due(now=MORNING + timedelta(hours=1)) == 0
    assert (len(told(saved)), SavedSearch.objects.get().seen_until) == (1, saved.seen_until)


def test_number_of_queries_does_not_grow_with_the_news(saved, django_assert_max_num_queries):
    published(neighbourhoods=[NeighbourhoodFactory()])
    with django_assert_max_num_queries(40) as one:
        telling.tell(saved.pk, MORNING)
    for _ in range(2):
        published(before=timedelta(), neighbourhoods=[NeighbourhoodFactory()])
    with django_assert_max_num_queries(len(one)):
        assert telling.tell(saved.pk, MORNING + DAY)


@pytest.mark.django_db(transaction=True)
def test_a_beat_becomes_a_mail_with_a_button_to_stop(smtp):
    saved = SavedSearchFactory(email="seeker@example.org")
    OpportunityFactory(title="Hausaufgaben", published_at=timezone.now() - timedelta(hours=30))
    for _ in range(2):
        tasks.sweep_saved_searches()
        outbox.sweep_outbox()
    [arrived] = smtp.mails
    assert arrived["To"] == saved.email
    assert arrived["List-Id"] == "<mail.localhost>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://localhost:8000/de/search/stop/\S+/>", arrived["List-Unsubscribe"].strip())
