"""Where a visitor looks, out of what they type."""

from dataclasses import dataclass

from engagement.models import City, Neighbourhood, Postcode
from engagement.places import find_whereabouts

MOST = 5


@dataclass(frozen=True)
class Spot:
    """A whole town, or the surroundings of a point, which may lie in a neighbourhood (its key)."""

    name: str
    city: City
    latitude: float | None = None
    longitude: float | None = None
    neighbourhood: int | None = None


def find_spots(text: str, towns: list[City]) -> list[Spot]:
    """The places that ``text`` may mean: one where it is clear, some to choose from, or none."""
    return [spot_of(place) for place in find_whereabouts(text, MOST, towns)]


def spot_of(place: City | Neighbourhood | Postcode) -> Spot:
    if isinstance(place, City):
        return Spot(place.name, place)
    hood = place.neighbourhood_id if isinstance(place, Postcode) else place.pk
    return Spot(str(place), place.city, place.latitude, place.longitude, hood)
