"""Writing an opportunity at the desk: one language beside German at a time, and advice while typing."""

import pytest

from tests.browser.pages import check_axe, check_width
from tests.browser.test_desk import log_in  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/de/admin/organisations/opportunity/add/"
TITLE, BODY, ADVICE = "#id_title_de-simple", "#id_body_de-simple", "#advice_body_de-simple li"


@pytest.fixture
def form(page, live_server, log_in, cast):  # noqa: F811 (the fixture)
    log_in(cast.staff)
    page.goto(live_server.url + ADD)
    return page


def test_advice_follows_what_is_typed(form):
    form.fill(BODY, "Du könntest helfen.")
    form.wait_for_selector(ADVICE)
    assert "kannst" in form.locator(ADVICE).inner_text()
    form.fill(BODY, "Du kannst helfen.")
    form.wait_for_selector(ADVICE, state="detached")


def test_one_language_stands_beside_german_and_nothing_typed_is_lost(form):
    form.fill("#id_title_de", "Vorlesen")
    form.fill(TITLE, "Du liest vor")
    form.locator(".tongues summary").nth(3).click()
    form.fill("#id_title_ar", "القراءة")
    assert not form.locator(TITLE).is_visible()
    assert form.locator("#id_title_de").is_visible()
    form.locator(".tongues summary").first.click()
    assert (form.input_value(TITLE), form.input_value("#id_title_ar")) == ("Du liest vor", "القراءة")
    check_width(form)


def test_the_enter_key_saves_and_keeps_what_is_typed_where_something_is_missing(form):
    form.fill("#id_title_de", "Vorlesen")
    form.press("#id_title_de", "Enter")
    form.wait_for_selector(".errornote")
    check_axe(form)
    assert form.input_value("#id_title_de") == "Vorlesen"


def test_without_javascript_a_button_asks_for_the_advice(form, new_context, live_server):
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(form.context.cookies())
    page = plain.new_page()
    page.goto(live_server.url + ADD)
    page.fill(TITLE, "Du liest vor")
    page.fill(BODY, "Du könntest helfen.")
    page.click("[name=_check]")
    assert page.locator(ADVICE).count() == 1
    assert page.input_value(TITLE) == "Du liest vor"
