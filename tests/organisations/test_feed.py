"""The Atom feed of a search, parsed as a feed reader parses it, and held against RFC 4287."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from engagement.models import Level
from organisations.models import Opportunity, OpportunityText
from tests.factories import FieldFactory, NeighbourhoodFactory, OpportunityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(client, query="", language="de", **headers):
    return client.get(f"/{language}/feed/{query}", headers=headers)


def parsed(client, query="", language="de"):
    feed = ElementTree.fromstring(read(client, query, language).content)
    check(feed)
    return feed


def check(feed):
    """What RFC 4287 asks of a feed and its entries: each of these once, absolute links, times with an offset."""
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for part in [feed, *entries]:
        for name in ["id", "title", "updated"]:
            assert len(part.findall(f"{ATOM}{name}")) == 1
            assert part.findtext(f"{ATOM}{name}")
        assert parse_datetime(part.findtext(f"{ATOM}updated")).tzinfo
        assert part.find(f"{ATOM}author/{ATOM}name").text
        assert all(link.get("href").startswith("http") for link in part.findall(f"{ATOM}link"))
        assert len(part.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert len(feed.findall(f"{ATOM}link[@rel='self']")) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Opportunity.Status.DRAFT},
        {"status": Opportunity.Status.CLOSED},
        {"status": Opportunity.Status.FILLED},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
    ],
)
def test_what_is_not_open_is_in_no_feed(client, hidden):
    OpportunityFactory(title="Secret", **hidden)
    OpportunityFactory(title="Secret", host=OrganisationFactory(verified_at=None))
    assert b"Secret" not in read(client).content


def test_a_feed_holds_what_its_search_finds_the_newest_first(client):
    now = timezone.now()
    FieldFactory(code="SPORT")
    OpportunityFactory(title="Old", german_needed=Level.A1, published_at=now - timedelta(days=2))
    OpportunityFactory(title="New", german_needed=Level.A1, published_at=now - timedelta(days=1))
    OpportunityFactory(title="Much German", german_needed=Level.C1)
    feed = parsed(client, "?german=2&order=near&page=7")
    assert titles(feed) == ["New", "Old"]
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://localhost:8000/de/feed/?german=2",
        "alternate": "http://localhost:8000/de/?german=2",
    }


def test_the_board_names_the_feed_of_its_search(client):
    html = client.get("/de/?german=2").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/de/feed/?german=2">' in html


def test_a_feed_speaks_the_language_of_its_address_and_marks_other_texts(client):
    opportunity = OpportunityFactory(title="Hausaufgaben", neighbourhoods=[NeighbourhoodFactory()])
    for language, expected in [("en", "de"), ("ar", "ar")]:
        if language == "ar":
            OpportunityText.objects.create(opportunity=opportunity, language="ar", title="الواجبات", body="نص")
        feed = parsed(client, language=language)
        entry = feed.find(f"{ATOM}entry")
        assert (feed.get(LANG), entry.find(f"{ATOM}title").get(LANG)) == (language, expected)
        assert (
            entry.find(f"{ATOM}link").get("href") == f"http://localhost:8000/{language}/opportunities/{opportunity.pk}/"
        )
    assert [part.get("dir") for part in entry.iter() if part.get("dir")] == ["rtl", "rtl"]


def test_an_entry_is_the_same_in_every_feed_and_language_and_after_a_change(client):
    opportunity = OpportunityFactory(german_needed=Level.A1)
    feeds = [parsed(client), parsed(client, "?german=3", "ar")]
    opportunity.save()
    feeds.append(parsed(client))
    assert len({feed.find(f"{ATOM}entry").findtext(f"{ATOM}id") for feed in feeds}) == 1
    first, _filtered, last = (feed.find(f"{ATOM}entry").findtext(f"{ATOM}updated") for feed in feeds)
    assert last > first


def test_a_feed_has_fifty_entries_at_most(client):
    for _ in range(51):
        OpportunityFactory()
    assert len(titles(parsed(client))) == 50


def test_who_has_the_feed_already_is_told_so_until_something_changes(client):
    OpportunityFactory()
    first = read(client)
    assert "max-age=900" in first["Cache-Control"]
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    again = read(client, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    OpportunityFactory(title="New")
    assert read(client, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_an_empty_feed_is_valid_and_does_not_change(client):
    first = read(client)
    check(ElementTree.fromstring(first.content))
    assert read(client, **{"If-None-Match": first["ETag"]}).status_code == 304


def test_texts_stay_texts(client):
    nasty = "<b>&\x0b\x1b\ufffe]]>"
    opportunity = OpportunityFactory(title=nasty)
    opportunity.texts.update(body=f"{nasty}<script>x</script>")
    feed = parsed(client, "?text=%0b%3Cb%3E%26")
    assert titles(feed) == ["<b>&]]>"]
    assert feed.findtext(f"{ATOM}title").endswith(" · „<b>&“")
    assert [part for part in feed.iter() if part.tag.endswith(("script", "}b"))] == []


def test_number_of_queries_does_not_grow_with_the_entries(client, django_assert_max_num_queries):
    OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()])
    with django_assert_max_num_queries(20) as one:
        read(client)
    for _ in range(2):
        OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()])
    with django_assert_max_num_queries(len(one)):
        read(client)


NAMES = ["text", "place", "distance", "time", "field", "german", "language", "remote", "order", "page", "\0"]
HOSTILE = st.text(st.sampled_from(list("aß\0\x0b\u202e\ufffe\U0001f600<>&\"'%;[]{}\\1-9e ")), max_size=12)


class HostileQueries(TestCase):
    @hypothesis_settings(max_examples=60)
    @given(st.lists(st.tuples(st.sampled_from(NAMES), HOSTILE), max_size=4))
    def test_any_query_string_gives_a_feed(self, answers):
        response = self.client.get("/de/feed/", answers)
        assert response.status_code == 200
        check(ElementTree.fromstring(response.content))


@pytest.mark.parametrize(
    "query", ["?text=%ff%fe%80", "?%00=%00&&&==", "?text=" + "x" * 5000, "?page=99999999999", "?" + "a=1&" * 2000]
)
def test_broken_query_strings_give_a_feed(client, query):
    parsed(client, query)
