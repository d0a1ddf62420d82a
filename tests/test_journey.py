"""The main job as one story, with nothing replaced: a browser, a server, a worker, a broker and an SMTP listener.

An agency posts, somebody registers and tells about themselves, the machine suggests, staff accept, the coordinator
reads a mail in her language. Then the same with a self-organisation in place of the volunteer.
"""

import re
import time

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from engagement.celery import app
from engagement.delivery import deliver_due
from engagement.models import Mail
from matching.models import Match, Suggestion
from organisations.models import Opportunity, Organisation
from tests.browser.conftest import browser_type_launch_args  # noqa: F401 (a fixture)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def wait_for(what, seconds=20):
    """The worker's work, as soon as it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("The worker did not do it.")


@pytest.fixture
def worker(transactional_db):
    with start_worker(app, perform_ping_check=False, pool="solo"):
        yield
    connections.close_all()


@pytest.fixture
def coordinator(cast):
    user = UserFactory(email="layla@example.org", name="Layla Mansour", language="ar")
    cast.agency.memberships.create(user=user, role="staff")
    return user


class Person:
    """Somebody with a browser of their own, who reads English."""

    def __init__(self, context, live_server):
        self.page, self.site = context.new_page(), live_server.url

    def open(self, name, *args, query=""):
        self.page.goto(self.site + re.sub(r"^/[a-z-]+/", "/en/", reverse(name, args=args)) + query)

    def press(self, label):
        self.page.get_by_role("button", name=label).last.click()

    def log_in(self, email):
        self.open("account_login")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("main form button.btn").first.click()
        self.page.wait_for_url(lambda url: "/account/" not in url)

    def sign_up(self, email, smtp):
        self.open("account_signup")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password1]", PASSWORD)
        self.page.locator("main form button.btn").first.click()
        mail = wait_for(lambda: smtp.to(email))[0]
        code = re.search(r"^[A-Z0-9]{3,5}-?[A-Z0-9]{3,5}$", words(mail), re.MULTILINE)[0]
        self.page.fill("[name=code]", code)
        self.page.locator("main form button.btn").first.click()
        self.page.wait_for_url(lambda url: "/account/" not in url)

    def choose(self, field, text):
        """Pick a row in an autocomplete of the desk."""
        self.page.locator(f"#id_{field} + .select2 .select2-selection").click()
        self.page.locator(".select2-container--open .select2-search__field").first.fill(text)
        self.page.locator(".select2-results__option--highlighted", has_text=text).click()


@pytest.fixture
def person(new_context, live_server):
    return lambda: Person(new_context(), live_server)


def words(mail):
    return "\n".join(mail.get_body(["plain"]).get_content().splitlines())


def post_opportunity(staff):
    staff.open("admin:organisations_opportunity_add")
    staff.page.locator("[name=status][value=published]").check()
    staff.choose("field", "Homework")
    staff.page.fill("[name=title_de]", "Hausaufgaben-Hilfe in Vingst")
    staff.choose("neighbourhoods", "Vingst")
    staff.page.locator("[name=german_needed][value='3']").check()
    staff.page.get_by_label("Monday, afternoon").check()
    staff.choose("coordinator", "Layla")
    staff.press("Save")
    return wait_for(lambda: Opportunity.objects.open().first())


def accept_best(staff, opportunity):
    staff.open("admin:matching_suggestion_review", opportunity.pk)
    staff.press("Accept")
    match = wait_for(lambda: Match.objects.filter(opportunity=opportunity, state="proposed").first())
    ten_minutes_later()
    return match


def ten_minutes_later():
    """A decision can no longer be taken back, so the mails about it go out."""
    Mail.objects.update(due_at=timezone.now())
    deliver_due()


def test_from_a_notice_to_a_match(vocabulary, cast, coordinator, worker, smtp, person):
    staff = person()
    staff.log_in(cast.staff.email)
    opportunity = post_opportunity(staff)

    rana = person()
    rana.sign_up("rana@example.org", smtp)
    rana.open("volunteers:edit_profile", query="?step=all")
    rana.page.fill("[name=first_name]", "Rana")
    rana.page.fill("[name=last_name]", "Khoury")
    rana.page.get_by_label("Yes, you may keep my answers").check()
    rana.page.select_option("[name=spoken_languages-0-language]", label="Deutsch – German")
    rana.page.select_option("[name=spoken_languages-0-level]", "4")
    rana.page.fill("[name=place]", "Köln-Vingst")
    rana.page.get_by_label("Monday, afternoon").check()
    rana.page.get_by_label("by phone").check()
    rana.page.fill("[name=phone]", "0221 4710042")
    rana.press("Save")

    suggested = Suggestion.objects.filter(opportunity=opportunity, volunteer__first_name="Rana")
    assert wait_for(suggested.all).get().score > 80
    match = accept_best(staff, opportunity)
    assert match.candidate.first_name == "Rana"

    (mail,) = wait_for(lambda: smtp.to(coordinator.email))
    html = mail.get_body(["html"]).get_content()
    assert mail["Content-Language"] == "ar"
    assert 'dir="rtl"' in html
    assert "Rana K." in words(mail)
    assert f"/ar/admin/matching/match/{match.pk}/" in words(mail)
    assert not any(secret in words(mail) + html for secret in ["Khoury", "4710042", "rana@example.org"])
    assert Mail.objects.filter(to=coordinator.email).count() == 1

    rana.open("matching:my_page")
    rana.press("Yes, gladly")
    wait_for(lambda: Match.objects.filter(pk=match.pk, state="interested").exists())


def test_from_a_notice_to_a_match_with_a_self_organisation(vocabulary, cast, coordinator, worker, smtp, person):
    rojda = person()
    rojda.sign_up("rojda@example.org", smtp)
    rojda.open("organisations:register_organisation")
    rojda.page.fill("[name=name]", "Elternverein Ostheim e. V.")
    rojda.page.fill("[name=town]", "Köln-Ostheim")
    rojda.page.fill("[name=contact_name]", "Rojda Demir")
    rojda.page.fill("[name=phone]", "0221 4710043")
    rojda.press("Save")
    verein = wait_for(lambda: Organisation.objects.filter(name__startswith="Elternverein").first())
    rojda.page.select_option("[name=member_languages-0-language]", label="Deutsch – German")
    rojda.page.select_option("[name=member_languages-0-level]", "4")
    vingst = rojda.page.get_by_label("Vingst", exact=True)
    rojda.page.locator("details", has=vingst).locator("summary").click()
    vingst.check()
    rojda.press("Save")

    staff = person()
    staff.log_in(cast.staff.email)
    staff.open("admin:organisations_organisation_verify", query=f"?ids={verein.pk}")
    staff.press("Verify")
    opportunity = post_opportunity(staff)

    wait_for(lambda: Suggestion.objects.filter(opportunity=opportunity, organisation=verein).exists())
    match = accept_best(staff, opportunity)
    assert match.candidate == verein
    (mail,) = wait_for(lambda: smtp.to(coordinator.email))
    assert mail["Content-Language"] == "ar"
    assert "Elternverein Ostheim e. V." in words(mail)
    assert "4710043" not in words(mail)
