"""Valid HTML: every page that ``urls_table.py`` and ``pages_table.py`` know, one run of the W3C's checker."""

import re

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from tests.browser.nu import nu_errors
from tests.pages_table import PAGES, SCRIPTED, languages_of
from tests.stage import Stage, enter
from tests.test_urls import Rows, address, declared, entries, reader
from tests.urls_table import READERS

pytestmark = pytest.mark.django_db

# What Django itself gets wrong: the end of the fault, and the reason why it stays.
EXCEPTIONS = {
    "label” on element “nav” from namespace “http://www.w3.org/1999/xhtml” is not in Unicode Normalization Form C.": (
        "The catalogue of Django has the Arabic “breadcrumbs” with two marks in the other order; nobody sees it."
    ),
    "Should instead be “عدِّل أو استعرض رابط القائم”. (Copy and paste that into your source document to replace the "
    "un-normalized text.)": "The same for the Arabic “Change or view the existing link”.",
}
# Data for search engines is no script.
SCRIPT = re.compile(r"<script(?! type=\"application/ld\+json\")")
# The pages for what went wrong stand alone, and no address leads to them.
ERRORS = ["400.html", "403_csrf.html", "500.html", "503.html"]


def pages_of_the_table(cast, config):
    """(name, response) of every page outside the desk."""
    stage = Stage(cast)
    sessions = {name: enter(name, stage) for name in {page.reader for page in PAGES}}
    for page in PAGES:
        for language in languages_of(page, config):
            response = sessions[page.reader].get(page.address(stage, language))
            assert response.status_code == page.status, page
            yield f"{language} {page}", response


def pages_of_the_desk(rows):
    """The same for the desk, read by the most mighty who may."""
    expected = declared()
    sessions = {name: reader(name, rows.cast) for name in READERS}
    for language in ["de", "ar"]:
        with translation.override(language):
            for url, route in entries():
                if url.startswith("admin:") and "P" in expected[url]:
                    who = READERS[expected[url].rindex("P")]
                    yield f"{language} {url} ({who})", sessions[who].get(address(url, route, rows))


def pages_for_errors():
    for language in ["de", "ar"]:
        with translation.override(language):
            yield from [(f"{language} {name}", HttpResponse(render_to_string(name))) for name in ERRORS]


def test_every_page_is_valid_html(cast, tmp_path, pytestconfig):
    rows = Rows(cast)
    names = {}
    for pages in [pages_of_the_desk(rows), pages_of_the_table(cast, pytestconfig), pages_for_errors()]:
        for name, response in pages:
            if response["Content-Type"].startswith("text/html"):
                file = tmp_path / f"{len(names)}.html"
                file.write_bytes(response.content)
                names[file.name] = name
    assert len(names) > 200
    faults = [fault for fault in nu_errors(sorted(tmp_path.iterdir())) if not fault.endswith(tuple(EXCEPTIONS))]
    assert [(names[fault.split('"')[1].rsplit("/", 1)[-1]], fault) for fault in faults] == []


def test_pages_have_no_script_that_nobody_declared(cast, pytestconfig):
    pages = pages_of_the_table(cast, pytestconfig)
    scripted = {name for name, response in pages if SCRIPT.search(response.content.decode())}
    assert {name.split()[1] for name in scripted} == SCRIPTED
