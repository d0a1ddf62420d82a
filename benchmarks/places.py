"""Where invented people live: towns of North Rhine-Westphalia by their inhabitants, and copies of the whole country."""

from dataclasses import dataclass

import numpy as np
from django.db import connection

from engagement.models import Neighbourhood, Postcode
from matching.demo.words import TOWNS

# Inhabitants of North Rhine-Westphalia in thousands (IT.NRW, end of 2023). What the towns of the demonstration leave
# over is spread evenly over the postcodes of all others.
EVERYBODY = 18_190
# Each copy lies five degrees of longitude, about 350 km, east of the one before: nobody reaches from one to the next.
SHIFT = 5.0


@dataclass(frozen=True)
class Places:
    """Postcodes as columns, each with its town, its share of the people, and where ``hoods`` has those of its town."""

    postcodes: np.ndarray
    towns: np.ndarray
    share: np.ndarray
    hoods: np.ndarray
    first_hood: np.ndarray
    number_of_hoods: np.ndarray

    @classmethod
    def read(cls, *, only: str = "", copy: int = 0) -> "Places":
        """All postcodes of one copy of the country, or those of one town."""
        rows = Postcode.objects.filter(longitude__range=(SHIFT * copy + 5, SHIFT * copy + 9.9)).order_by("pk")
        rows = rows.filter(city__name=only) if only else rows
        postcodes, towns, names = (
            np.array(column) for column in zip(*rows.values_list("pk", "city", "city__name"), strict=True)
        )
        inside = Neighbourhood.objects.filter(city__in=set(towns.tolist())).order_by("city", "pk")
        hoods, town_of_hood = columns(inside.values_list("pk", "city"))
        first, end = (np.searchsorted(town_of_hood, towns, side) for side in ("left", "right"))
        return cls(postcodes, towns, share_of(names), hoods, first, end - first)

    def draw(self, rng, number: int) -> np.ndarray:
        """Rows of postcodes, by the number of their people."""
        return rng.choice(len(self.postcodes), number, p=self.share)

    def some_hood(self, rng, rows: np.ndarray) -> np.ndarray:
        """Keys of neighbourhoods in the towns of these postcodes; 0 where a town has none that we know."""
        there = self.first_hood[rows] + (rng.random(len(rows)) * self.number_of_hoods[rows]).astype(int)
        return np.where(self.number_of_hoods[rows] > 0, self.hoods[np.minimum(there, len(self.hoods) - 1)], 0)


def columns(rows) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*rows, strict=True)]


def share_of(names: np.ndarray) -> np.ndarray:
    """The people of each postcode: those of its town, spread evenly."""
    number = dict(zip(*np.unique(names, return_counts=True), strict=True))
    others = sum(count for name, count in number.items() if name not in TOWNS)
    elsewhere = (EVERYBODY - sum(TOWNS.values())) / max(others, 1)
    people = np.array([TOWNS[name] / number[name] if name in TOWNS else elsewhere for name in names])
    return people / people.sum()


def copy_the_country(copies: int) -> None:
    """Store towns, neighbourhoods, borders and postcodes once more for every copy after the first."""
    with connection.cursor() as cursor:
        for copy in range(1, copies):
            cursor.execute(ONE_MORE, {"copy": copy, "east": copy * SHIFT})


# Names tell the copy, so that no unique name is taken twice.
ONE_MORE = """
WITH towns AS (
    INSERT INTO engagement_city (name, ags)
    SELECT name || ' #' || %(copy)s, ags FROM engagement_city WHERE name NOT LIKE '%% #%%' RETURNING id, name, ags
), town AS (
    SELECT old.id AS old, new.id AS new FROM engagement_city old
    JOIN towns new ON new.name = old.name || ' #' || %(copy)s AND new.ags = old.ags
), hoods AS (
    INSERT INTO engagement_neighbourhood
        (code, name, city_id, district, level, latitude, longitude,
        source, attribution, licence, is_active, loaded_from)
    SELECT code || '#' || %(copy)s, name, town.new, district, level, latitude, longitude + %(east)s,
        source, attribution, licence, is_active, loaded_from
    FROM engagement_neighbourhood JOIN town ON town.old = city_id RETURNING id, code
), hood AS (
    SELECT old.id AS old, new.id AS new FROM engagement_neighbourhood old
    JOIN hoods new ON new.code = old.code || '#' || %(copy)s
), borders AS (
    INSERT INTO engagement_adjacency (one_id, other_id, relation, distance_km, crosses_rhine)
    SELECT one.new, other.new, relation, distance_km, crosses_rhine FROM engagement_adjacency
    JOIN hood one ON one.old = one_id JOIN hood other ON other.old = other_id
)
INSERT INTO engagement_postcode (code, city_id, latitude, longitude, neighbourhood_id)
SELECT chr(64 + %(copy)s) || lpad(row_number() OVER (ORDER BY code)::text, 4, '0'),
    town.new, latitude, longitude + %(east)s, hood.new
FROM engagement_postcode JOIN town ON town.old = city_id LEFT JOIN hood ON hood.old = neighbourhood_id
"""
