"""Reviewing suggestions at the desk, in a real browser."""

import pytest

from matching.models import Match
from tests.browser.pages import check_axe, check_page, check_width
from tests.browser.test_desk import log_in  # noqa: F401 (a fixture)
from tests.factories import OpportunityFactory, SuggestionFactory

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


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_pages_of_the_review_are_sound(live_server, page, staff, opportunity, language):
    desk = f"{live_server.url}/{language}/admin/matching"
    check_page(page, f"{desk}/suggestion/opportunity/{opportunity.pk}/")
    for summary in page.locator("summary").all():
        summary.click()
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
