"""The finder as somebody meets it on an old phone: without JavaScript, by the keys alone, and with a way back."""

import pytest
from playwright.sync_api import expect

from matching.rescoring import rescore_everything
from tests.browser.pages import check_axe, check_width
from tests.factories import FieldFactory, LanguageFactory, NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notice(cast):
    LanguageFactory(code="de")
    notice = OpportunityFactory(
        host=cast.agency, title="Zusammen kochen", field=FieldFactory(code="KOCHEN"), german_needed=1
    )
    notice.neighbourhoods.add(NeighbourhoodFactory())
    rescore_everything()
    return notice


def choose(page, name, value):
    page.locator(f"[name={name}][value='{value}']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def test_four_questions_lead_to_an_idea_and_back(new_context, live_server, notice):
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{live_server.url}/en/")
    page.get_by_role("link", name="Not sure?").press("Enter")
    page.get_by_label("Where do you live?").fill("Vingst")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Skip this question").press("Enter")
    choose(page, "field", "KOCHEN")
    choose(page, "german", "2")

    expect(page.locator("h1")).to_have_text("This could suit you")
    assert page.locator("article h3").all_inner_texts() == ["Zusammen kochen"]
    assert "Lives in the same neighbourhood, Vingst." in page.locator("article .yes").inner_text()
    check_width(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Which languages?")
    assert page.locator("[name=place]").input_value() == "Köln-Vingst"


def test_where_nothing_suits_the_page_is_sound(page, live_server, notice):
    page.goto(f"{live_server.url}/ar/find/?place=Vingst&time=sunday&german=2&step=5")
    OpportunityFactory._meta.model.objects.update(status="closed")
    rescore_everything()
    page.reload()
    assert page.locator(".blank").is_visible()
    check_axe(page)
    check_width(page)
