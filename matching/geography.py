"""How near two places are: pure arithmetic for one pair of places, without Django, a database or a clock.

A *spot* is a neighbourhood, a postcode or the whole of a town, and has a number for life: ``spot_number(kind, pk)``.
NOWHERE stands for "not told" and is near to nothing; so is a number that the geography does not know.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .compiling import compiled
from .packing import NOWHERE

NEIGHBOURHOOD, POSTCODE, TOWN = KINDS = tuple(range(3))
# Farthest way in kilometres → share of the points (A9 of the domain notes; start values, published).
RINGS = ((2.0, 0.85), (5.0, 0.6), (8.0, 0.35))
SAME_PLACE, SAME_TOWN, BEYOND, UNKNOWN = 1.0, 0.2, 0.05, -1.0
# Borders meet in the middle of the Rhine, so its two banks "touch" without a bridge: such a pair is ring three at best.
ACROSS_THE_RHINE_KM = 5.0
TOUCHING_KM = 2.0
APART, TOUCHES, CROSSES, SAME = range(4)
EARTH_KM = 6371.0


def spot_number(kind: int, pk: int) -> int:
    """The number of a neighbourhood, a postcode or a town: it stays the same whatever is added elsewhere."""
    return len(KINDS) * pk + kind


def place_of(spot: int) -> tuple[int, int]:
    """The kind and the key of what has this number."""
    pk, kind = divmod(spot, len(KINDS))
    return kind, pk


class Nearness(NamedTuple):
    """``share`` of the points (UNKNOWN if nothing is known), ``way`` in km that a reach is compared with, ``km`` of air
    line; the two spots that earn the share, ``here`` and ``there``, and how these lie to each other."""

    share: float
    way: float
    km: float
    here: int
    there: int
    relation: int


class Geography(NamedTuple):
    """Columns by the number of the spot, and which neighbourhoods lie side by side. ``lay_out`` makes it.

    ``position`` (n, 3) is in km from the middle of the earth, NaN where it is not known. ``town`` is the key of the
    town, ``hood`` the spot of the neighbourhood that a spot lies in (a neighbourhood lies in itself), or NOWHERE. The
    neighbours of spot s are ``neighbour[first[s]:first[s + 1]]``, and ``relation``, beside them, is TOUCHES (same
    bank), CROSSES (near, but across the Rhine) or APART. ``stretch``: by how many km at most an air line is longer than
    the way that counts, between two spots side by side, in one neighbourhood or in one town.
    """

    position: np.ndarray
    town: np.ndarray
    hood: np.ndarray
    first: np.ndarray
    neighbour: np.ndarray
    relation: np.ndarray
    stretch: float


def lay_out(
    spots: Sequence[int],
    latitude: Sequence[float],
    longitude: Sequence[float],
    town: Sequence[int],
    hood: Sequence[int],
    pairs: Sequence[tuple[int, int, int]] = (),
) -> Geography:
    """The geography of columns in any order: spots by number, degrees (NaN if not known), keys of towns, spots of
    neighbourhoods. ``pairs`` are two spots of neighbourhoods and their relation, each pair once."""
    size = max(spots, default=NOWHERE) + 1
    north, east = np.radians(np.asarray(latitude, float)), np.radians(np.asarray(longitude, float))
    directions = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)
    both = sorted([(one, other, relation) for one, other, relation in pairs] + [(b, a, r) for a, b, r in pairs])
    one, other, relation = np.array(both, dtype=np.int32).reshape(-1, 3).T
    position = _placed(spots, EARTH_KM * directions, np.full((size, 3), np.nan))
    towns = _placed(spots, town, np.full(size, NOWHERE, dtype=np.int32))
    hoods = _placed(spots, hood, np.full(size, NOWHERE, dtype=np.int32))
    return Geography(
        position=position,
        town=towns,
        hood=hoods,
        first=np.searchsorted(one, np.arange(size + 1)).astype(np.int32),
        neighbour=np.ascontiguousarray(other),
        relation=np.ascontiguousarray(relation),
        stretch=_stretch(position, towns, hoods, one, other),
    )


def _placed(spots, values, column):
    column[np.asarray(spots, dtype=int)] = values
    return column


def _stretch(position, town, hood, one, other):
    """Between neighbours; from a spot to the whole of its town; through the middle of a neighbourhood, twice."""
    whole = np.where(town == NOWHERE, NOWHERE, len(KINDS) * town + TOWN)
    whole = np.where(whole < len(town), whole, NOWHERE)
    in_hood, in_town = hood != NOWHERE, whole != NOWHERE
    ways = [
        position[one] - position[other],
        position[in_town] - position[whole[in_town]],
        2 * (position[in_hood] - position[hood[in_hood]]),
    ]
    return float(np.nan_to_num(np.linalg.norm(np.concatenate(ways), axis=1)).max(initial=0))


class Expanse(NamedTuple):
    """Around each of some rows of spots, a ball that holds them: its middle, and its radius in km, which is infinite
    where no spot is told or it is not known where one lies."""

    middle: np.ndarray
    radius: np.ndarray


def expanse(spots: np.ndarray, geography: Geography) -> Expanse:
    """``spots`` (n, k), with NOWHERE behind those that are told."""
    known = np.vstack([geography.position, np.full((1, 3), np.nan)])
    points, is_told = known[np.minimum(spots, len(known) - 1)], spots != NOWHERE
    # The first spot stands in for those that are not told.
    points = np.where(is_told[:, :, None], points, points[:, :1])
    middle = points.mean(axis=1)
    radius = np.linalg.norm(points - middle[:, None], axis=2).max(axis=1)
    return Expanse(np.nan_to_num(middle), np.nan_to_num(radius, nan=np.inf))


@compiled
def is_out_of_sight(one, other, row, place, km, stretch):
    """Whether no way between two rows of spots can be as short as ``km``."""
    a, b = one.middle[row], other.middle[place]
    line = np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
    return line - one.radius[row] - other.radius[place] > km + stretch


@compiled
def nearest(heres, theres, geography):
    """The best of all spots of one side with all spots of the other: share, way and air line each by itself."""
    best, way, km = _nothing_known(), np.inf, np.inf
    for p in range(_number_told(heres)):
        for q in range(_number_told(theres)):
            found = _between(heres[p], theres[q], geography)
            way, km = min(way, found.way), min(km, found.km)
            if found.share > best.share or (found.share == best.share and found.km < best.km):
                best = found
    return Nearness(best.share, way, km, best.here, best.there, best.relation)


@compiled
def _number_told(spots):
    """NOWHERE fills the room behind the spots of a record."""
    found = 0
    for place in range(len(spots)):
        found += spots[place] != NOWHERE
    return found


@compiled
def _nothing_known():
    return Nearness(UNKNOWN, np.inf, np.inf, np.int32(NOWHERE), np.int32(NOWHERE), APART)


@compiled
def _between(here, there, geography):
    if max(here, there) >= len(geography.town):
        return _nothing_known()
    in_one_town = geography.town[here] == geography.town[there] != NOWHERE
    relation = _relation(here, there, in_one_town, geography)
    if relation == SAME:
        return Nearness(SAME_PLACE, 0.0, 0.0, here, there, relation)
    km = way = _air_line(here, there, geography)
    if relation == TOUCHES:
        way = min(km, TOUCHING_KM)
    elif relation == CROSSES:
        way = max(km, ACROSS_THE_RHINE_KM)
    share = max(_ring(way), SAME_TOWN if in_one_town else BEYOND)
    return Nearness(share, way, km, here, there, relation)


@compiled
def _relation(here, there, in_one_town, geography):
    """Two spots in one neighbourhood are the same place, and so is everything in a town with the town itself."""
    hood, other = geography.hood[here], geography.hood[there]
    is_town = here % len(KINDS) == TOWN or there % len(KINDS) == TOWN
    if hood == other != NOWHERE or (is_town and in_one_town):
        return SAME
    if hood != NOWHERE and other != NOWHERE:
        for place in range(geography.first[hood], geography.first[hood + 1]):
            if geography.neighbour[place] == other:
                return geography.relation[place]
    return APART


@compiled
def _ring(way):
    for farthest, share in RINGS:
        if way <= farthest:
            return share
    return 0.0


@compiled
def _air_line(here, there, geography):
    """Straight through the earth, which is within one per mille of the great circle up to 900 km."""
    a, b = geography.position[here], geography.position[there]
    km = np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
    return np.inf if np.isnan(km) else km
