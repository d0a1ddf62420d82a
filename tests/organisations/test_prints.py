"""Pages are kept for the next visitor who asks the same, and for nobody longer than they are true."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations import board, prints
from organisations.models import Opportunity, OpportunityText
from tests.factories import OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notice():
    return OpportunityFactory(title="Reading")


@pytest.fixture
def addresses(notice):
    return ["/en/?text=reading", f"/en/opportunities/{notice.pk}/"]


def html_of(client, address):
    return client.get(address).content.decode()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)


def test_who_asks_the_same_costs_one_query(client, addresses):
    for address in addresses:
        client.get(address)
        assert queries_of(client, address) == 1


def test_the_second_visitor_reads_the_same_page(client, addresses):
    for address in addresses:
        first, second = (html_of(client, address).split("<main")[1] for _ in range(2))
        assert first.split('name="csrf')[0] == second.split('name="csrf')[0]


def test_each_form_has_a_signature_of_its_own(client):
    stamps = {html_of(client, "/en/").split('name="stamp" value="')[1].split('"')[0] for _ in range(2)}
    assert len(stamps) == 2


def test_what_has_changed_is_drawn_anew_at_once(client, notice, addresses):
    before = [html_of(client, address) for address in addresses]
    OpportunityText.objects.filter(opportunity=notice).update(body="with children")
    assert [html_of(client, address).count("with children") > 0 for address in addresses] == [True, True]
    assert not any("with children" in page for page in before)


def test_what_is_taken_down_is_gone_at_once(client, notice, addresses):
    for address in addresses:
        client.get(address)
    Opportunity.objects.update(status=Opportunity.Status.CLOSED)
    assert "Reading" not in html_of(client, addresses[0]).split("<main")[1].replace("text=reading", "")
    assert client.get(addresses[1]).status_code == 404


def test_another_language_another_question_and_another_day_are_other_pages(client, notice, addresses):
    for address in [*addresses, "/de/?text=reading", "/en/?text=writing"]:
        client.get(address)
    assert len(board.current().prints) == 4
    with time_machine.travel(notice.published_at + timedelta(days=1), tick=False):
        client.get(addresses[0])
    assert len(board.current().prints) == 5


def test_nothing_is_kept_of_whoever_is_signed_in_nor_shown_to_them(client, addresses):
    anonymous = [html_of(client, address) for address in addresses]
    kept = len(board.current().prints)
    client.force_login(UserFactory())
    for address, page in zip(addresses, anonymous, strict=True):
        assert html_of(client, address) != page
    assert len(board.current().prints) == kept


def test_no_more_is_kept_than_fits(client, notice, monkeypatch):
    monkeypatch.setattr(prints, "MOST_KEPT", 2)
    for number in range(4):
        client.get(f"/en/?page={number}")
    assert len(board.current().prints) == 2
