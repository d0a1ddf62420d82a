from types import SimpleNamespace

import pytest

from engagement.geometry import centroid_and_area, distance_km, touches
from engagement.vocabulary.geojson import read_features
from engagement.vocabulary.loading import FILES
from engagement.vocabulary.reading import read_rows

SQUARE = [[7.0, 51.0], [7.01, 51.0], [7.01, 51.01], [7.0, 51.01], [7.0, 51.0]]
HOLE = [[7.004, 51.004], [7.006, 51.004], [7.006, 51.006], [7.004, 51.006], [7.004, 51.004]]


def shifted(ring, east):
    return {"type": "Polygon", "coordinates": [[[longitude + east, latitude] for longitude, latitude in ring]]}


def test_the_distance_from_cologne_cathedral_to_duesseldorf_town_hall():
    cathedral = SimpleNamespace(latitude=50.9413, longitude=6.9583)
    town_hall = SimpleNamespace(latitude=51.2254, longitude=6.7719)
    assert distance_km(cathedral, town_hall) == pytest.approx(34.2, abs=0.2)
    assert distance_km(cathedral, cathedral) == 0


@pytest.mark.parametrize("turn", [1, -1], ids=["counter-clockwise", "clockwise"])
def test_centre_and_area_of_a_square_do_not_depend_on_its_direction(turn):
    longitude, latitude, area = centroid_and_area({"type": "Polygon", "coordinates": [SQUARE[::turn]]})
    assert (longitude, latitude, area) == (7.005, 51.005, 0.78)


def test_a_hole_is_no_area():
    assert centroid_and_area({"type": "Polygon", "coordinates": [SQUARE, HOLE]})[2] == 0.75


def test_several_polygons_count_together():
    both = {"type": "MultiPolygon", "coordinates": [[SQUARE], shifted(SQUARE, 0.02)["coordinates"]]}
    assert centroid_and_area(both) == (7.015, 51.005, 1.56)


def test_a_line_is_no_polygon():
    with pytest.raises(ValueError, match="no area"):
        centroid_and_area({"type": "Polygon", "coordinates": [[[7, 51], [7.1, 51], [7, 51], [7, 51]]]})


def test_neighbours_touch_and_strangers_do_not():
    square = shifted(SQUARE, 0)
    assert touches(square, shifted(SQUARE, 0.01))
    assert not touches(square, shifted(SQUARE, 0.02))


def test_our_centres_and_areas_are_those_of_the_shipped_polygons():
    polygons = [
        feature for feature in read_features(FILES / "neighbourhoods.geojson") if feature.properties["area_km2"]
    ]
    for feature in polygons:
        longitude, latitude, area = centroid_and_area(feature.geometry)
        assert longitude == pytest.approx(feature.properties["centroid_lon"], abs=0.0002)
        assert latitude == pytest.approx(feature.properties["centroid_lat"], abs=0.0002)
        assert area == pytest.approx(feature.properties["area_km2"], abs=0.2)


def test_we_find_the_neighbours_that_the_shipped_file_names():
    places = {feature.properties["id"]: feature.geometry for feature in read_features(FILES / "neighbourhoods.geojson")}
    pairs = read_rows(FILES / "adjacency.csv", ["from_id", "to_id", "relation"])
    koeln = [(row.cells["from_id"], row.cells["to_id"]) for row in pairs if row.cells["from_id"].startswith("koeln")]
    assert [pair for pair in koeln if not touches(places[pair[0]], places[pair[1]])] == []
