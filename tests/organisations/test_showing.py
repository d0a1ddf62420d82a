"""The page of one opportunity: how far it is, what is like it, and how few questions the database is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.models import Level
from matching import refreshing, vocabulary
from organisations.models import NeededLanguage, Opportunity
from tests.factories import (
    CityFactory,
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    PostcodeFactory,
    ProofFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db


def place(code="koeln-vingst", north=0.0, **kwargs):
    """A neighbourhood so many kilometres north of Vingst, and a few metres."""
    return NeighbourhoodFactory(code=code, latitude=50.9336 + north / 111, **kwargs)


def page_of(opportunity, query="", language="en"):
    return f"/{language}/opportunities/{opportunity.pk}/{query}"


def similar_titles(client, opportunity):
    notices = client.get(page_of(opportunity)).context["similar"]
    return [notice.title for notice in notices]


# --- How far it is ----------------------------------------------------------------------------------------------------


def test_distance_is_told_from_the_place_of_the_search(client):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    place("koeln-ostheim", north=2.1)
    html = client.get(page_of(opportunity, "?place=K%C3%B6ln-Ostheim&german=2")).content.decode()
    assert "about 2 km from Köln-Ostheim" in html


def test_distance_is_told_from_a_postcode(client):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    PostcodeFactory(code="51103", latitude=50.9336, longitude=7.0186)
    assert "less than 1 km from 51103 Köln" in client.get(page_of(opportunity, "?place=51103")).content.decode()


def test_distance_is_told_from_the_home_of_whoever_is_known(client, cast):
    cast.samira.neighbourhood = place("koeln-ostheim", north=3)
    cast.samira.save()
    refreshing.refresh("volunteer", cast.samira.pk, vocabulary.current())
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    client.force_login(cast.samira.user)
    assert "about 3 km from your home" in client.get(page_of(opportunity)).content.decode()


@pytest.mark.parametrize("query", ["", "?place=", "?place=Atlantis", "?place=%00", "?place=%ED%A0%80&place=x", "?x=1"])
def test_without_a_place_nothing_is_said_about_the_distance(client, query):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    response = client.get(page_of(opportunity, query))
    assert response.status_code == 200
    assert " km" not in response.content.decode()


def test_the_way_back_leads_to_the_same_search(client):
    opportunity = OpportunityFactory()
    html = client.get(page_of(opportunity, "?german=2&text=%22%3Cb%3E")).content.decode()
    assert '<a href="/en/?german=2&amp;text=%22%3Cb%3E">Back to your search</a>' in html


def test_the_board_hands_its_search_on(client):
    opportunity = OpportunityFactory(german_needed=Level.A1)
    html = client.get("/en/?german=2&nonsense=1").content.decode()
    assert f'href="{page_of(opportunity)}?german=2"' in html


# --- What is like it --------------------------------------------------------------------------------------------------


def test_similar_ones_are_the_nearest_of_the_same_field(client):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    for north in [4, 2, 1, 3]:
        OpportunityFactory(title=f"{north} km", neighbourhoods=[place(f"koeln-{north}", north=north)])
    assert similar_titles(client, opportunity) == ["1 km", "2 km", "3 km"]
    assert "about 1 km from Köln-Vingst" in client.get(page_of(opportunity)).content.decode()


def test_similar_ones_may_be_of_a_related_field(client):
    learning = {"category": "Bildung"}
    opportunity = OpportunityFactory(field=FieldFactory(code="LERNHILFE", **learning), neighbourhoods=[place()])
    OpportunityFactory(title="Related", field=FieldFactory(code="LESEPATE", **learning), neighbourhoods=[place()])
    OpportunityFactory(title="Other", field=FieldFactory(code="SPORT", category="Sport"), neighbourhoods=[place()])
    assert similar_titles(client, opportunity) == ["Related"]


def test_fields_without_a_category_are_not_related(client):
    opportunity = OpportunityFactory(field=FieldFactory(code="A"), neighbourhoods=[place()])
    OpportunityFactory(field=FieldFactory(code="B"), neighbourhoods=[place()])
    assert similar_titles(client, opportunity) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Opportunity.Status.DRAFT},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"host__verified_at": None},
    ],
)
def test_what_is_not_open_is_not_similar(client, hidden):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    OpportunityFactory(neighbourhoods=[place()], **hidden)
    assert similar_titles(client, opportunity) == []


def test_what_is_far_away_is_not_similar(client):
    opportunity = OpportunityFactory(neighbourhoods=[place()])
    OpportunityFactory(neighbourhoods=[place("koeln-far", north=30)])
    assert similar_titles(client, opportunity) == []


def test_similar_to_something_from_home_is_something_from_home(client):
    opportunity = OpportunityFactory(place=Opportunity.Place.REMOTE)
    OpportunityFactory(title="Home", place=Opportunity.Place.REMOTE)
    OpportunityFactory(title="Here", neighbourhoods=[place()])
    assert similar_titles(client, opportunity) == ["Home"]


def test_similar_to_something_in_a_whole_town_is_something_in_that_town(client):
    town = {"place": Opportunity.Place.CITY, "city": CityFactory()}
    opportunity = OpportunityFactory(**town)
    OpportunityFactory(title="Here", neighbourhoods=[place()])
    OpportunityFactory(title="There", place=Opportunity.Place.CITY, city=CityFactory(name="Essen"))
    assert similar_titles(client, opportunity) == ["Here"]


# --- How it is asked for ----------------------------------------------------------------------------------------------


def rich_opportunity(number):
    rows = [place(f"koeln-{number}{part}", north=number) for part in "ab"]
    opportunity = OpportunityFactory(neighbourhoods=rows, host=OrganisationFactory())
    opportunity.skills_required.set([SkillFactory(), SkillFactory()])
    opportunity.skills_wanted.set([SkillFactory()])
    opportunity.proofs.set([ProofFactory(), ProofFactory(code="SCHWEIGE")])
    for code in ["ar", "tr"]:
        NeededLanguage.objects.create(opportunity=opportunity, language=LanguageFactory(code=code))
    return opportunity


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [0, 1, 3])
def test_the_page_asks_five_times_however_much_there_is(client, django_assert_max_num_queries, others):
    opportunity = rich_opportunity(0)
    for number in range(others):
        rich_opportunity(number + 1)
    client.get("/en/?place=K%C3%B6ln-0a")
    with django_assert_max_num_queries(10) as asked:
        assert client.get(page_of(opportunity, "?place=K%C3%B6ln-0a")).status_code == 200
    # The transaction around each request is no question.
    assert len([query for query in asked if "SELECT" in query["sql"]]) == 5


def test_skills_and_papers_are_named_in_their_order(client):
    opportunity = OpportunityFactory()
    opportunity.skills_required.set([SkillFactory(code="B", position=2), SkillFactory(code="A", position=1)])
    notice = client.get(page_of(opportunity)).context["notice"]
    assert [skill.name for skill in notice.skills_needed] == ["A", "B"]
