"""An agency's own GeoJSON for its town."""

import json

import pytest
from django.core.management import CommandError, call_command

from engagement.models import Adjacency, City, Neighbourhood
from engagement.vocabulary.loading import load_neighbourhoods, load_vocabulary
from tests.factories import VolunteerFactory

pytestmark = pytest.mark.django_db


def square(east=0.0, size=0.01):
    west, south = 8.37 + east, 51.90
    corners = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def feature(name, geometry, **properties):
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


@pytest.fixture
def write(tmp_path):
    def write(*features):
        path = tmp_path / "town.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    return write


def test_names_and_borders_are_enough(write):
    load_neighbourhoods(write(feature("Süd", square()), feature("Mitte", square(0.01))), city="Gütersloh")
    south = Neighbourhood.objects.get(code="guetersloh-sued")
    assert str(south) == "Gütersloh-Süd"
    assert (south.longitude, south.latitude, south.area_km2) == (8.375, 51.905, 0.76)


def test_touching_polygons_are_neighbours_and_distant_ones_are_not(write):
    load_neighbourhoods(write(*(feature(n, square(e)) for n, e in (("A", 0), ("B", 0.01), ("C", 0.03)))), city="Ahlen")
    pair = Adjacency.objects.get()
    assert (pair.one.name, pair.other.name, pair.relation, pair.crosses_rhine) == ("A", "B", "touches", False)
    assert pair.distance_km == pytest.approx(0.69, abs=0.02)


def test_points_are_neighbours_up_to_two_and_a_half_kilometres(write):
    points = [{"type": "Point", "coordinates": [8.0 + east, 51.5]} for east in (0, 0.03, 0.2)]
    load_neighbourhoods(write(*(feature(f"P{n}", point) for n, point in enumerate(points))), city="Soest")
    assert [(pair.one.name, pair.other.name, pair.relation) for pair in Adjacency.objects.all()] == [
        ("P0", "P1", "near")
    ]


def test_loading_it_again_changes_nothing_and_a_change_updates(write):
    path = write(feature("A", square()), feature("B", square(0.01)))
    load_neighbourhoods(path, city="Ahlen")
    assert str(load_neighbourhoods(path, city="Ahlen")) == "Nothing has changed."
    write(feature("A", square(-0.005)), feature("B", square(0.01)))
    assert str(load_neighbourhoods(path, city="Ahlen")) == "neighbourhoods: changed 1\nadjacencies: changed 1"


def test_the_shipped_vocabulary_leaves_it_alone(write, vocabulary):
    load_neighbourhoods(write(feature("Mitte", square())), city="Gütersloh")
    assert str(load_vocabulary()) == "Nothing has changed."
    assert Neighbourhood.objects.get(code="guetersloh-mitte").city == City.objects.get(name="Gütersloh")


def test_a_place_where_somebody_lives_is_kept(write):
    path = write(feature("A", square()), feature("B", square(0.01)))
    load_neighbourhoods(path, city="Ahlen")
    VolunteerFactory(neighbourhood=Neighbourhood.objects.get(name="A"))
    write(feature("C", square(0.02)))
    load_neighbourhoods(path, city="Ahlen")
    assert dict(Neighbourhood.objects.values_list("name", "is_active")) == {"A": False, "C": True}


def test_a_town_must_be_named(write):
    with pytest.raises(CommandError, match=r"feature 1 \(A\): the town is missing"):
        call_command("load_neighbourhoods", write(feature("A", square())))


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"features": {}}', '{"features": [1]}', '{"features": [{"properties": {}}]}', "[" * 100_000, "null"],
    ids=["a list", "no features", "features no list", "a number", "no geometry", "too deep", "null"],
)
def test_what_is_no_geojson_is_refused(tmp_path, content):
    path = tmp_path / "town.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was loaded\. town\.geojson"):
        call_command("load_neighbourhoods", path, city="Ahlen")
