"""Searches that are saved, confirmed, stopped and forgotten."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone, translation

from engagement.models import Mail
from organisations import saving, telling
from organisations.models import SavedSearch
from tests.factories import OpportunityFactory, SavedSearchFactory, UserFactory

pytestmark = pytest.mark.django_db
CANARY = "kanarie@example.org"
WEEK = timedelta(days=7)


def later(**time):
    return timezone.now() + timedelta(**time)


def test_nobody_is_told_before_the_yes():
    saving.ask(CANARY, "")
    OpportunityFactory(published_at=later(hours=1))
    assert telling.tell_due(now=later(days=2)) == 0
    assert ":confirm_search:" in Mail.objects.get().key


def test_an_address_is_asked_in_the_language_of_the_page():
    with translation.override("ar"):
        saving.ask("Kanarie@Example.org", "german=2")
    saved, mail = SavedSearch.objects.get(), Mail.objects.get()
    assert (saved.email, saved.language, saved.query, saved.confirmed_at) == (CANARY, "ar", "german=2", None)
    assert saved.text_version == saving.TEXT_VERSION
    assert (mail.to, mail.language) == (CANARY, "ar")


def test_whoever_asks_again_gets_the_mail_again_but_once_a_day():
    noon = timezone.localtime().replace(hour=12)
    for hours in [0, 1, 30]:
        saving.ask(CANARY, "", now=noon + timedelta(hours=hours))
    assert (SavedSearch.objects.count(), Mail.objects.count()) == (1, 2)


def test_whoever_asks_again_has_a_week_again():
    saving.ask(CANARY, "")
    saving.ask(CANARY, "", now=later(days=6))
    saving.forget_unconfirmed(later(days=8))
    assert SavedSearch.objects.exists()


def test_what_is_on_stays_on_when_somebody_asks_again():
    saved = SavedSearchFactory(email=CANARY)
    saving.ask(CANARY, "")
    after = SavedSearch.objects.get()
    assert (after.confirmed_at, after.seen_until, after.language) == (saved.confirmed_at, saved.seen_until, "de")


def test_nobody_fills_the_mailbox_of_somebody_else():
    for number in range(10):
        saving.ask(CANARY, f"text={number}")
    assert (SavedSearch.objects.count(), Mail.objects.count()) == (saving.MOST_WAITING, saving.MOST_WAITING)


def test_a_yes_counts_within_a_week_only():
    for number, expected in enumerate([True, False]):
        saving.ask(CANARY, f"text={number}")
        saved = SavedSearch.objects.get(query=f"text={number}")
        saving.confirm(saved, now=saved.created_at + WEEK + (-1 + 2 * number) * timedelta(minutes=1))
        saved.refresh_from_db()
        assert bool(saved.confirmed_at) is expected


def test_what_nobody_confirmed_is_forgotten_after_a_week_with_its_mail():
    saving.ask(CANARY, "")
    on = SavedSearchFactory()
    saving.forget_unconfirmed(later(days=6))
    assert SavedSearch.objects.count() == 2
    saving.forget_unconfirmed(later(days=8))
    assert SavedSearch.objects.get() == on
    assert traces_of(CANARY) == []


@pytest.mark.parametrize("says_yes", [True, False])
def test_an_address_is_asked_again_once_a_year(says_yes):
    saved = SavedSearchFactory(email=CANARY)
    saving.ask_again(later(days=300))
    assert not Mail.objects.exists()
    year = timezone.now() + timedelta(days=365)
    for _ in range(2):
        saving.ask_again(year)
    assert [":confirm_search:" in mail.key for mail in Mail.objects.all()] == [True]
    OpportunityFactory(published_at=year)
    assert telling.tell_due(now=year + timedelta(days=2)) == 0
    if says_yes:
        saving.confirm(saved, now=year + timedelta(days=3))
    saving.forget_unconfirmed(year + timedelta(days=8))
    assert telling.tell_due(now=year + timedelta(days=8)) == says_yes
    assert bool(traces_of(CANARY)) is says_yes


def test_an_account_is_not_asked_again():
    saving.keep(UserFactory(), "")
    saving.ask_again(later(days=1000))
    assert not Mail.objects.exists()


def traces_of(text):
    """The tables in which ``text`` stands, whatever the column."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{text}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_stopping_leaves_no_trace_of_the_address():
    saving.ask(CANARY, "")
    saved = SavedSearch.objects.get()
    saving.confirm(saved)
    OpportunityFactory(published_at=later(hours=1))
    telling.tell_due(now=later(days=1))
    assert set(traces_of(CANARY)) == {"organisations_savedsearch", "engagement_mail"}
    saving.stop(saved)
    assert traces_of(CANARY) == []


def test_stopping_one_search_leaves_the_mails_of_the_others():
    first, other = SavedSearchFactory.create_batch(2)
    for saved in [first, other]:
        saving.ask(saved.email, "")
    saving.stop(first)
    assert [mail.to for mail in Mail.objects.all()] == [other.email]
    saving.stop(first)
    assert SavedSearch.objects.get() == other


def test_an_account_needs_no_yes_and_takes_its_searches_along():
    user = UserFactory()
    assert saving.keep(user, "german=2") == saving.keep(user, "german=2")
    saved = SavedSearch.objects.get()
    assert (saved.email, saved.address, bool(saved.confirmed_at)) == ("", user.email, True)
    user.delete()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("reader", [{"email": ""}, {"user": True}], ids=["nobody", "two"])
def test_a_search_is_saved_for_one_reader(reader):
    with pytest.raises(IntegrityError):
        SavedSearchFactory(**{**reader, **({"user": UserFactory()} if "user" in reader else {})})


def test_a_very_long_search_can_be_saved():
    query = "&".join(f"field={number:0100}" for number in range(300))
    saving.ask(CANARY, query)
    saving.ask(CANARY, query)
    assert SavedSearch.objects.get().query == query


@pytest.mark.django_db(transaction=True)
def test_many_wishes_at_once_are_one():
    def send():
        saving.ask(CANARY, "german=2")
        connection.close()

    wishes = [threading.Thread(target=send) for _ in range(6)]
    [thread.start() for thread in wishes]
    [thread.join() for thread in wishes]
    assert (SavedSearch.objects.count(), Mail.objects.count()) == (1, 1)
