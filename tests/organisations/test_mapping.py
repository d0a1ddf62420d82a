"""The map beside the board: what it shows, where its links lead, and that it says the same in words."""

import gzip
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.models import Adjacency, Neighbourhood
from organisations.browsing import Search, Stranger
from organisations.mapping import limits_of, map_of
from tests.factories import CityFactory, FieldFactory, NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db


def square(east, north, size=0.02):
    west, south = east - size, north - size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def vingst():
    return NeighbourhoodFactory(latitude=50.93, longitude=7.01, geometry=square(7.02, 50.94))


@pytest.fixture
def kalk():
    return NeighbourhoodFactory(code="koeln-kalk", latitude=50.93, longitude=6.99, geometry=square(7.0, 50.94))


def drawn(query="", reader=None):
    return map_of(Search(QueryDict(query), reader))


def area(name, query="", reader=None):
    return next(area for area in drawn(query, reader).areas if area.shape.name == name)


def test_a_neighbourhood_is_as_dark_as_it_has_notices(vingst, kalk):
    OpportunityFactory(neighbourhoods=[vingst])
    OpportunityFactory.create_batch(2, neighbourhoods=[kalk])
    NeighbourhoodFactory(code="koeln-deutz", geometry=square(6.98, 50.94))
    assert [area(name).shade for name in ("Deutz", "Vingst", "Kalk")] == ["m0", "m2", "m4"]
    assert drawn().key == [("m2", "1"), ("m4", "2")]


@pytest.mark.parametrize(
    ("numbers", "limits"),
    [
        ([], {}),
        ([0, 0], {}),
        ([3, 3, 0], {3: 2}),
        ([1, 2], {1: 2, 2: 4}),
        ([1, 2, 3], {1: 1, 2: 2, 3: 4}),
        (range(1, 101), {25: 1, 50: 2, 75: 3, 100: 4}),
        ([1, 1, 1, 1, 1, 900], {1: 2, 900: 4}),
    ],
)
def test_each_green_stands_for_about_as_many_neighbourhoods(numbers, limits):
    assert limits_of(numbers) == limits


def test_a_neighbourhood_with_notices_leads_to_them_and_keeps_the_other_answers(vingst, kalk):
    OpportunityFactory(neighbourhoods=[vingst], field=FieldFactory(code="SPORT"), german_needed=1)
    way = area("Vingst", "place=Kalk&german=2&field=SPORT").way
    assert QueryDict(way.query).dict() == {"place": "Köln-Vingst", "german": "2", "field": "SPORT"}
    assert area("Kalk").way is None
    assert drawn(way.query).home.name == "Vingst"


def test_the_place_does_not_hide_what_hangs_elsewhere(vingst, kalk):
    OpportunityFactory(neighbourhoods=[vingst])
    assert area("Vingst", "place=Kalk&distance=next").way.count == 1


def test_whoever_looks_somewhere_sees_that_place_and_the_nearest_first(vingst, kalk):
    for place in (vingst, kalk, NeighbourhoodFactory(code="koeln-porz", latitude=50.88, longitude=7.06)):
        OpportunityFactory(neighbourhoods=[place])
    found = drawn("place=Kalk&distance=2")
    assert [(area.shape.name, area.how_far) for area in found.first] == [
        ("Kalk", ""),
        ("Vingst", "ca. 1 km"),
        ("Porz", "ca. 7 km"),
    ]
    assert [(area.shape.name, area.shade) for area in found.areas][-1] == ("Kalk", "here")
    assert found.ring == round(2 * found.drawing.scale)
    assert drawn("place=Kalk").ring is None


def test_whoever_lives_somewhere_sees_their_own_town(vingst):
    OpportunityFactory(neighbourhoods=[vingst])
    bonn = CityFactory(name="Bonn", ags="05314")
    place = NeighbourhoodFactory(code="bonn-tannenbusch", city=bonn, latitude=50.75, longitude=7.05)
    reader = Stranger()
    reader.home = (place.latitude, place.longitude)
    assert drawn().drawing.city == "Köln"
    assert drawn("", reader).home.name == "Tannenbusch"
    assert drawn("place=Köln", reader).home is None


def test_a_town_without_places_has_no_map(vingst):
    CityFactory(name="Ahlen", ags="05570")
    assert drawn("place=Ahlen") is None
    assert drawn("text=nothing-like-that") is None


def test_where_no_borders_are_known_there_are_dots(vingst):
    OpportunityFactory(neighbourhoods=[NeighbourhoodFactory(code="koeln-humboldt", name="Humboldt/Gremberg (51103)")])
    assert [(area.shape.is_dot, area.shape.name) for area in drawn().areas] == [
        (False, "Vingst"),
        (True, "Humboldt/Gremberg (51103)"),
    ]
    assert [label.text for label in drawn().labels] == ["Humboldt"]


def test_the_river_runs_between_its_banks(vingst, kalk):
    NeighbourhoodFactory(code="koeln-riehl", geometry=square(6.98, 50.94))
    OpportunityFactory(neighbourhoods=[vingst])
    assert drawn().drawing.river == ""
    riehl = Neighbourhood.objects.get(code="koeln-riehl")
    Adjacency.objects.create(one=kalk, other=riehl, relation="touches", distance_km=1.4, crosses_rhine=True)
    assert re.fullmatch(r"M\d+ \d+l0-?\s?\d+", drawn().drawing.river)


def test_a_border_that_is_changed_is_drawn_anew(vingst, kalk):
    OpportunityFactory(neighbourhoods=[vingst])
    before = area("Kalk").shape.outline
    Neighbourhood.objects.filter(pk=kalk.pk).update(geometry=square(6.99, 50.93))
    assert area("Kalk").shape.outline != before


def test_every_link_of_the_map_stands_in_the_list_as_well(client, vingst):
    for number in range(8):
        place = NeighbourhoodFactory(code=f"koeln-p{number}", latitude=50.9 + number / 100)
        OpportunityFactory(neighbourhoods=[place])
    html = client.get("/en/?german=3").content.decode()
    picture, words = re.search(r'<svg viewBox="0 0 500.*?</svg>', html, re.DOTALL)[0], html.split('id="map"')[1]
    links = re.findall(r'<a href="([^"]*)" tabindex="-1">', picture)
    assert len(links) == 8
    assert [link for link in links if f'<a href="{link}"><span>' not in words] == []
    assert 'aria-hidden="true">' in picture[:80]


def test_the_map_of_a_large_town_is_no_burden_for_an_old_phone(client, vocabulary):
    # 86 neighbourhoods, each of them twice: in the picture and in the list.
    OpportunityFactory(neighbourhoods=Neighbourhood.objects.filter(city__name="Köln", geometry__isnull=False))
    html = client.get("/en/").content.decode()
    town = html[html.index("<aside") : html.index("</aside>")]
    assert town.count("<a href=") == 172
    assert len(gzip.compress(town.encode())) < 7_000


def test_more_neighbourhoods_ask_no_more_questions(client, vingst):
    OpportunityFactory(neighbourhoods=[vingst])
    few = questions(client)
    for number in range(3):
        OpportunityFactory(neighbourhoods=[NeighbourhoodFactory(code=f"koeln-p{number}", geometry=square(7, 50.9))])
    assert questions(client) == few


def questions(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/en/")
    return len(asked)
