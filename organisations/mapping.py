"""The map beside the board: where the notices hang that a search finds, and a link to each neighbourhood."""

import re
from dataclasses import dataclass
from math import ceil, hypot

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from .browsing import Search, Way
from .drawing import DOT, WIDTH, Drawing, Shape, drawing_of
from .facts import how_far
from .filters import RINGS

GREENS = 4
LISTED = 5
LABELS = 8
# A label of that many letters, in units of the drawing.
LETTER, LINE = 11.5, 23


@dataclass(frozen=True)
class Area:
    """A neighbourhood as this search sees it: ``shade`` is the class of its colour, ``way`` is None without notices.

    ``away`` is how far it is from where somebody looks, or lives, in kilometres, where that is in this town.
    """

    shape: Shape
    shade: str
    way: Way | None
    away: float | None

    @property
    def how_far(self) -> str:
        return how_far(self.away) if self.away else ""


@dataclass(frozen=True)
class Label:
    text: str
    x: int
    y: int
    is_home: bool


class Map:
    """One town with the numbers of one search."""

    width = WIDTH

    def __init__(self, search: Search, drawing: Drawing):
        self.search, self.drawing = search, drawing
        self.counts = search.by_neighbourhood

    @cached_property
    def areas(self) -> list[Area]:
        """In the order in which they are drawn: what must be seen in full comes last."""
        shapes = sorted(
            self.drawing.shapes, key=lambda shape: (shape is self.home, shape.is_dot, self.counts.get(shape.key, 0))
        )
        return [Area(shape, self.shade_of(shape), self.way_to(shape), self.away(shape)) for shape in shapes]

    @property
    def drawn(self):
        """The areas as they stand in the picture. In Python: a template takes ten times as long for a hundred."""
        return format_html_join(
            "\n", "{}", ([self.link_to(area) if area.way else self.path(area)] for area in self.areas)
        )

    def link_to(self, area):
        title = format_html("<title>{}</title>", area.way.label)
        return format_html('<a href="?{}" tabindex="-1">{}</a>', area.way.query, self.path(area, title))

    def path(self, area, title=""):
        dot = " dot" if area.shape.is_dot else ""
        return format_html('<path class="{}{}" d="{}">{}</path>', area.shade, dot, area.shape.outline, title)

    def shade_of(self, shape):
        return "here" if shape is self.home else self.green(self.counts.get(shape.key, 0))

    def way_to(self, shape):
        number = self.counts.get(shape.key, 0)
        return Way(shape.name, f"{self.others_asked}{shape.answer}", number, shape is self.home) if number else None

    @cached_property
    def others_asked(self) -> str:
        """The query string without the place."""
        query = self.search.query(place=None)
        return f"{query}&" if query else ""

    def away(self, shape):
        home = self.home
        return hypot(shape.x - home.x, shape.y - home.y) / self.drawing.scale if home else None

    # --- Colours ------------------------------------------------------------------------------------------------------
    @cached_property
    def limits(self) -> dict[int, int]:
        return limits_of(self.counts.get(shape.key, 0) for shape in self.drawing.shapes)

    def green(self, number) -> str:
        limit = next((limit for limit in self.limits if number <= limit), None)
        return f"m{self.limits[limit]}" if number else "m0"

    @property
    def key(self) -> list[tuple[str, str]]:
        """Each green, and the numbers that it stands for."""
        lowest = [1, *(limit + 1 for limit in self.limits)]
        return [
            (f"m{green}", f"{low}–{limit}" if low < limit else f"{limit}")
            for low, (limit, green) in zip(lowest, self.limits.items(), strict=False)
        ]

    # --- Where the visitor is -----------------------------------------------------------------------------------------
    @cached_property
    def home(self) -> Shape | None:
        """The neighbourhood around which somebody looks, or else lives."""
        return next((shape for shape in self.drawing.shapes if shape.key == home_of(self.search)), None)

    @property
    def ring(self) -> int | None:
        """As far as somebody goes, in units of the drawing."""
        distance = RINGS.get(self.search.answers.get("distance"))
        return round(distance * self.drawing.scale) if self.home and distance else None

    # --- Words --------------------------------------------------------------------------------------------------------
    @cached_property
    def labels(self) -> list[Label]:
        """The names of one's own neighbourhood and of those with most notices, as far as they find room."""
        found = []
        most = sorted(self.listed, key=lambda area: -area.way.count)
        for shape in dict.fromkeys(filter(None, [self.home, *(area.shape for area in most)])):
            label = label_of(shape, is_home=shape is self.home)
            if len(found) < LABELS and not any(collide(label, other) for other in found):
                found.append(label)
        return found

    @cached_property
    def listed(self) -> list[Area]:
        """All where a notice hangs: the nearest first, or else those with most."""
        areas = [area for area in self.areas if area.way]
        return sorted(areas, key=lambda area: (area.away or 0, -area.way.count, area.shape.name))

    @property
    def first(self) -> list[Area]:
        return self.listed[:LISTED]

    @property
    def others(self) -> list[Area]:
        return sorted(self.listed[LISTED:], key=lambda area: area.shape.name)


def limits_of(numbers) -> dict[int, int]:
    """The highest number of each green, so that about as many neighbourhoods have the one as the other.

    Where there are few numbers, greens that are far from each other.
    """
    several = sorted(number for number in numbers if number)
    highest = sorted({several[ceil(len(several) * part / GREENS) - 1] for part in range(1, GREENS + 1) if several})
    return {limit: GREENS * place // max(2, len(highest)) for place, limit in enumerate(highest, 1)}


def map_of(search: Search) -> Map | None:
    """The town in which somebody looks, or lives, or where most of the notices hang that were found."""
    city = city_of(search)
    drawing = drawing_of(city, search.board.words) if city else None
    return Map(search, drawing) if drawing else None


def city_of(search) -> int | None:
    places, numbers = search.board.words.hoods, {}
    if search.filter.spot:
        return search.filter.spot.city.pk
    if home_of(search):
        return places[home_of(search)].city
    for key, number in search.by_neighbourhood.items():
        numbers[places[key].city] = numbers.get(places[key].city, 0) + number
    return max(numbers, key=lambda city: (numbers[city], -city), default=None)


def home_of(search) -> int | None:
    """The key of the neighbourhood where somebody looks, or lives: the one whose middle is nearest."""
    spot, point = search.filter.spot, search.filter.point or (None if search.filter.spot else search.reader.home)
    if spot and spot.neighbourhood:
        return spot.neighbourhood
    places = search.board.words.hoods.items()
    return min(places, key=lambda place: apart(place[1], point), default=(None,))[0] if point else None


def apart(place, point) -> float:
    """Good enough to compare, in squares of degrees as wide as they are high in the middle of Germany."""
    return (place.latitude - point[0]) ** 2 + ((place.longitude - point[1]) * 0.63) ** 2


def label_of(shape, *, is_home) -> Label:
    """The name without what stands behind it in brackets or after a stroke, moved to where it fits on the paper."""
    text = re.split(r"\s*[(/]", shape.name)[0]
    half = round(len(text) * LETTER / 2)
    y = shape.y + LINE // 4
    if shape.is_dot or is_home:
        # What is small must be seen under its name, or over it at the upper edge.
        y = shape.y - DOT - 4 if shape.y > DOT + 4 + LINE else shape.y + DOT + LINE - 4
    return Label(text, min(max(shape.x, half), WIDTH - half), y, is_home)


def collide(one: Label, other: Label) -> bool:
    wide = (len(one.text) + len(other.text)) * LETTER / 2
    return abs(one.x - other.x) < wide and abs(one.y - other.y) < LINE
