"""A town drawn from the borders of its neighbourhoods, kept while the vocabulary stays as it is."""

from dataclasses import dataclass
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import numpy as np

from engagement.borders import Borders
from engagement.geometry import in_km, rings_of
from engagement.models import Adjacency, Neighbourhood

# The sheet of paper, in units of the drawing. A page shows one in less than a pixel of a small phone: whole numbers
# will do, and what is finer than this is left out.
WIDTH, HIGHEST, MARGIN = 500, 550, 12
FINEST = 3
DOT = 11

# For each state of the vocabulary the towns that somebody looked at since. A change of the vocabulary is a new state.
_kept: WeakKeyDictionary = WeakKeyDictionary()


@dataclass(frozen=True)
class Shape:
    """A neighbourhood on paper: its middle, and its outline as the data of an SVG path; a dot without known borders.

    ``answer`` is the part of a query string that asks for it.
    """

    key: int
    name: str
    answer: str
    x: int
    y: int
    outline: str
    is_dot: bool


@dataclass(frozen=True)
class Drawing:
    """A town; ``scale`` is units of the drawing for a kilometre."""

    city: str
    height: int
    scale: float
    shapes: list[Shape]
    river: str
    sources: list[str]


def drawing_of(city: int, words) -> Drawing | None:
    """The town with the key ``city``, or None where no neighbourhood of it is known.

    ``words`` is the vocabulary as the board has it: another one as soon as a place or a border changes.
    """
    towns = _kept.setdefault(words, {})
    if city not in towns:
        rows = Neighbourhood.objects.in_use().filter(city=city).select_related("city").order_by("name")
        towns[city] = draw(list(rows)) if rows else None
    return towns[city]


def draw(places: list[Neighbourhood]) -> Drawing:
    latitude = places[0].latitude
    areas = {
        place.pk: [in_km(ring, latitude).tolist() for ring in rings_of(place.geometry)]
        for place in places
        if place.geometry
    }
    middles = dict(zip([place.pk for place in places], in_km(points_of(places), latitude).tolist(), strict=True))
    paper = Paper([corner for rings in areas.values() for ring in rings for corner in ring] + list(middles.values()))
    borders = Borders(areas, FINEST / paper.scale)
    return Drawing(
        places[0].city.name,
        paper.height,
        paper.scale,
        [shape_of(place, borders, middles[place.pk], paper) for place in places],
        "".join(paper.line(line) for line in borders.between(rhine_among(middles))),
        sorted({place.attribution for place in places if place.attribution}),
    )


def points_of(places):
    return [(place.longitude, place.latitude) for place in places]


def rhine_among(places) -> set[frozenset]:
    """The pairs of neighbourhoods whose border is the river."""
    pairs = Adjacency.objects.order_by().filter(crosses_rhine=True, one__in=places, other__in=places)
    return {frozenset(pair) for pair in pairs.values_list("one", "other")}


def shape_of(place, borders: Borders, middle, paper: "Paper") -> Shape:
    rings = borders.rings(place.pk) if place.geometry else []
    x, y = paper.at(middle)
    outline = "".join(f"{paper.line(ring[:-1])}z" for ring in rings)
    answer = urlencode({"place": str(place)})
    return Shape(place.pk, place.name, answer, x, y, outline or dot(x, y), is_dot=not outline)


def dot(x: int, y: int) -> str:
    """For a place of which only the middle is known."""
    return f"M{x - DOT} {y}a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0z"


class Paper:
    """Kilometres on the ground as units of the drawing: as large as it fits, in the middle."""

    def __init__(self, corners):
        west, south = np.min(corners, axis=0)
        east, north = np.max(corners, axis=0)
        # A town of one point would be drawn infinitely large.
        wide, high = max(east - west, 1.0), max(north - south, 1.0)
        self.scale = float(min((WIDTH - 2 * MARGIN) / wide, (HIGHEST - 2 * MARGIN) / high))
        self.height = round(high * self.scale) + 2 * MARGIN
        self.west = (west + east - WIDTH / self.scale) / 2
        self.north = (south + north + self.height / self.scale) / 2

    def at(self, corner) -> tuple[int, int]:
        east, north = corner
        return round((east - self.west) * self.scale), round((self.north - north) * self.scale)

    def line(self, corners) -> str:
        """A line as the data of an SVG path: where it begins, and each step from there."""
        places = [self.at(corner) for corner in corners]
        steps = [(x - u, y - v) for (u, v), (x, y) in zip(places, places[1:], strict=False) if (x, y) != (u, v)]
        # A minus sign parts two numbers as well as a space does.
        way = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
        return f"M{places[0][0]} {places[0][1]}l{way}" if steps else ""
