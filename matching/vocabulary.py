"""The words and places of both sides, each with its number in the records. Kept in the process while they are true."""

from collections import defaultdict
from functools import lru_cache
from hashlib import sha256
from math import cos, isinf, radians

import numpy as np
from django.db import connection

from engagement.models import GOOD_CONDUCT, Adjacency, City, Field, Language, Neighbourhood, Postcode, Proof, Skill

from .boxes import EVERYWHERE, Box
from .geography import APART, CROSSES, NEIGHBOURHOOD, POSTCODE, TOUCHES, TOWN, lay_out, place_of, spot_number
from .judging import FAR_KM_UNTOLD
from .packing import LAYOUT, NOWHERE

GERMAN = "de"
INTERPRETING = "SPRACHMITTLUNG"
# A little less than it is, so that a box is rather too large than too small.
KM_PER_DEGREE = 111.0

# One number that is another as soon as anything changes of what the records and the geography are made of.
FINGERPRINT = """
    SELECT (
        SELECT sum(hashtextextended(code, id)) FROM engagement_language
    ), (
        SELECT sum(hashint8extended(group_id, id)) FROM engagement_skill
    ), (
        SELECT sum(hashtextextended(code || '/' || category, id)) FROM engagement_field
    ), (
        SELECT sum(hashtextextended(code, id)) FROM engagement_proof
    ), (
        SELECT sum(hashint8extended(id, 0)) FROM engagement_city
    ), (
        SELECT sum(hashfloat8extended(latitude, id) + hashfloat8extended(longitude, city_id)::numeric)
        FROM engagement_neighbourhood
    ), (
        SELECT sum(hashfloat8extended(latitude, id) + hashfloat8extended(longitude, city_id)::numeric
            + hashint8extended(coalesce(neighbourhood_id, 0), id))
        FROM engagement_postcode
    ), (
        SELECT sum(hashint8extended(one_id, other_id) + hashtextextended(relation, id)::numeric
            + crosses_rhine::int * id)
        FROM engagement_adjacency
    )
"""

_kept: "Vocabulary | None" = None


class Stale(Exception):
    """A word, a place or a record is of another time than the vocabulary in hand."""


def kept() -> "Vocabulary":
    """The vocabulary as this process read it last, without asking. What it does not know raises Stale."""
    return _kept or current()


def current() -> "Vocabulary":
    """The vocabulary as it is now: read anew only when its fingerprint, a query over all of it, has changed."""
    global _kept  # noqa: PLW0603 (one a process)
    fingerprint = _fingerprint()
    if _kept is None or _kept.fingerprint != fingerprint:
        _kept = Vocabulary(fingerprint)
    return _kept


def _fingerprint() -> str:
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT)
        return sha256(repr((LAYOUT, *cursor.fetchone())).encode()).hexdigest()[:16]


class Vocabulary:
    def __init__(self, fingerprint: str):
        self.fingerprint = fingerprint
        self.languages = _places(Language.objects.order_by("pk").values_list("pk", flat=True))
        self.german = Language.objects.filter(code=GERMAN).values_list("pk", flat=True).first()
        skills = dict(Skill.objects.order_by("pk").values_list("pk", "group_id"))
        self.skills = _places(skills)
        self.related_skills = _families(skills, self.skills)
        fields = {pk: (code, category) for pk, code, category in Field.objects.values_list("pk", "code", "category")}
        self.fields = _places(sorted(fields))
        self.interpreting = {pk for pk, (code, _) in fields.items() if code == INTERPRETING}
        self.related_fields = _families({pk: category or code for pk, (code, category) in fields.items()}, self.fields)
        proofs = dict(Proof.objects.order_by("pk").values_list("pk", "code"))
        merged = {pk: GOOD_CONDUCT[0] if code in GOOD_CONDUCT else code for pk, code in proofs.items()}
        places = _places(dict.fromkeys(merged.values()))
        self.proofs = Places((pk, places[code]) for pk, code in merged.items())
        self._read_places()
        self.reach = lru_cache(maxsize=None)(self._reach)
        self.area = lru_cache(maxsize=None)(self._area)

    def _read_places(self):
        hoods = Neighbourhood.objects.order_by().values_list("pk", "latitude", "longitude", "city_id")
        postcodes = Postcode.objects.order_by().values_list(
            "pk", "latitude", "longitude", "city_id", "neighbourhood_id"
        )
        rows = [(hood_spot(pk), *place, hood_spot(pk)) for pk, *place in hoods]
        rows += [(spot_number(POSTCODE, pk), *place, hood_spot(hood)) for pk, *place, hood in postcodes]
        self.points = {spot: (latitude, longitude) for spot, latitude, longitude, *_ in rows}
        self.of_town = defaultdict(list)
        for spot, _latitude, _longitude, town, _hood in rows:
            self.of_town[town].append(spot)
        towns = list(City.objects.order_by().values_list("pk", flat=True))
        self.spots = {*self.points, *(spot_number(TOWN, town) for town in towns)}
        for town in towns:
            centre = np.mean([self.points[spot] for spot in self.of_town[town]] or [(np.nan, np.nan)], axis=0)
            rows.append((spot_number(TOWN, town), *centre, town, NOWHERE))
        pairs = Adjacency.objects.order_by().values_list("one_id", "other_id", "relation", "crosses_rhine")
        relations = [(hood_spot(one), hood_spot(other), _relation(*how)) for one, other, *how in pairs]
        self.geography = lay_out(*(zip(*rows, strict=True) if rows else ((),) * 5), relations)

    def town_of(self, spots) -> int | None:
        """The key of the town in which the first of these spots lies."""
        return int(self.geography.town[spots[0]]) if spots else None

    def towns_of(self, spots) -> tuple[int, ...]:
        """The spots of the towns in which these spots lie."""
        self._know(spots)
        return tuple(sorted({spot_number(TOWN, int(self.geography.town[spot])) for spot in spots}))

    def _reach(self, spots: tuple[int, ...], km: float) -> Box:
        """A box around all places to which somebody goes from these spots; ``km`` is infinite if it was not told.

        What counts as the same neighbourhood or the next one is in it, however far its middle is.
        """
        self._know(spots)
        area = self.area((*spots, *(near for spot in spots for near in self._beside(spot))))
        if area == EVERYWHERE:
            return area
        west, south, east, north = area
        up = (FAR_KM_UNTOLD if isinf(km) else km) / KM_PER_DEGREE
        aside = up / cos(radians(min(max(abs(south), abs(north)) + up, 89)))
        return (west - aside, south - up, east + aside, north + up)

    def _area(self, spots: tuple[int, ...]) -> Box:
        """A box around these spots, around the whole of a town; everywhere, if nobody knows where one of them is."""
        self._know(spots)
        points = [self._points_of(spot) for spot in spots]
        if not points or not all(points):
            return EVERYWHERE
        found = np.array([point for several in points for point in several])
        (south, west), (north, east) = found.min(axis=0).tolist(), found.max(axis=0).tolist()
        return (west, south, east, north)

    def _know(self, spots):
        if not self.spots.issuperset(spots):
            raise Stale

    def _points_of(self, spot):
        kind, pk = place_of(spot)
        return [self.points[own] for own in (self.of_town.get(pk, ()) if kind == TOWN else [spot])]

    def _beside(self, spot):
        """The neighbourhood of a spot, and those that touch it."""
        hood = int(self.geography.hood[spot])
        return [] if hood == NOWHERE else [hood, *self._touching(hood)]

    def _touching(self, hood):
        beside = slice(self.geography.first[hood], self.geography.first[hood + 1])
        return self.geography.neighbour[beside][self.geography.relation[beside] == TOUCHES].tolist()


def hood_spot(pk: int | None) -> int:
    return spot_number(NEIGHBOURHOOD, pk) if pk else NOWHERE


def _relation(relation, crosses_rhine):
    if crosses_rhine:
        return CROSSES
    return TOUCHES if relation == Adjacency.Relation.TOUCHES else APART


class Places(dict[int, int]):
    """The number of each word, by its key."""

    def __missing__(self, key):
        raise Stale


def _places(keys):
    return Places((key, place) for place, key in enumerate(keys))


def _families(group_of, places):
    """For each key, the places of all keys of its group."""
    groups = defaultdict(list)
    for key, group in group_of.items():
        groups[group].append(places[key])
    return {key: groups[group] for key, group in group_of.items()}
