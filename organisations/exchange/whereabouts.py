"""Where an offer takes place: out of its neighbourhood, its coordinates, its postcode or its town, in this order."""

import re
from collections import Counter, defaultdict

import numpy as np

from engagement.geometry import distance_km, rings_of
from engagement.models import City, Neighbourhood, Postcode

from ..models import Opportunity
from .words import fold, several

# A point is in a neighbourhood whose borders nobody has drawn if its centre is nearer than this.
NEAR_KM = 2.0
REMOTE = re.compile(r"\b(ortsunabhangig|von zuhause|von zu hause|homeoffice|home office|online|remote|digital)\b")
WHOLE_TOWN = re.compile(r"\b(ganze stadt|stadtweit|stadtgebiet|alle stadtteile)\b")
# Freinet puts the plate of the town behind the name: "Kettwig - E".
PLATE = re.compile(r" - [A-ZÄÖÜ]{1,3}$")
Place = Opportunity.Place


class Spot:
    """A position in degrees."""

    def __init__(self, latitude: float, longitude: float):
        self.latitude, self.longitude = latitude, longitude


class Places:
    """All places that we know, read once for a whole file."""

    def __init__(self):
        self.cities = {city.pk: city for city in City.objects.all()}
        names = Counter(city.name for city in self.cities.values())
        # The town as it is written: its name, with its official key where two share the name.
        self.labels = {
            pk: city.name if names[city.name] == 1 else f"{city.name} ({city.ags})" for pk, city in self.cities.items()
        }
        self.towns = {fold(label): pk for pk, label in self.labels.items()}
        self.hoods = {hood.code: hood for hood in Neighbourhood.objects.in_use()}
        self.postcodes = {row.code: row for row in Postcode.objects.all()}
        self.code_of = {hood.pk: hood.code for hood in self.hoods.values()}
        self.named: dict[str, list[Neighbourhood]] = defaultdict(list)
        for hood in self.hoods.values():
            for name in names_of(hood, self.cities[hood.city_id]):
                self.named[name].append(hood)
        drawn = [hood for hood in self.hoods.values() if hood.geometry]
        self.drawn = [(hood, [np.asarray(ring, float)[:, :2] for ring in rings_of(hood.geometry)]) for hood in drawn]
        self.boxes = np.array([box_of(rings) for _hood, rings in self.drawn]).reshape(-1, 4)

    def town(self, text: str) -> int | None:
        return self.towns.get(fold(text)) if text else None

    def hoods_named(self, text: str, city: int | None) -> list[str]:
        """The codes of the neighbourhoods called ``text``, in the town if it is known; none where it is unclear."""
        hoods = self.named.get(fold(PLATE.sub("", text)), [])
        found = [hood.code for hood in hoods if city in (None, hood.city_id)]
        return found if len(found) == 1 else []

    def hood_at(self, spot: Spot) -> str:
        """The code of the neighbourhood in which a position lies; empty where none is known."""
        inside = np.flatnonzero(
            (self.boxes[:, 0] <= spot.longitude)
            & (spot.longitude <= self.boxes[:, 2])
            & (self.boxes[:, 1] <= spot.latitude)
            & (spot.latitude <= self.boxes[:, 3])
        )
        for number in inside:
            hood, rings = self.drawn[number]
            if sum(surrounds(ring, spot) for ring in rings) % 2:
                return hood.code
        near = [(distance_km(hood, spot), hood.code) for hood in self.hoods.values() if is_near(hood, spot)]
        nearest = min(near, default=(NEAR_KM, ""))
        return nearest[1] if nearest[0] < NEAR_KM else ""

    def locate(self, *, hoods: str, spot: Spot | None, postcode: str, town: str) -> tuple[dict, list[str]]:
        """The values of place, city and neighbourhoods, and the words that are no place of ours."""
        row = self.postcodes.get(postcode)
        city = self.town(town) or (row.city_id if row else None)
        words = several(hoods)
        if any(REMOTE.search(fold(word)) for word in [*words, town]):
            return {"place": Place.REMOTE, "city": "", "neighbourhoods": []}, []
        named = {word: self.hoods_named(word, city) for word in words}
        codes = {code for codes in named.values() for code in codes}
        unknown = [word for word, found in named.items() if not found and not self.is_whole_town(word)]
        if not words or (not codes and unknown):
            codes |= {self.hood_at(spot)} if spot else set()
            codes |= {self.code_of.get(row.neighbourhood_id, "")} if row and not codes - {""} else set()
        codes -= {""}
        if codes:
            city = self.hoods[min(codes)].city_id
            return {"place": Place.NEIGHBOURHOOD, "city": self.labels[city], "neighbourhoods": sorted(codes)}, unknown
        city = city or next((pk for pk in map(self.town, words) if pk), None)
        if city:
            return {"place": Place.CITY, "city": self.labels[city], "neighbourhoods": []}, unknown
        return {}, [*unknown, *filter(None, [town])]

    def is_whole_town(self, word: str) -> bool:
        return bool(WHOLE_TOWN.search(fold(word))) or self.town(word) is not None


def names_of(hood, city) -> set[str]:
    """What somebody may call it; "Rüttenscheid (45130)" is Rüttenscheid."""
    short = re.sub(r" \(\d{5}\)$", "", hood.name)
    return {fold(name) for name in (hood.name, short, hood.code, f"{city.name} {hood.name}", f"{city.name} {short}")}


def box_of(rings) -> list[float]:
    corners = np.concatenate(rings)
    return [*corners.min(axis=0), *corners.max(axis=0)]


def is_near(hood, spot: Spot) -> bool:
    """Whether it is worth measuring; a fiftieth of a degree is some two kilometres."""
    is_beside = abs(hood.latitude - spot.latitude) < 0.02 and abs(hood.longitude - spot.longitude) < 0.04
    return is_beside and not hood.geometry


def surrounds(ring: np.ndarray, spot: Spot) -> bool:
    """Whether a ring goes around a position: a line from there to the east crosses it an odd number of times."""
    x, y = ring[:, 0], ring[:, 1]
    x_next, y_next = np.roll(x, -1), np.roll(y, -1)
    crossed = (y > spot.latitude) != (y_next > spot.latitude)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (spot.latitude - y) * (x_next - x) / (y_next - y)
    return bool((crossed & (spot.longitude < at)).sum() % 2)
