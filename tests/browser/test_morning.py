"""A morning at the desk, in a real browser and by keyboard: from what waits to an empty desk."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from matching.models import Accompaniment, Match
from organisations.models import Opportunity
from tests.browser.pages import check_page
from tests.browser.test_desk import log_in  # noqa: F401 (a fixture)
from tests.factories import (
    MatchFactory,
    OpportunityFactory,
    OrganisationFactory,
    ProofFactory,
    SuggestionFactory,
    VolunteerFactory,
)
from tests.organisations.exchange import files

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_WEEK = (timezone.localdate() + timedelta(days=7)).isoformat()
CLICKS = Path(__file__).parents[2] / "docs" / "desk.md"


@pytest.fixture
def work(cast):
    """One of everything that waits at the desk of the agency."""
    now, today = timezone.now(), timezone.localdate()
    mine = {"host": cast.agency, "agency": cast.agency, "place": "remote"}
    reading = OpportunityFactory(**mine, title="Lesen üben", contact_name="Elif Yildiz")
    for name, state in [
        ("Mariam", {"state": Match.State.INTERESTED, "changed_at": now - timedelta(days=30)}),
        ("Dmytro", {"state": Match.State.TRIAL, "trial_on": today - timedelta(days=2)}),
        ("Rojda", {"state": Match.State.PLACED, "checkin_due": today}),
        ("Ali", {"state": Match.State.PARKED, "parked_until": today}),
    ]:
        MatchFactory(opportunity=reading, volunteer=VolunteerFactory(first_name=name, last_name=""), **state)
    hoa = VolunteerFactory(first_name="Hoa", last_name="", created_at=now - timedelta(days=40), channel="phone")
    Accompaniment.objects.create(volunteer=hoa, agency=cast.agency)
    hoa.inspections.create(proof=ProofFactory(), seen_on=today - timedelta(days=1800), recheck_on=today)
    OrganisationFactory(kind="mso", name="Nachbarn e. V.", verified_at=None)
    OpportunityFactory(**mine, title="Sommerfest", valid_until=today + timedelta(days=3))
    cooking = OpportunityFactory(**mine, title="Kochgruppe", confirmed_at=now - timedelta(days=91))
    later = {"state": Match.State.PLACED, "checkin_due": today + timedelta(days=20)}
    MatchFactory(opportunity=cooking, volunteer=VolunteerFactory(first_name="Oleh"), **later)
    SuggestionFactory(opportunity=reading, volunteer=hoa)
    return reading


class Hand:
    """Somebody who works with the keyboard alone; counts what is pressed, as a mouse would click."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def go(self, target):
        """To it by Tab."""
        for _ in range(400):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not lead to {target}")

    def press(self, target):
        """What it does leads to another page, or to this one anew."""
        self.go(target)
        self.key("Enter")

    def unfold(self, words):
        self.go(self.page.locator("summary", has_text=words))
        self.presses += 1
        self.page.keyboard.press("Enter")

    def key(self, name):
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press(name)

    def follow(self, name):
        self.press(self.page.locator("main").get_by_role("link", name=name).first)

    def answer(self, name):
        self.press(self.page.get_by_role("button", name=name, exact=True).first)

    def fill(self, label, text):
        self.page.get_by_label(label).first.fill(text)


@pytest.fixture
def hand(page, live_server, log_in, cast):  # noqa: F811
    """At the desk, in English."""
    log_in(cast.staff)
    page.goto(f"{live_server.url}/en/admin/")
    return Hand(page)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
@pytest.mark.parametrize("reader", ["staff", "administrator", "stranger"])
def test_the_desk_is_sound(live_server, page, log_in, cast, work, reader, language):  # noqa: F811
    log_in(getattr(cast, reader))
    check_page(page, f"{live_server.url}/{language}/admin/")


# --- How many presses a task takes ------------------------------------------------------------------------------------


def promised():
    """What the table of the documentation says, by task."""
    table = CLICKS.read_text().split("## ")[1]
    return {task: int(presses) for task, presses in re.findall(r"^\| ([A-Z][^|]+) \| (\d+) \|", table, re.MULTILINE)}


def answer(hand):
    hand.follow("Mariam")
    hand.fill("When is the trial visit?", NEXT_WEEK)
    hand.answer("Trial visit agreed")
    return Match.objects.get(volunteer__first_name="Mariam").state == "trial"


def decide(hand):
    hand.follow("Review suggestions")
    hand.key("a")
    return Match.objects.filter(volunteer__first_name="Hoa", state="proposed").exists()


def enter_a_person(hand):
    hand.follow("Enter a person")
    return hand.page.locator("form:has([name=first_name]):has([name=consent])").get_by_role("button").last.is_visible()


def post_an_opportunity(hand):
    hand.follow("Post an opportunity")
    return hand.page.locator("form:has([name=title_de]) [name=_save]").last.is_visible()


def say_that_it_is_current(hand):
    hand.press(hand.page.get_by_role("button", name="Still current: Kochgruppe"))
    return not Opportunity.objects.unconfirmed().exists()


def import_a_file(hand):
    hand.follow("Import a file")
    offers = files.freinet_list([files.an_offer()])
    file = {"name": "angebote.xml", "mimeType": "application/xml", "buffer": offers}
    hand.page.locator("[name=file]").set_input_files(file)
    hand.answer("Show what would change")
    for question in hand.page.locator("select[name^=field_]").all():
        question.select_option(index=1)
    hand.answer("Take over")
    return Opportunity.objects.filter(texts__title="Vorlesen für Kinder").exists()


TASKS = {
    "Answer somebody who is interested": answer,
    "Decide a suggestion": decide,
    "Enter a person": enter_a_person,
    "Post an opportunity": post_an_opportunity,
    "Import a file": import_a_file,
    "Say that an opportunity is still current": say_that_it_is_current,
}


def test_every_promise_is_counted():
    assert promised().keys() == TASKS.keys()


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_as_many_presses_as_promised(work, hand, task):
    assert TASKS[task](hand)
    assert hand.presses == promised()[task]


# --- The morning ------------------------------------------------------------------------------------------------------


def labels(page):
    return page.locator("table.list th a").all_inner_texts()


def answer_people(hand, page, desk):
    hand.follow("Mariam")
    hand.fill("When is the trial visit?", NEXT_WEEK)
    hand.answer("Trial visit agreed")
    page.goto(desk)

    hand.follow("Dmytro")
    hand.unfold("Agreement made")
    hand.answer("Agreement made")
    page.goto(desk)

    hand.follow("Rojda")
    hand.answer("Goes well")
    page.goto(desk)

    hand.follow("Ali")
    hand.answer("Accept")
    page.goto(desk)


def look_after_offers_and_papers(hand, page, desk):
    hand.follow("Nachbarn e. V.")
    hand.follow("Verify")
    hand.answer("Verify")
    page.goto(desk)

    hand.press(page.get_by_role("button", name="Still current: Kochgruppe"))

    hand.follow("Sommerfest")
    page.locator("[name=status][value=closed]").check(force=True)
    hand.answer("Save")
    page.goto(desk)

    hand.follow("Hoa")
    hand.fill("Date on the proof", timezone.localdate().isoformat())
    page.locator("#proof-proof").select_option(index=1)
    hand.answer("Seen, nothing against it")
    page.goto(desk)


def test_a_morning_ends_with_an_empty_desk(live_server, work, hand, cast):
    page, desk = hand.page, f"{live_server.url}/en/admin/"
    answer_people(hand, page, desk)
    look_after_offers_and_papers(hand, page, desk)
    hand.follow("Review suggestions")
    hand.key("a")
    page.goto(desk)
    assert labels(page) == []
    assert page.get_by_role("heading", name="Nothing waits for you").is_visible()
