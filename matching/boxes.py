"""Rectangles on the map in PostgreSQL's own type ``box``, which a GiST index finds by overlap. No extension needed.

In Python a box is (west, south, east, north) in degrees.
"""

import re

from django.db import models
from django.db.models.lookups import PostgresOperatorLookup

Box = tuple[float, float, float, float]

EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)
NUMBER = re.compile(r"[^(),]+")


def written(box: Box) -> str:
    """The box as PostgreSQL reads it."""
    west, south, east, north = box
    return f"({east!r},{north!r}),({west!r},{south!r})"


class BoxField(models.Field):
    description = "A rectangle on the map"

    def db_type(self, connection):  # noqa: ARG002 (Django hands it over)
        return "box"

    def from_db_value(self, value, expression, connection):  # noqa: ARG002 (Django hands them over)
        return self.to_python(value)

    def to_python(self, value):
        if not isinstance(value, str):
            return value
        east, north, west, south = map(float, NUMBER.findall(value))
        return (west, south, east, north)

    def get_prep_value(self, value):
        return None if value is None else written(value)


@BoxField.register_lookup
class Overlaps(PostgresOperatorLookup):
    """``reach__overlaps=box``: the two have a point in common."""

    lookup_name = "overlaps"
    postgres_operator = "&&"
