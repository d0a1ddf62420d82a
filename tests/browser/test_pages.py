"""Every page outside the desk, as ``tests/pages_table.py`` has them: for both directions, and for small screens."""

import re

import pytest
from django.conf import settings
from django.db import OperationalError

from engagement.languages import direction
from tests.browser.pages import check_page, check_width
from tests.pages_table import ACCOUNT, ALWAYS, IN_TURN, OWN, PAGES, PUBLIC, SCRIPTED, Page, languages_of
from tests.stage import Stage, enter

pytestmark = pytest.mark.django_db(transaction=True)

GROUPS = {"public": PUBLIC, "own": OWN, "account": ACCOUNT}
# By night the colours change, not the structure: one page of each kind will do.
BY_NIGHT = [page for page in PAGES if page.url in {"account_login", "matching:my_page"}] + PUBLIC[:8] + OWN[:2]


@pytest.fixture
def stage(cast):
    return Stage(cast)


@pytest.fixture
def look(new_context, live_server, stage):
    """Look at many pages with ``check``, in one window for each reader; returns what is wrong, by page."""

    def look(pages, language, check=check_page, **options):
        faults = {}
        for name in dict.fromkeys(page.reader for page in pages):
            window = open_window(new_context(**options), enter(name, stage), live_server.url)
            for page in [page for page in pages if page.reader == name]:
                try:
                    check(window, live_server.url + page.address(stage, language), page.status)
                    assert window.locator("html").get_attribute("lang") == language
                    assert window.locator("html").get_attribute("dir") == direction(language)
                except AssertionError as fault:
                    faults[str(page)] = str(fault)
            window.context.close()
        return faults

    return look


def open_window(context, client, site):
    if "session" in client.cookies:
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
    return context.new_page()


@pytest.mark.parametrize("language", ALWAYS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_sound(look, group, language):
    assert look(GROUPS[group], language) == {}


@pytest.mark.parametrize("language", IN_TURN)
def test_pages_are_sound_in_every_language(look, language, pytestconfig):
    assert look([page for page in PAGES if language in languages_of(page, pytestconfig)], language) == {}


@pytest.mark.parametrize("language", ["de", "fa"])
def test_a_language_is_chosen_on_a_phone_by_keyboard_and_without_javascript(new_context, live_server, db, language):
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{live_server.url}/{language}/?text=park")
    page.locator(".tongue summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".tongue a:visible").count() == len(settings.LANGUAGES)
    check_width(page)
    page.get_by_role("link", name="Türkçe").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tr/?text=park")


def test_pages_are_sound_by_night(look):
    assert look(BY_NIGHT, "ar", color_scheme="dark") == {}


def test_pages_read_without_javascript(look):
    # Where a page has no script, ``test_html.py`` sees that it has none.
    pages = [page for page in PAGES if page in PUBLIC or page.url in SCRIPTED]

    def has_a_heading(window, url, status):
        assert window.goto(url).status == status
        assert window.get_by_role("heading", level=1).is_visible()

    assert look(pages, "de", check=has_a_heading, java_script_enabled=False) == {}


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_the_page_for_a_failure_is_sound(look, monkeypatch, language, error, status):
    def fail(*_what):
        raise error

    monkeypatch.setattr("organisations.views.Search", fail)
    assert look([Page("organisations:browse_opportunities", status=status)], language) == {}


def test_questions_open_and_answer_without_javascript(new_context, live_server, stage):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en/")
    page.get_by_text("Where?").click()
    page.get_by_label("Town, neighbourhood or postcode").fill("Vingst")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("heading", name="1 opportunity").is_visible()
    page.get_by_role("link", name="Köln-Vingst remove").click()
    assert page.get_by_role("heading", name="6 opportunities").is_visible()
    page.locator(".map a path").click()
    assert page.get_by_role("heading", name="1 opportunity").is_visible()


def test_link_to_a_notice_can_be_copied(page, live_server, stage):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/en/opportunities/{stage.notice.pk}/")
    page.get_by_role("button", name="Share the link").click()
    page.get_by_text("The link is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{settings.SITE_URL}/en/opportunities/{stage.notice.pk}/"


def test_without_javascript_the_link_itself_is_what_is_passed_on(new_context, live_server, stage):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en/opportunities/{stage.notice.pk}/")
    assert page.get_by_role("button", name="Share the link").count() == 0
    assert page.get_by_role("link", name=f"{settings.SITE_URL}/en/opportunities/{stage.notice.pk}/").is_visible()


def test_notice_on_paper_has_slips_to_tear_off(page, live_server, stage):
    page.goto(f"{live_server.url}/de/opportunities/{stage.notice.pk}/")
    assert page.locator(".tearoff li").first.is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".tearoff li").count() == 8
    assert page.locator(".tearoff li").last.is_visible()
    assert page.get_by_role("navigation").first.is_hidden()


@pytest.mark.parametrize("language", ["de", "ar"])
def test_notice_fits_on_one_sheet_with_its_code(page, live_server, stage, language):
    page.goto(f"{live_server.url}/{language}/opportunities/{stage.notice.pk}/")
    assert page.locator(".qr").is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".qr").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
