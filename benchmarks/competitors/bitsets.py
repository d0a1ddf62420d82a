"""The rule in pure SQL over tables of bit sets, with an index on how far people go: one query for a whole side.

Volunteers only, each with one home or none, and opportunities with one place each.
"""

from pathlib import Path

from django.db import connection

TABLES, BEST = (Path(__file__).with_name(name).read_text() for name in ("bitsets.sql", "bitsets_best.sql"))


def prepare() -> None:
    """Make the tables for this connection."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


def best_of_everybody(number: int) -> list[tuple[int, int, float]]:
    """For each opportunity its best so many volunteers: keys of both, and the total."""
    with connection.cursor() as cursor:
        cursor.execute(BEST, {"number": number})
        return cursor.fetchall()
