"""The pages that an operator must have: texts from files, and what is missing is told before visitors see it."""

import pytest

from engagement.duties import check_duties
from tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(settings, tmp_path):
    settings.OPERATOR_TEXTS = str(tmp_path)
    return tmp_path


def test_what_the_operator_wrote_is_shown_in_paragraphs_with_its_headings(client, texts):
    (texts / "imprint.de.txt").write_text("# Wer wir sind\n\nVerein <Brücke> e. V.\nHauptstraße 1\n\npost@example.org")
    html = client.get("/de/imprint/").content.decode()
    assert "<h2>Wer wir sind</h2>" in html
    assert "<p>Verein &lt;Brücke&gt; e. V.<br>Hauptstraße 1</p>" in html
    assert '<a href="mailto:post@example.org">post@example.org</a>' in html


def test_a_text_in_another_language_than_the_page_is_marked(client, texts):
    (texts / "imprint.de.txt").write_text("Verein Brücke e. V.")
    assert 'lang="de" dir="ltr">\n<p>Verein Brücke' in client.get("/ar/imprint/").content.decode()
    (texts / "imprint.ar.txt").write_text("جمعية الجسر")
    assert 'lang="ar" dir="rtl">\n<p>جمعية الجسر' in client.get("/ar/imprint/").content.decode()


@pytest.mark.parametrize("page", ["imprint", "privacy", "accessibility"])
def test_a_page_without_a_text_is_a_page_all_the_same(client, texts, page):
    (texts / f"{page}.de.txt").mkdir()
    assert client.get(f"/en/{page}/").status_code == 200


def test_bytes_that_are_no_text_harm_nobody(client, texts):
    (texts / "imprint.de.txt").write_bytes(b"Verein \xff\x00 Br\xfccke")
    assert client.get("/de/imprint/").status_code == 200


def test_feedback_about_barriers_goes_where_the_operator_wants_it(client, settings):
    settings.FEEDBACK_EMAIL, settings.HELP_PHONE = "barriers@example.org", "0221 4710000"
    html = client.get("/en/accessibility/").content.decode()
    assert 'href="mailto:barriers@example.org?subject=A%20barrier%20on%20the%20site"' in html
    assert 'href="tel:+492214710000"' in html


def test_privacy_names_who_is_responsible(client, settings):
    settings.OPERATOR, settings.PRIVACY_EMAIL = "Verein Brücke e. V., Hauptstraße 1", "data@example.org"
    html = client.get("/en/privacy/").content.decode()
    assert "Verein Brücke e. V., Hauptstraße 1" in html
    assert "mailto:data@example.org" in html


@pytest.mark.parametrize("path", ["/en/", "/en/nothing-here/", "/en/account/login/"])
def test_every_page_leads_to_them(client, path):
    html = client.get(path).content.decode()
    assert [page for page in ("imprint", "privacy", "accessibility") if f'href="/en/{page}/"' not in html] == []


def test_the_operator_hears_what_is_missing(settings, texts):
    settings.OPERATOR, settings.PRIVACY_EMAIL, settings.FEEDBACK_EMAIL = "Verein", "data@example.org", ""
    (texts / "imprint.de.txt").write_text("Verein")
    (texts / "privacy.de.txt").write_text(" \n")
    hints = [hint.msg for hint in check_duties()]
    assert hints == [
        f"The page “privacy” is empty: write privacy.de.txt into the folder {texts}.",
        f"The page “accessibility” is empty: write accessibility.de.txt into the folder {texts}.",
        "FEEDBACK_EMAIL is not set: visitors do not learn whom to ask.",
    ]


def test_whoever_is_asked_for_data_is_told_what_becomes_of_them(client, cast):
    opportunity = OpportunityFactory()
    client.force_login(cast.samira.user)
    for path in ("/en/profile/", f"/en/opportunities/{opportunity.pk}/interest/", "/en/?place="):
        form = client.get(path).content.decode().split("<main")[1].split("<footer")[0]
        assert 'href="/en/privacy/"' in form, path
