"""Reviewing suggestions at the desk, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching import review
from matching.models import Match, MatchEvent
from tests.browser.pages import check_axe, check_page, check_width
from tests.browser.test_desk import log_in  # noqa: F401 (a fixture)
from tests.factories import MatchFactory, OpportunityFactory, SuggestionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opportunity(cast):
    opportunity = OpportunityFactory(host=cast.agency, agency=cast.agency, title="Lesen üben", times=[1, 4])
    SuggestionFactory(opportunity=opportunity, volunteer=cast.samira, score=88, language=30)
    SuggestionFactory(opportunity=opportunity, volunteer=None, organisation=cast.mso, score=63)
    return opportunity


@pytest.fixture
def staff(cast, log_in):  # noqa: F811
    log_in(cast.staff)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_pages_of_the_review_are_sound(live_server, page, staff, cast, opportunity, language):
    desk = f"{live_server.url}/{language}/admin/matching"
    answers = {"state": "declined", "reason": "too_far", "declined_by": "candidate"}
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=cast.samira, **answers)
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=cast.samira)
    SuggestionFactory(volunteer=cast.samira, opportunity=OpportunityFactory(host=cast.agency))
    review.accept(SuggestionFactory(opportunity=opportunity), by=cast.staff)
    for address in (f"opportunity/{opportunity.pk}", f"volunteer/{cast.samira.pk}"):
        check_page(page, f"{desk}/suggestion/{address}/")
        for summary in page.locator("summary").all():
            summary.click()
        page.locator("[name=marked]").first.check()
        check_width(page)
        check_axe(page)
    page.goto(f"{desk}/suggestion/")
    page.locator("input[name=_selected_action]").first.check()
    page.select_option("select[name=action]", "decline_selected")
    page.locator("button[name=index]").click()
    assert page.locator("input[name=confirmed]").count() == 1
    check_width(page)
    check_axe(page)


def test_one_is_declined_and_another_accepted_without_javascript(
    live_server, page, new_context, staff, cast, opportunity
):
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/en/admin/matching/suggestion/opportunity/{opportunity.pk}/")
    card = page.locator(f"#organisation-{cast.mso.pk}")
    card.get_by_text("Decline …").click()
    card.get_by_label("too far").check(force=True)
    card.get_by_label("Note").last.fill("Rheinseite")
    card.get_by_role("button", name="Decline", exact=True).click()
    page.locator(f"#volunteer-{cast.samira.pk}").get_by_role("button", name="Accept").click()
    assert "Samira H.: the state is now “proposed”." in page.locator("main").inner_text()
    assert sorted(Match.objects.values_list("state", "reason")) == [("declined", "too_far"), ("proposed", "")]


def test_several_are_decided_and_taken_back_without_javascript(live_server, page, new_context, staff, opportunity):
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/en/admin/matching/suggestion/opportunity/{opportunity.pk}/")
    assert not page.get_by_text("Use these keys").is_visible()
    for box in page.locator("[name=marked]").all():
        box.check()
    several = page.locator("#several")
    several.locator("summary").click()
    several.get_by_label("language not sufficient").check(force=True)
    several.get_by_role("button", name="Decline", exact=True).click()
    assert states() == ["declined", "declined"]
    page.get_by_role("button", name="Undo").click()
    assert states() == ["", ""]
    assert "Taken back, and as it was before" in page.locator("main").inner_text()


def states():
    return list(Match.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def queue(live_server, page, staff, opportunity):
    """The page of the opportunity, used by nothing but keys."""
    page.goto(f"{live_server.url}/en/admin/matching/suggestion/opportunity/{opportunity.pk}/")
    return page


def press(page, *keys):
    """Keys that lead to another page, which is there when this returns."""
    *before, last = keys
    for key in before:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(last)


def test_one_key_accepts_and_two_decline(queue, cast, opportunity):
    press(queue, "j", "a")
    assert Match.objects.get().candidate == cast.mso
    press(queue, "x", "2")
    decided = Match.objects.get(volunteer=cast.samira)
    assert (decided.state, decided.reason) == ("declined", "too_far")
    press(queue, "u")
    assert sorted(states()) == ["", "proposed"]


def test_a_key_parks_for_a_while(queue, cast):
    press(queue, "p", "Enter")
    assert Match.objects.get().parked_until > timezone.localdate() + timedelta(days=20)


def test_who_writes_decides_nothing(queue, cast):
    queue.keyboard.press("x")
    card = queue.locator(f"#volunteer-{cast.samira.pk}")
    card.get_by_label("Note").last.focus()
    queue.keyboard.type("japan 1 u?")
    assert card.get_by_label("Note").last.input_value() == "japan 1 u?"
    press(queue, "Escape", "3")
    assert MatchEvent.objects.get().note == "japan 1 u?"
    assert Match.objects.get().reason == "language"


def test_keys_mark_several_and_lead_to_the_next_opportunity(queue, cast, opportunity):
    other = SuggestionFactory(opportunity=OpportunityFactory(host=cast.agency)).opportunity
    queue.reload()
    for key in ("m", "j", "m"):
        queue.keyboard.press(key)
    assert queue.locator("[name=marked]:checked").count() == 2
    press(queue, "n")
    assert f"/opportunity/{other.pk}/" in queue.url
    press(queue, "b")
    assert f"/opportunity/{opportunity.pk}/" in queue.url


def test_keys_can_be_switched_off(queue, cast):
    queue.keyboard.press("?")
    queue.get_by_label("Use these keys").uncheck()
    queue.reload()
    queue.keyboard.press("a")
    assert queue.locator("body.with-keys").count() == 0
    assert states() == []


def test_by_keyboard_the_second_sees_who_decided(queue, cast, opportunity):
    review.decline(opportunity.suggestions.get(volunteer=cast.samira), by=cast.administrator, reason="too_far")
    press(queue, "a")
    assert "Samira H.: Admin decided first" in queue.locator("main").inner_text()
    assert states() == ["declined"]
