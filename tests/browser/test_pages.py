"""Every public page, in every language: with and without JavaScript, by day and by night."""

import pytest

from tests.browser.pages import check_page

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ["de", "de-simple", "en", "ar"]

# Others add their pages here: path behind the language, and the status it answers with.
PAGES = [
    ("nothing-here/", 404),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_is_sound(live_server, page, language, path, status):
    check_page(page, f"{live_server.url}/{language}/{path}", status)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_is_sound_in_the_dark(live_server, new_context, path, status):
    page = new_context(color_scheme="dark").new_page()
    check_page(page, f"{live_server.url}/de/{path}", status)


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_page_reads_without_javascript(live_server, new_context, path, status):
    page = new_context(java_script_enabled=False).new_page()
    assert page.goto(f"{live_server.url}/de/{path}").status == status
    assert page.get_by_role("heading", level=1).is_visible()
