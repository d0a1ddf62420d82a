"""Borders with fewer corners: neighbours still meet, in squares on paper and in the towns that the house ships."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from engagement.borders import Borders, with_fewer_corners
from engagement.geometry import in_km, rings_of
from engagement.vocabulary.geojson import read_features

FILES = Path("engagement/vocabulary/files")

# Two squares side by side, with a small bay in the border between them.
WEST = [(0, 0), (4, 0), (4, 1.9), (4.1, 2), (4, 2.1), (4, 4), (0, 4), (0, 0)]
EAST = [(4, 4), (4, 2.1), (4.1, 2), (4, 1.9), (4, 0), (8, 0), (8, 4), (4, 4)]


def sides(ring):
    return {frozenset(side) for side in zip(ring, ring[1:], strict=False)}


def test_a_border_loses_the_same_corners_on_both_sides():
    borders = Borders({"west": [WEST], "east": [EAST]}, tolerance=0.2)
    (west,), (east,) = borders.rings("west"), borders.rings("east")
    assert sides(west) & sides(east) == {frozenset({(4, 0), (4, 4)})}
    assert len(west) == len(east) == 5


def test_what_is_large_enough_stays():
    borders = Borders({"west": [WEST], "east": [EAST]}, tolerance=0.05)
    assert (4.1, 2) in borders.rings("west")[0]
    assert (4.1, 2) in borders.rings("east")[0]


def test_a_corner_that_only_one_of_two_neighbours_has_is_given_to_both():
    tall = [(0, 0), (4, 0), (4.01, 2), (4, 4), (0, 4), (0, 0)]
    straight = [(4, 0), (8, 0), (8, 4), (4, 4), (4, 0)]
    borders = Borders({"west": [tall], "east": [straight]}, tolerance=0)
    assert (4.01, 2) in borders.rings("east")[0]


def test_an_enclave_and_the_hole_around_it_are_one_line_wherever_they_begin():
    outside = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]
    hole = [(3, 3), (3, 6), (6, 6), (6, 3), (3, 3)]
    enclave = [(6, 6), (3, 6), (3, 3), (6, 3), (6, 6)]
    borders = Borders({"around": [outside, hole], "within": [enclave]}, tolerance=0.1)
    assert sides(borders.rings("around")[1]) == sides(borders.rings("within")[0])


def test_what_shrinks_to_nothing_is_left_out():
    islet = [(20, 20), (20.01, 20), (20.01, 20.01), (20, 20)]
    assert Borders({"town": [WEST, islet]}, tolerance=0.5).rings("town") == [((0, 0), (4, 0), (4, 4), (0, 4), (0, 0))]


def test_a_ring_around_nothing_harms_no_other():
    borders = Borders({"town": [WEST, [(1, 1), (1, 1), (1, 1), (1, 1)]]}, tolerance=0.5)
    assert len(borders.rings("town")) == 1


def test_the_river_is_the_border_between_its_banks():
    borders = Borders({"west": [WEST], "east": [EAST]}, tolerance=0.2)
    assert [set(line) for line in borders.between({frozenset({"east", "west"})})] == [{(4, 0), (4, 4)}]
    assert borders.between(set()) == []


def test_a_line_stays_near_to_where_it_was():
    line = ((0, 0), (1, 1), (2, 0), (3, 0.1), (4, 0))
    assert with_fewer_corners(line, 0.5) == ((0, 0), (1, 1), (2, 0), (4, 0))
    assert with_fewer_corners(line, 1) == ((0, 0), (4, 0))


@pytest.mark.parametrize(
    ("file", "town", "slivers"),
    [("neighbourhoods_osm", "Düsseldorf", 0), ("neighbourhoods_osm", "Duisburg", 0), ("neighbourhoods", "Köln", 6)],
)
def test_a_town_that_is_shipped_has_no_gaps(file, town, slivers):
    places = [place for place in read_features(FILES / f"{file}.geojson") if place.text("city", 100) == town]
    areas = {place.text("name", 100): [in_km(ring, 51) for ring in rings_of(place.geometry)] for place in places}
    borders = Borders(areas, tolerance=0.06)
    loops = loops_of(side for name in areas for ring in borders.rings(name) for side in sides(ring))
    # All sides that only one has are the border of the town, or stand around a gap that is too small to be seen.
    around = max(loops, key=len)
    assert len(loops) - 1 <= slivers
    assert [width(loop) for loop in loops if loop is not around and width(loop) > 0.6] == []


def loops_of(sides):
    """The corners of those sides that occur once, by the loop to which they belong."""
    beside = defaultdict(set)
    for side, number in Counter(sides).items():
        if number == 1:
            here, there = side
            beside[here].add(there)
            beside[there].add(here)
    loops = []
    while beside:
        loop, waiting = set(), [next(iter(beside))]
        while waiting:
            corner = waiting.pop()
            if corner in beside:
                loop.add(corner)
                waiting += beside.pop(corner)
        loops.append(loop)
    return loops


def width(loop):
    return max(max(column) - min(column) for column in zip(*loop, strict=True))
