from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engagement.models import Level
from organisations.filters import Questions
from organisations.models import NeededLanguage, Opportunity, OpportunityText
from tests.factories import (
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    ProofFactory,
)

pytestmark = pytest.mark.django_db
BOARD = "/de/"


def page_of(opportunity, language="de"):
    return f"/{language}/opportunities/{opportunity.pk}/"


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Opportunity.Status.DRAFT},
        {"status": Opportunity.Status.FILLED},
        {"status": Opportunity.Status.CLOSED},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
    ],
)
def test_what_is_not_open_is_neither_on_the_board_nor_has_a_page(client, hidden):
    opportunity = OpportunityFactory(title="Secret", **hidden)
    assert "Secret" not in client.get(BOARD).content.decode()
    response = client.get(page_of(opportunity))
    assert response.status_code == 404
    assert "Secret" not in response.content.decode()


def test_whoever_is_not_verified_posts_nothing_in_public(client):
    host = OrganisationFactory(verified_at=None)
    opportunity = OpportunityFactory(title="Secret", host=host)
    assert "Secret" not in client.get(BOARD).content.decode()
    assert client.get(page_of(opportunity)).status_code == 404


def test_gone_looks_the_same_as_never_there(client):
    draft = OpportunityFactory(status=Opportunity.Status.DRAFT)
    gone = client.get(page_of(draft)).content.decode()
    never = client.get("/de/opportunities/999999999999/").content.decode()
    assert gone.replace(f"opportunities/{draft.pk}/", "") == never.replace("opportunities/999999999999/", "")


def test_board_shows_title_and_links_to_the_page(client):
    opportunity = OpportunityFactory(title="Hausaufgabenhilfe")
    html = client.get(BOARD).content.decode()
    assert f'<a href="{page_of(opportunity)}">Hausaufgabenhilfe</a>' in html


def test_text_in_another_language_is_marked(client):
    opportunity = OpportunityFactory(title="Hausaufgabenhilfe")
    for address in ["/ar/", page_of(opportunity, "ar")]:
        assert '<bdi lang="de" dir="ltr">Hausaufgabenhilfe</bdi>' in client.get(address).content.decode()


def test_reader_gets_the_text_in_the_own_language(client):
    opportunity = OpportunityFactory(title="Hausaufgabenhilfe")
    OpportunityText.objects.create(opportunity=opportunity, language="de-simple", title="Hausaufgaben-Hilfe")
    html = client.get(page_of(opportunity, "de-simple")).content.decode()
    assert "<h1>Hausaufgaben-Hilfe</h1>" in html


def test_reader_finds_the_text_in_every_language_that_has_one(client):
    opportunity = OpportunityFactory(title="Hausaufgabenhilfe")
    page = page_of(opportunity, "ar")
    assert "/de/" not in client.get(page).content.decode().split("<h1>")[1].split("</section>")[0]
    OpportunityText.objects.create(opportunity=opportunity, language="de-simple", title="Hausaufgaben-Hilfe")
    link = f'<a href="{page_of(opportunity, "de-simple")}" lang="de-simple" dir="ltr">Einfache Sprache</a>'
    assert client.get(page).content.decode().split("<h1>")[1].count(link) == 1


def rich_opportunity():
    opportunity = OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()], german_needed=Level.A2)
    NeededLanguage.objects.create(opportunity=opportunity, language=LanguageFactory())
    opportunity.proofs.add(ProofFactory())
    return opportunity


@pytest.mark.parametrize("query", ["", "?place=Vingst&language=ar&german=2&field=LERNHILFE"])
def test_number_of_queries_does_not_grow_with_the_notices(client, query, django_assert_max_num_queries):
    rich_opportunity()
    with django_assert_max_num_queries(40) as one:
        client.get(BOARD + query)
    for _ in range(2):
        rich_opportunity()
    with django_assert_max_num_queries(len(one)):
        client.get(BOARD + query)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999999999999999", "%00", ""])
def test_any_page_number_answers(client, page):
    OpportunityFactory(title="Here")
    response = client.get(f"{BOARD}?page={page}")
    assert response.status_code == 200
    assert "Here" in response.content.decode()


NAMES = [*Questions.base_fields, "page", "order", "question", "csrfmiddlewaretoken", "\0", "utm_source"]
HOSTILE = ["\0", "\ud800", "\u202e", "%", "'", '"', "<", "&", "\\", "(?", "9" * 5000, "-1", "1e999", "٣", "\U0010ffff"]
KNOWN = ["on", "2", "next", "Köln", "kochen", "day", "new"]
words = st.lists(st.sampled_from(HOSTILE + KNOWN) | st.text(max_size=20), max_size=4)


@given(st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), words.map("".join)), max_size=12))
@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_whatever_gets_a_page(client, asked):
    query = urlencode(asked, errors="surrogatepass")
    assert client.get(f"{BOARD}?{query}").status_code == 200


def test_more_names_than_anybody_can_ask_for_get_a_page(client):
    OpportunityFactory(title="Here")
    response = client.get(BOARD + "?" + "a&" * 2000)
    assert (response.status_code, "Here" in response.content.decode()) == (200, True)


def test_what_is_not_understood_is_named_as_text(client):
    html = client.get("/en/", {"german": "<b>99"}).content.decode()
    assert "We did not understand: <bdi>&lt;b&gt;99</bdi>" in html


def test_pages_know_each_other_and_keep_the_question(client):
    for _ in range(13):
        OpportunityFactory(german_needed=Level.A1)
    html = client.get(f"{BOARD}?german=1").content.decode()
    assert '<link rel="next" href="?german=1&amp;page=2">' in html
    assert '<link rel="prev" href="?german=1&amp;page=1">' in client.get(f"{BOARD}?german=1&page=99").content.decode()


def test_languages_lead_to_the_same_question(client):
    html = client.get(f"{BOARD}?text=park").content.decode()
    assert '<link rel="alternate" hreflang="ar" href="http://localhost:8000/ar/">' in html
    assert '<a href="/de-simple/?text=park" lang="de-simple" dir="ltr">Einfache Sprache</a>' in html


def test_what_visitors_type_stays_text(client):
    html = client.get(BOARD, {"text": '"><script>x</script>', "place": "<b>"}).content.decode()
    assert "<script>x" not in html
    assert "<b>&" not in html


def test_nothing_found_helps(client, settings):
    settings.HELP_PHONE = "0221 4710000"
    OpportunityFactory(title="Fußball", german_needed=Level.B2)
    html = client.get(f"{BOARD}?text=fussball&german=1").content.decode()
    assert 'href="?text=fussball"' in html
    assert html.count("tel:+492214710000") == 2


def test_unknown_is_a_question_and_never_a_no(client):
    opportunity = OpportunityFactory(german_needed=None, is_in_team=None, reimbursement="", has_trial_visit=None)
    html = client.get(page_of(opportunity, "en")).content.decode()
    assert html.count("ot known yet. Please ask.") == 5
    assert "You can come and try first" not in html


def test_insurance_is_told_as_it_was_stated_and_never_more(client):
    stated = OpportunityFactory(insured_by=Opportunity.Insurance.STATE)
    html = client.get(page_of(stated, "en")).content.decode()
    assert "You are insured through the state of North Rhine-Westphalia." in html
    assert "Insurance: not known yet" not in html
    assert "You are insured" not in client.get(page_of(OpportunityFactory(), "en")).content.decode()


@time_machine.travel("2026-11-26 09:00Z")
def test_answer_is_promised_for_a_day(client):
    html = client.get(page_of(OpportunityFactory(), "en")).content.decode()
    assert "by Tuesday, Dec. 1, 2026" in html


def test_facts_decide_what_is_not_needed(client):
    beginner = OpportunityFactory(german_needed=Opportunity.GermanNeeded.A1)
    fluent = OpportunityFactory(german_needed=Opportunity.GermanNeeded.C1)
    assert "perfect German" in client.get(page_of(beginner, "en")).content.decode()
    assert "perfect German" not in client.get(page_of(fluent, "en")).content.decode()


@pytest.mark.parametrize(
    ("reimbursement", "is_said"), [("none", True), ("expenses", True), ("fee", False), ("", False)]
)
def test_only_where_nothing_is_earned_no_permit_is_needed(client, reimbursement, is_said):
    html = client.get(page_of(OpportunityFactory(reimbursement=reimbursement), "en")).content.decode()
    assert ("a work permit" in html) is is_said


def test_phone_can_be_called(client):
    opportunity = OpportunityFactory(contact_phone="0221 4710011")
    for address in [BOARD, page_of(opportunity)]:
        assert 'href="tel:+492214710011"' in client.get(address).content.decode()


def test_names_of_urls():
    assert reverse("organisations:browse_opportunities") == "/de/"
    assert reverse("organisations:show_opportunity", args=[7]) == "/de/opportunities/7/"
