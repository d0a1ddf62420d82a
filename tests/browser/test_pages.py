"""Every public page, in every language: with and without JavaScript, by day and by night."""

import pytest

from engagement.models import Level
from organisations.models import NeededLanguage
from tests.browser.nu import nu_errors
from tests.browser.pages import check_page
from tests.factories import LanguageFactory, NeighbourhoodFactory, OpportunityFactory, ProofFactory, SkillFactory

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ["de", "de-simple", "en", "ar"]

# Others add their pages here: path behind the language, and the status it answers with.
PAGES = [
    ("", 200),
    ("?place=Vingst&language=ar&german=2&text=hilfe", 200),
    ("?text=nothing-like-that&place=Nowhere", 200),
    ("opportunities/{notice}/", 200),
    ("opportunities/{notice}/interest/", 200),
    ("opportunities/{notice}/interest/sent/", 200),
    ("opportunities/0/", 404),
    ("nothing-here/", 404),
]


@pytest.fixture
def address(live_server, cast):
    """The address of a page, on a board with one notice that says much and one that says nothing."""
    notice = OpportunityFactory(
        title="Hausaufgaben-Hilfe",
        neighbourhoods=[NeighbourhoodFactory()],
        german_needed=Level.A2,
        times=[1, 4, 20],
        frequency="weekly",
        has_trial_visit=True,
        gives_certificate=True,
        min_age=16,
        contact_name="Elif Yildiz",
        contact_phone="0221 4710011",
    )
    notice.proofs.add(ProofFactory())
    notice.skills_required.add(SkillFactory())
    NeededLanguage.objects.create(opportunity=notice, language=LanguageFactory(), level=Level.B2)
    OpportunityFactory(title="Freundschaftsbesuchsdienstkoordinationsgruppe")
    return lambda language, path: f"{live_server.url}/{language}/{path.format(notice=notice.pk)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_is_sound(page, address, language, path, status):
    check_page(page, address(language, path), status)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_is_sound_in_the_dark(new_context, address, path, status):
    check_page(new_context(color_scheme="dark").new_page(), address("ar", path), status)


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_reads_without_javascript(new_context, address, path, status):
    page = new_context(java_script_enabled=False).new_page()
    assert page.goto(address("de", path)).status == status
    assert page.get_by_role("heading", level=1).is_visible()


def test_pages_are_valid_html(client, address, live_server, tmp_path):
    for number, (path, _status) in enumerate(PAGES):
        for language in LANGUAGES:
            response = client.get(address(language, path).removeprefix(live_server.url))
            (tmp_path / f"{number}-{language}.html").write_bytes(response.content)
    assert nu_errors(sorted(tmp_path.iterdir())) == []


def test_questions_open_and_answer_without_javascript(new_context, address):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(address("en", ""))
    page.get_by_text("Where?").click()
    page.get_by_label("Town, neighbourhood or postcode").fill("Vingst")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("heading", name="1 opportunity").is_visible()
    page.get_by_role("link", name="Köln-Vingst remove").click()
    assert page.get_by_role("heading", name="2 opportunities").is_visible()


def test_notice_on_paper_has_slips_to_tear_off(page, address):
    page.goto(address("de", "opportunities/{notice}/"))
    assert page.locator(".tearoff li").first.is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".tearoff li").count() == 8
    assert page.locator(".tearoff li").last.is_visible()
    assert page.get_by_role("navigation").first.is_hidden()
