"""The list for search engines, and what pages say of themselves."""

from xml.etree import ElementTree

import pytest

from organisations import sitemap
from organisations.models import Opportunity
from tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


def addresses(client, query=""):
    root = ElementTree.fromstring(client.get(f"/sitemap.xml{query}").content)
    return [element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def page_of(opportunity):
    return f"http://localhost:8000/de/opportunities/{opportunity.pk}/"


def test_drafts_and_what_is_closed_are_not_listed(client):
    OpportunityFactory(status=Opportunity.Status.DRAFT)
    OpportunityFactory(status=Opportunity.Status.CLOSED)
    assert addresses(client) == ["http://localhost:8000/de/"]


def test_each_open_opportunity_is_listed_once(client):
    opportunities = [OpportunityFactory() for _ in range(2)]
    assert addresses(client) == ["http://localhost:8000/de/", *map(page_of, opportunities)]


def test_the_language_of_the_reader_changes_nothing(client):
    OpportunityFactory()
    assert addresses(client) == [*addresses(client, "?page=1")]
    client.cookies["language"] = "ar"
    assert "/ar/" not in client.get("/sitemap.xml").content.decode()


def test_a_long_list_becomes_several(client, monkeypatch):
    monkeypatch.setattr(sitemap, "ADDRESSES_IN_A_LIST", 2)
    opportunities = [OpportunityFactory() for _ in range(3)]
    lists = addresses(client)
    assert lists == [f"http://localhost:8000/sitemap.xml?page={number}" for number in (1, 2)]
    assert addresses(client, "?page=1")[1:] + addresses(client, "?page=2") == [*map(page_of, opportunities)]


@pytest.mark.parametrize("page", ["0", "-1", "x", "%00", "99999999999999999999", ""])
def test_any_page_answers(client, page):
    assert client.get(f"/sitemap.xml?page={page}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_twice_however_long_it_is(client, django_assert_max_num_queries, rows):
    for _ in range(rows):
        OpportunityFactory()
    with django_assert_max_num_queries(4):
        client.get("/sitemap.xml")


def test_robots_learn_of_the_list(client):
    assert "Sitemap: http://localhost:8000/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_page_names_itself_without_the_search_it_was_found_by(client):
    opportunity = OpportunityFactory()
    html = client.get(f"/de/opportunities/{opportunity.pk}/?place=Vingst").content.decode()
    assert f'<link rel="canonical" href="{page_of(opportunity)}">' in html
    other = page_of(opportunity).replace("/de/", "/ar/")
    assert f'<link rel="alternate" hreflang="ar" href="{other}">' in html


def test_further_pages_of_the_board_are_not_the_first_one(client):
    for _ in range(13):
        OpportunityFactory()
    assert 'rel="canonical" href="http://localhost:8000/de/"' in client.get("/de/?text=a").content.decode()
    assert "canonical" not in client.get("/de/?page=2").content.decode()
