from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from engagement.models import Adjacency, Level, Neighbourhood
from organisations.browsing import Search, Stranger
from organisations.models import NeededLanguage, Opportunity, OpportunityText
from tests.factories import (
    CityFactory,
    FieldFactory,
    LanguageFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    OrganisationFactory,
    PostcodeFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db


def found(query):
    return [opportunity.title for opportunity in in_order(Search(QueryDict(query)))]


def in_order(search):
    rows = Opportunity.objects.in_bulk(search.keys)
    return [rows[key] for key in search.keys]


def needs(opportunity, code, role=NeededLanguage.Role.REQUIRED):
    return NeededLanguage.objects.create(opportunity=opportunity, language=LanguageFactory(code=code), role=role)


@pytest.fixture
def map_(db):
    """Vingst, Ostheim beside it, Chorweiler far away; and a place of the same name in another town."""
    vingst = NeighbourhoodFactory(code="koeln-vingst")
    ostheim = NeighbourhoodFactory(code="koeln-ostheim", latitude=50.9290, longitude=7.0440)
    chorweiler = NeighbourhoodFactory(code="koeln-chorweiler", latitude=51.0210, longitude=6.8960)
    OpportunityFactory(title="Vingst", neighbourhoods=[vingst])
    OpportunityFactory(title="Ostheim", neighbourhoods=[ostheim])
    OpportunityFactory(title="Chorweiler", neighbourhoods=[chorweiler])
    OpportunityFactory(title="Everywhere", place=Opportunity.Place.CITY, city=vingst.city)
    OpportunityFactory(title="Home", place=Opportunity.Place.REMOTE, city=vingst.city)
    return vingst


@pytest.mark.parametrize(
    "word",
    ["Begleitung", "begleitung", "Behörden", "Behoerden", "behorden", "Behörde", "Behördenbegleitung", "Strasse"],
)
def test_word_is_found_however_it_is_written(word):
    opportunity = OpportunityFactory(title="Behördenbegleitung")
    OpportunityText.objects.filter(opportunity=opportunity).update(body="In der Kalker Straße")
    OpportunityFactory(title="Fußball")
    assert found(f"text={word}") == ["Behördenbegleitung"]


def test_written_hyphens_do_not_hide_a_word():
    OpportunityFactory(title="Hausaufgaben-Hilfe")
    assert found("text=hausaufgabenhilfe") == ["Hausaufgaben-Hilfe"]


def test_all_words_are_wanted_wherever_they_stand():
    OpportunityFactory(title="Kochen", host=OrganisationFactory(name="Verein Newroz"))
    OpportunityFactory(title="Kochen im Park")
    assert found("text=newroz+kochen") == ["Kochen"]


def test_names_of_fields_are_searched_but_not_their_keys():
    OpportunityFactory(title="A", field=FieldFactory(code="SPORT", names={"de": "Bewegung", "en": "Moving"}))
    assert found("text=moving") == ["A"]
    assert found("text=de") == []


def test_synonyms_of_skills_are_searched():
    skill = SkillFactory(synonyms=["Nachhilfe geben"])
    OpportunityFactory(title="Needed").skills_required.add(skill)
    OpportunityFactory(title="Wished").skills_wanted.add(skill)
    OpportunityFactory(title="Other")
    assert found("text=nachhilfe") == ["Wished", "Needed"]


def test_signs_of_the_database_are_only_letters():
    OpportunityFactory(title="Ganz anders")
    assert found("text=%25") == []
    assert found("text=_") == []


def test_place_shows_the_nearest_first_and_leaves_out_what_is_far(map_):
    assert found("place=Vingst") == ["Vingst", "Ostheim", "Chorweiler", "Everywhere"]
    assert found("place=Vingst&distance=5") == ["Vingst", "Ostheim", "Everywhere"]
    assert found("place=K%C3%B6ln-Vingst&distance=2") == ["Vingst", "Ostheim", "Everywhere"]


def test_postcode_is_a_place(map_):
    PostcodeFactory(code="50765", city=map_.city, latitude=51.0211, longitude=6.8961)
    assert found("place=50765&distance=2") == ["Chorweiler", "Everywhere"]


def test_town_is_a_place_and_another_town_is_not(map_):
    CityFactory(name="Bonn", ags="05314")
    assert set(found("place=koeln")) == {"Vingst", "Ostheim", "Chorweiler", "Everywhere"}
    assert found("place=Bonn") == []


def test_from_home_alone_and_together_with_a_place(map_):
    assert found("remote=on") == ["Home"]
    assert found("place=Vingst&distance=2&remote=on") == ["Vingst", "Ostheim", "Home", "Everywhere"]


def test_unknown_place_is_told_and_hides_nothing(map_):
    search = Search(QueryDict("place=Atlantis"))
    assert len(search.keys) == 5
    assert "place" in search.form.errors


def test_a_place_is_found_by_its_whole_name_although_another_begins_with_it():
    for code, name in [("koeln-buer", "Buer"), ("koeln-buer-2", "Buer-Mitte")]:
        NeighbourhoodFactory(code=code, name=name)
    assert [Search(QueryDict(f"place={name}")).filter.spot.name for name in ("Köln-Buer", "Köln-Buer-Mitte")] == [
        "Köln-Buer",
        "Köln-Buer-Mitte",
    ]


def test_places_of_the_same_name_are_offered():
    NeighbourhoodFactory(code="koeln-altstadt")
    NeighbourhoodFactory(code="bonn-altstadt", city=CityFactory(name="Bonn", ags="05314"))
    search = Search(QueryDict("place=Altstadt&german=2"))
    assert "place" in search.form.errors
    assert {way.query for way in search.meant} == {"german=2&place=K%C3%B6ln-Altstadt", "german=2&place=Bonn-Altstadt"}


def test_german_that_suffices_and_german_nobody_has_told():
    OpportunityFactory(title="Much", german_needed=Level.B2)
    OpportunityFactory(title="Little", german_needed=Level.A2)
    OpportunityFactory(title="Unknown", german_needed=None)
    assert set(found("german=2")) == {"Little", "Unknown"}


def test_my_languages_find_what_needs_or_wishes_them():
    needs(OpportunityFactory(title="Arabic"), "ar")
    needs(OpportunityFactory(title="Turkish"), "tr", NeededLanguage.Role.WANTED)
    needs(OpportunityFactory(title="Polish"), "pl")
    assert set(found("language=ar&language=tr")) == {"Arabic", "Turkish"}


def test_times():
    OpportunityFactory(title="Monday evening", times=[2])
    OpportunityFactory(title="Saturday", times=[15])
    OpportunityFactory(title="Open", times=[])
    assert found("time=evening") == ["Monday evening"]
    assert set(found("time=saturday&time=open")) == {"Saturday", "Open"}


def test_next_door_and_the_whole_city(map_):
    ostheim = Neighbourhood.objects.get(code="koeln-ostheim")
    beyond = NeighbourhoodFactory(code="koeln-westhoven", latitude=50.9100, longitude=7.0000)
    for other, crosses in [(ostheim, False), (beyond, True)]:
        Adjacency.objects.create(one=map_, other=other, relation="touches", distance_km=1, crosses_rhine=crosses)
    OpportunityFactory(title="Across the Rhine", neighbourhoods=[beyond])
    assert found("place=Vingst&distance=next") == ["Vingst", "Ostheim", "Everywhere"]
    assert found("place=Vingst&distance=city")[-2:] == ["Chorweiler", "Everywhere"]


def test_exact_times():
    OpportunityFactory(title="Monday evening", times=[2])
    OpportunityFactory(title="Saturday morning", times=[15])
    assert found("slot=2&slot=99&slot=x") == ["Monday evening"]


def test_once_or_regularly_and_unknown_is_neither():
    for title, frequency in [("Once", "once"), ("Weekly", "weekly"), ("Unknown", "")]:
        OpportunityFactory(title=title, frequency=frequency)
    assert (found("rhythm=once"), found("rhythm=regular")) == (["Once"], ["Weekly"])


def test_in_a_team_or_alone_with_a_first_visit_and_a_certificate():
    OpportunityFactory(title="Team", is_in_team=True, has_trial_visit=True)
    OpportunityFactory(title="Alone", is_in_team=False, gives_certificate=True)
    OpportunityFactory(title="Unknown")
    assert (found("company=team"), found("company=alone")) == (["Team"], ["Alone"])
    assert (found("trial=on"), found("certificate=on"), found("trial=on&certificate=on")) == (["Team"], ["Alone"], [])


def test_a_little_german_is_enough_only_where_that_is_known():
    OpportunityFactory(title="Little", german_needed=Level.A2)
    OpportunityFactory(title="None", german_needed=Opportunity.GermanNeeded.NONE)
    OpportunityFactory(title="Unknown", german_needed=None)
    OpportunityFactory(title="Much", german_needed=Level.B1)
    assert found("easy=on") == ["None", "Little"]


def test_one_wrong_letter_is_forgiven_and_told():
    OpportunityFactory(title="Behördenbegleitung")
    assert found("text=beglietung") == ["Behördenbegleitung"]
    assert Search(QueryDict("text=beglietung")).filter.misspelled == ["beglietung"]
    assert Search(QueryDict("text=begleitung")).filter.misspelled == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", []),
        ("text=x&place=Nowhere&page=2&order=new&utm_source=mail&fbclid=1", []),
        ("german=99&field=NOBODY&language=xx&slot=77", ["99", "NOBODY", "xx", "77"]),
        ("remote=maybe&page=x&order=best&colour=blue", ["maybe", "x", "best", "colour"]),
        ("&".join(f"unknown{number}=1" for number in range(50)), [f"unknown{number}" for number in range(5)]),
        ("german=" + "9" * 500, ["9" * 40]),
    ],
)
def test_what_is_not_understood_is_named(query, named):
    assert Search(QueryDict(query)).not_understood == named


class Wise(Stranger):
    """Knows what most people do not see."""

    def __init__(self, *overlooked):
        self.keys = [opportunity.pk for opportunity in overlooked]

    def overlooked(self, _most):
        return self.keys


def test_what_is_overlooked_comes_first_among_what_is_about_as_new_or_as_near(map_):
    now, home = timezone.now(), [NeighbourhoodFactory(code="koeln-vingst")]
    Opportunity.objects.all().delete()
    titles = {"New": 0, "Overlooked": 2, "Old": 20, "Older, overlooked": 22}
    rows = {
        title: OpportunityFactory(title=title, neighbourhoods=home, published_at=now - timedelta(days=days))
        for title, days in titles.items()
    }
    far = OpportunityFactory(
        title="Far, overlooked", neighbourhoods=[Neighbourhood.objects.get(code="koeln-chorweiler")]
    )
    reader = Wise(rows["Overlooked"], rows["Older, overlooked"], far)
    newest = [row.title for row in in_order(Search(QueryDict("distance=2&place=Vingst&order=new"), reader))]
    assert newest == ["Overlooked", "New", "Older, overlooked", "Old"]
    nearest = [row.title for row in in_order(Search(QueryDict("place=Vingst"), reader))]
    assert nearest == ["Overlooked", "Older, overlooked", "New", "Old", "Far, overlooked"]


@pytest.mark.parametrize(
    "query",
    [
        "field=NOBODY&language=xx&german=99&time=never&distance=-1&remote=",
        "german=x&distance=1e9&field=%00&language=%00",
        "unknown=1&page=2&text=%00",
        "text=" + "x" * 5000,
    ],
)
def test_what_nobody_knows_is_passed_over(query):
    OpportunityFactory(title="Here")
    assert found(query) == ["Here"]


def test_known_answers_hold_beside_unknown_ones():
    OpportunityFactory(title="Sport", field=FieldFactory(code="SPORT"))
    OpportunityFactory(title="Other")
    assert found("field=SPORT&field=NOBODY") == ["Sport"]


def test_equal_dates_keep_their_order():
    now = timezone.now()
    for title in "ABC":
        OpportunityFactory(title=title, published_at=now)
    assert found("") == ["C", "B", "A"]


def test_choices_without_results_are_left_out():
    OpportunityFactory(field=FieldFactory(code="SPORT"))
    FieldFactory(code="KOCHEN")
    choices = Search(QueryDict("")).fields
    assert [(choice.value, choice.count) for choice in choices] == [("SPORT", 1)]


def test_chips_lead_to_the_search_without_them():
    FieldFactory(code="SPORT")
    chips = Search(QueryDict("text=park&field=SPORT&german=2&page=7")).chips
    assert [chip.query for chip in chips] == ["field=SPORT&german=2", "text=park&german=2", "text=park&field=SPORT"]


def test_nothing_found_offers_what_would_find_something():
    OpportunityFactory(title="Fußball", german_needed=Level.B2)
    search = Search(QueryDict("text=fussball&german=1"))
    assert search.keys == []
    assert [(way.query, way.count) for way in search.ways_out] == [("text=fussball", 1)]
