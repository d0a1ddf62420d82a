"""No page without a check: the table of pages against the URLs."""

from tests.pages_table import NO_PAGES, PAGES
from tests.test_urls import entries


def ours():
    """The names of all URLs but those of the desk."""
    return {name for name, _route in entries() if not name.startswith("admin:")}


def test_every_url_is_a_page_of_the_table_or_says_why_not():
    # Whoever adds a page adds it to tests/pages_table.py.
    assert sorted(ours() - {page.url for page in PAGES} - set(NO_PAGES)) == []


def test_every_page_outside_the_desk_is_a_page_of_ours():
    named = {page.url for page in PAGES if not page.url.startswith("admin:") and not page.url.endswith("/")}
    assert sorted((named | set(NO_PAGES)) - ours()) == []


def test_nothing_is_a_page_and_not():
    assert {page.url for page in PAGES} & set(NO_PAGES) == set()
