"""The preview: who writes an opportunity sees its page before anybody else does, and nobody else sees it."""

import pytest
from django.urls import reverse
from django.utils import translation

from organisations.models import Opportunity
from tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    draft = OpportunityFactory(host=cast.mso, agency=cast.agency, status="draft", title="Hausaufgabenhilfe")
    draft.texts.create(language="ar", title="مساعدة في الواجبات")
    return draft


def look(client, opportunity, language="de"):
    with translation.override(language):
        return client.get(reverse("organisations:preview_opportunity", args=[opportunity.pk]))


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_strangers_do_not_see_a_draft(client, cast, draft, who):
    if who == "stranger":
        client.force_login(cast.stranger)
    page = look(client, draft)
    assert page.status_code == (404 if who == "stranger" else 302)
    assert "Hausaufgabenhilfe" not in page.content.decode()


@pytest.mark.parametrize("who", ["contact", "staff", "administrator"])
def test_whoever_writes_it_sees_it_as_the_board_will_show_it(client, cast, draft, who):
    client.force_login(getattr(cast, who))
    page = look(client, draft)
    assert [template.name for template in page.templates][:2] == [
        "organisations/preview_opportunity.html",
        "organisations/show_opportunity.html",
    ]
    assert "Hausaufgabenhilfe</h1>" in page.content.decode()


def test_each_language_has_its_own_preview(client, cast, draft):
    client.force_login(cast.staff)
    page = look(client, draft, "ar")
    assert "مساعدة في الواجبات</h1>" in page.content.decode()
    assert page["Content-Language"] == "ar"


@pytest.mark.parametrize(
    ("who", "form"),
    [("contact", "organisations:edit_opportunity"), ("staff", "admin:organisations_opportunity_change")],
)
def test_from_the_preview_a_link_leads_back_to_one_s_form(client, cast, draft, who, form):
    client.force_login(getattr(cast, who))
    assert reverse(form, args=[draft.pk]) in look(client, draft).content.decode()


def test_no_search_engine_keeps_a_preview(client, cast, draft):
    client.force_login(cast.staff)
    page = look(client, draft)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page.content.decode()
    assert "application/ld+json" not in page.content.decode()
    assert 'rel="canonical"' not in page.content.decode()


def test_nobody_says_yes_to_a_preview(client, cast, draft):
    client.force_login(cast.staff)
    assert reverse("matching:express_interest", args=[draft.pk]) not in look(client, draft).content.decode()


def test_an_opportunity_without_a_word_has_a_preview(client, cast, draft):
    draft.texts.all().delete()
    Opportunity.objects.filter(pk=draft.pk).update(city=None, place="city")
    client.force_login(cast.staff)
    assert look(client, draft).status_code == 200
