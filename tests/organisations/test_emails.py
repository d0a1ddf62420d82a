"""The mails about saved searches, read as their readers get them."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from engagement.models import Mail
from organisations import saving, telling
from organisations.models import OpportunityText, SavedSearch
from tests.factories import FieldFactory, NeighbourhoodFactory, OpportunityFactory, SavedSearchFactory, UserFactory
from tests.letters import check_parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity():
    opportunity = OpportunityFactory(
        title="Lesen & Schreiben",
        published_at=timezone.now() - timedelta(days=1),
        neighbourhoods=[NeighbourhoodFactory()],
        times=[2, 5],
        field=FieldFactory(code="SPORT", names={"de": "Sport & Spiel"}),
    )
    OpportunityFactory(published_at=timezone.now() - timedelta(days=1), field=opportunity.field)
    return opportunity


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_text_and_html_say_the_same_in_the_language_of_the_reader(opportunity, language, direction):
    with translation.override(language):
        saving.ask("seeker@example.org", "field=SPORT")
    SavedSearchFactory(query="field=SPORT", language=language)
    assert telling.tell_due() == 1
    for mail in Mail.objects.all():
        check_parts(mail, language, direction)
        assert f"http://localhost:8000/{language}/search/stop/" in mail.text
        assert "Sport & Spiel" in mail.text


def test_a_text_in_another_language_is_marked(opportunity):
    OpportunityText.objects.create(opportunity=opportunity, language="ar", title="القراءة")
    SavedSearchFactory(language="ar")
    SavedSearchFactory(language="en")
    telling.tell_due()
    arabic, english = (Mail.objects.get(language=language) for language in ["ar", "en"])
    assert "القراءة" in arabic.text
    assert '<bdi lang="de" dir="ltr">Lesen &amp; Schreiben</bdi>' in english.html


def test_a_mail_says_nothing_about_its_reader(opportunity):
    user = UserFactory(name="Kanarie", email="kanarie@example.org", language="en")
    saving.keep(user, "")
    SavedSearch.objects.update(seen_until=timezone.now() - timedelta(days=2))
    telling.tell_due()
    mail = Mail.objects.get()
    assert mail.to == "kanarie@example.org"
    assert "kanarie" not in (mail.subject + mail.text + mail.html).lower()


def test_what_a_visitor_typed_stays_text(opportunity):
    saving.ask("seeker@example.org", "text=%3Cb%3Ex%26")
    mail = Mail.objects.get()
    assert "<b>x&" in mail.text
    assert "&lt;b&gt;x&amp;" in mail.html


def test_an_opportunity_without_a_text_spoils_no_mail(opportunity):
    opportunity.texts.all().delete()
    SavedSearchFactory(language="en")
    assert telling.tell_due() == 1
    assert "None" not in Mail.objects.get().text
