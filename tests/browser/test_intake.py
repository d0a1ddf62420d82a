"""The first conversation and what belongs to it, in a real browser."""

import pytest

from tests.browser.pages import check_axe, check_page, check_width
from tests.browser.test_desk import log_in  # noqa: F401 (a fixture)
from tests.factories import FieldFactory, LanguageFactory, MatchFactory, OpportunityFactory, ProofFactory, SkillFactory
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(cast, log_in):  # noqa: F811
    """Somebody at the desk, whose agency accompanies Samira."""
    FieldFactory()
    ProofFactory()
    for code in ["de", "ar"]:
        LanguageFactory(code=code)
    SkillFactory(code="MATHE", names={"de": "Nachhilfe in Mathematik"})
    SkillFactory(code="KOCHEN", names={"de": "Für viele kochen"})
    cast.samira.accompaniments.create(agency=cast.agency)
    cast.samira.inspections.create(proof=ProofFactory(), seen_by=cast.staff)
    MatchFactory(volunteer=cast.samira, opportunity=OpportunityFactory(host=cast.agency))
    log_in(cast.staff)


def tab_to(page, selector):
    """Press Tab until the element is reached, as somebody without a mouse does."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached")


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_pages_of_a_person_are_sound(live_server, page, staff, cast, language):
    desk = f"{live_server.url}/{language}/admin/volunteers/volunteer"
    person = f"{desk}/{cast.samira.pk}"
    for address in ["sheet/", "sheet/?language=ar", "sheet/?language=fa"]:
        check_page(page, f"{desk}/{address}")
    for name in ["change", "conversation", "print", "inspect", "certificate", "reference"]:
        check_page(page, f"{person}/{name}/")
    check_page(page, f"{desk}/add/")
    for summary in page.locator("main summary, #content summary").all():
        summary.click()
    check_width(page)
    check_axe(page)


def test_a_person_is_entered_with_the_keyboard_alone(live_server, page, staff):
    page.goto(f"{live_server.url}/de/admin/volunteers/volunteer/add/")
    tab_to(page, "#id_first_name")
    page.keyboard.type("Oleh")
    tab_to(page, "input[name=consent]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=channel]")
    page.keyboard.press("Space")
    tab_to(page, "#id_phone")
    page.keyboard.type("0221 4710012")
    tab_to(page, "#id_skills_find")
    page.keyboard.type("mathem")
    page.keyboard.press("Enter")
    tab_to(page, "form .btn:not(.quiet, .faint)")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/add/" not in url)
    oleh = Volunteer.objects.get(first_name="Oleh")
    assert (oleh.phone, oleh.consents.get().given_how) == ("0221 4710012", "in_person")
    assert [row.skill.code for row in oleh.competences.all()] == ["MATHE"]


def test_a_fault_keeps_what_was_typed_without_javascript(live_server, page, new_context, staff):
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/de/admin/volunteers/volunteer/add/")
    page.locator("#id_first_name").fill("Oleh")
    page.locator("#skills summary").first.click()
    page.locator("#skills input").first.check(force=True)
    page.locator("#id_doubts").fill("Reicht mein Deutsch?")
    page.locator("form .btn:not(.quiet, .faint)").last.click()
    assert page.locator("[role=alert]").count() == 1
    assert page.locator("#id_first_name").input_value() == "Oleh"
    assert page.locator("#id_doubts").input_value() == "Reicht mein Deutsch?"
    assert page.locator("#skills input").first.is_checked()


def test_on_paper_there_are_only_the_questions(live_server, page, staff):
    page.goto(f"{live_server.url}/de/admin/volunteers/volunteer/sheet/?language=ar")
    page.emulate_media(media="print")
    assert not page.locator("#header").is_visible()
    assert not page.locator(".screen").first.is_visible()
    assert page.locator(".paper h3").first.is_visible()
