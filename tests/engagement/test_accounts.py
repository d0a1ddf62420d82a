"""Accounts: nobody learns who has one, and two sign-ups at once make one."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from engagement.models import Mail, User
from tests.factories import UserFactory

PASSWORD = "correct horse battery"
STRANGER = "nobody@example.org"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def sign_up(client, email, password=PASSWORD, language="de"):
    with translation.override(language):
        return client.post(reverse("account_signup"), {"email": email, "password1": password})


@pytest.mark.django_db
def test_the_address_is_kept_in_lower_case_and_the_language_is_that_of_the_page(client):
    sign_up(client, "Rojda.Demir@Example.ORG", language="ar")
    user = User.objects.get()
    assert (user.email, user.language) == ("rojda.demir@example.org", "ar")


@pytest.mark.django_db
def test_a_log_in_leads_to_ones_own_page_in_the_language_of_the_account(client, cast):
    user = cast.samira.user
    user.set_password(PASSWORD)
    user.language = "uk"
    user.save()
    user.emailaddress_set.update_or_create(email=user.email, defaults={"verified": True, "primary": True})
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.url == "/uk/me/"


@pytest.mark.django_db
def test_a_mail_waits_in_the_outbox_in_text_and_html(client):
    sign_up(client, "rojda@example.org", language="ar")
    mail = Mail.objects.get()
    assert (mail.to, mail.language) == ("rojda@example.org", "ar")
    assert 'lang="ar" dir="rtl"' in mail.html


@pytest.mark.django_db
def test_links_lead_to_our_address_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    UserFactory(email="rojda@example.org")
    client.post(
        reverse("account_signup"), {"email": "rojda@example.org", "password1": PASSWORD}, headers={"host": "evil.test"}
    )
    mail = Mail.objects.get()
    assert "evil" not in mail.text + mail.html
    assert f"{settings.SITE_URL}/de/account/" in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("account_signup", {"email": "{}", "password1": PASSWORD}),
        ("account_request_login_code", {"email": "{}"}),
        ("account_reset_password", {"email": "{}"}),
        ("account_login", {"login": "{}", "password": "wrong password"}),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(unlimited, name, fields):
    UserFactory(email="known00@example.org")
    assert answer(name, fields, "known00@example.org") == answer(name, fields, STRANGER)


def answer(name, fields, email):
    client = Client()
    data = {key: value.format(email) for key, value in fields.items()}
    first = client.post(reverse(name), data)
    page = client.get(first.url) if first.status_code == 302 else first
    text = page.content.decode().replace(email, "…")
    # Each page has a token of its own.
    return first.status_code, first.get("Location"), [line for line in text.splitlines() if "csrf" not in line]


@pytest.mark.django_db
def test_the_time_of_a_sign_up_does_not_tell_who_has_an_account(unlimited):
    """Roughly: the medians are close; hashing once more, as a new account does, would double them."""
    times = {"known": [], "new": []}
    for number in range(8):
        UserFactory(email=f"known{number}@example.org")
        for kind in times:
            start = perf_counter()
            sign_up(Client(), f"{kind}{number}@example.org")
            times[kind].append(perf_counter() - start)
    known, new = median(times["known"]), median(times["new"])
    assert 0.6 < known / new < 1.6, times


@pytest.mark.django_db(transaction=True)
def test_parallel_sign_ups_make_one_account(unlimited):
    def once(_):
        try:
            return sign_up(Client(raise_request_exception=False), "rojda@example.org").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = set(threads.map(once, range(8)))
    user = User.objects.get()
    assert statuses == {302}
    assert user.emailaddress_set.count() == 1


@pytest.mark.django_db
def test_guessing_a_password_comes_to_an_end(client):
    user = UserFactory()
    for _ in range(6):
        page = client.post(reverse("account_login"), {"login": user.email, "password": "wrong password"})
    assert "viele" in page.content.decode()


@pytest.mark.django_db
def test_asking_for_codes_comes_to_an_end():
    user = UserFactory()
    for _ in range(5):
        Client().post(reverse("account_request_login_code"), {"email": user.email})
    assert Mail.objects.count() == 3


@pytest.mark.django_db
def test_staff_come_to_the_desk(client, cast):
    response = client.post(reverse("account_login"), {"login": cast.staff.email, "password": PASSWORD})
    assert response.url == reverse("admin:index")
