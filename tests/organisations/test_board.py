"""What the process keeps of the board is true, whoever writes the rows."""

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.models import Skill
from organisations import board, hanging
from organisations.browsing import Search
from organisations.hanging import hang
from organisations.models import NeededLanguage, Opportunity, OpportunityText, Organisation
from tests.factories import (
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def found(query=""):
    search = Search(QueryDict(query))
    return {notice.title for notice in hang(search, search.keys)}


@pytest.fixture
def notice():
    opportunity = OpportunityFactory(title="Reading", host=OrganisationFactory(name="Library"))
    OpportunityFactory(title="Other")
    assert found() == {"Reading", "Other"}
    return opportunity


def test_what_is_kept_is_asked_for_with_one_query(notice):
    kept = board.current()
    with CaptureQueriesContext(connection) as queries:
        assert board.current() is kept
    assert len(queries) == 1


def test_what_closes_or_goes_is_gone(notice):
    Opportunity.objects.filter(pk=notice.pk).update(status=Opportunity.Status.CLOSED)
    assert found() == {"Other"}
    Opportunity.objects.exclude(pk=notice.pk).delete()
    assert found() == set()


def test_every_part_of_an_opportunity_is_read_again(notice):
    OpportunityText.objects.filter(opportunity=notice).update(body="with children")
    NeededLanguage.objects.create(opportunity=notice, language=LanguageFactory(code="tr"))
    notice.neighbourhoods.add(NeighbourhoodFactory())
    notice.skills_wanted.add(SkillFactory(synonyms=["storytelling"]))
    Opportunity.objects.filter(pk=notice.pk).update(german_needed=5)
    for query in ["text=children", "language=tr", "place=Vingst", "text=storytelling"]:
        assert found(query) == {"Reading"}, query
    assert found("german=1") == {"Other"}


def test_hosts_are_read_again(notice):
    Organisation.objects.filter(pk=notice.host_id).update(name="Archive")
    assert found("text=archive") == {"Reading"}
    Organisation.objects.filter(pk=notice.host_id).update(verified_at=None)
    assert found() == {"Other"}


def test_vocabulary_is_read_again(notice):
    notice.skills_required.add(SkillFactory(code="BIL01"))
    assert found("text=storytelling") == set()
    Skill.objects.filter(code="BIL01").update(synonyms=["storytelling"])
    assert found("text=storytelling") == {"Reading"}
    Opportunity.objects.filter(pk=notice.pk).update(field=FieldFactory(code="SPORT"))
    assert found("field=SPORT") == {"Reading"}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)


def test_search_asks_as_few_questions_for_thirty_notices_as_for_three(client):
    place, counts = NeighbourhoodFactory(), []
    for number in [3, 27]:
        for _ in range(number):
            OpportunityFactory(title="Begleitung", neighbourhoods=[place], german_needed=2, times=[1])
        client.get("/de/")
        hanging._kept.clear()
        counts.append(queries_of(client, "/de/?place=Vingst&german=2&time=day&text=begleitung"))
    assert counts[1] <= counts[0] <= 8


def test_notice_is_written_again_as_soon_as_it_or_its_organisations_change(client, notice):
    assert b"0221 1" not in client.get("/de/").content
    OpportunityText.objects.filter(opportunity=notice).update(title="Writing")
    Organisation.objects.filter(pk=notice.agency_id).update(phone="0221 1")
    html = client.get("/de/").content
    assert (html.count(b"tel:+492211"), b"Writing" in html, b"Reading" in html) == (1, True, False)


def test_notice_says_how_far_it_is_and_leads_back_whoever_looks(client, notice):
    notice.neighbourhoods.add(NeighbourhoodFactory())
    assert b"less than 1 km" not in client.get("/en/").content
    html = client.get("/en/?place=Vingst").content.decode()
    assert f'/en/opportunities/{notice.pk}/?place=K%C3%B6ln-Vingst"' in html
    assert "less than 1 km" in html
    assert "\ue000" not in html


def test_what_is_taken_back_was_never_there(notice):
    with transaction.atomic():
        OpportunityFactory(title="Draft")
        assert found() == {"Reading", "Other", "Draft"}
        transaction.set_rollback(True)
    assert found() == {"Reading", "Other"}
