"""Keeps the packed records what the rows say now.

Only who can be matched now has a record. A region's records are those of its candidates; an opportunity belongs to the
region of its place.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from . import facts, regions
from .facts import Located
from .models import CandidateRecord, Match, OpportunityRecord, Region
from .packing import CannotPack, pack
from .vocabulary import Vocabulary

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Side:
    """Of one kind: where its records are, how its facts are read, and who has a record at all."""

    table: str
    box: str
    facts: Callable[..., Iterator[Located]]
    is_matchable: str


SIDES = {
    "volunteer": Side(
        CandidateRecord._meta.db_table,
        "reach",
        facts.of_volunteers,
        """NOT is_paused AND id IN (
            SELECT volunteer_id FROM volunteers_consent WHERE purpose = %(profile)s AND withdrawn_at IS NULL
        )""",
    ),
    "organisation": Side(
        CandidateRecord._meta.db_table,
        "reach",
        facts.of_organisations,
        "NOT is_paused AND kind = %(mso)s AND verified_at IS NOT NULL",
    ),
    "opportunity": Side(
        OpportunityRecord._meta.db_table,
        "area",
        facts.of_opportunities,
        "status = %(published)s",
    ),
}
IN_TOWNS = {
    "volunteer": """
        neighbourhood_id = ANY(ARRAY(SELECT id FROM engagement_neighbourhood WHERE city_id = ANY(%(towns)s)))
        OR neighbourhood_id IS NULL AND (
            postcode_id = ANY(ARRAY(SELECT id FROM engagement_postcode WHERE city_id = ANY(%(towns)s)))
            OR %(nowhere)s AND postcode_id IS NULL
        )
    """,
    "organisation": "city_id = ANY(%(towns)s)",
}
BEFORE = "SELECT {kind}_id, region_id, record, vocabulary FROM {table} r WHERE {condition}"
STORE = """
    INSERT INTO {table} ({kind}_id, region_id, record, vocabulary, {box})
    SELECT owner, region, record, %(vocabulary)s, box(point(east, north), point(west, south))
    FROM unnest(
        %(owners)s::bigint[], %(regions)s::bigint[], %(records)s::bytea[],
        %(west)s::float8[], %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
    ) fresh (owner, region, record, west, south, east, north)
    ON CONFLICT ({kind}_id) DO UPDATE SET region_id = excluded.region_id, record = excluded.record,
        vocabulary = excluded.vocabulary, {box} = excluded.{box}
"""
MOVE = """
    UPDATE matching_suggestion s SET region_id = region
    FROM unnest(%(owners)s::bigint[], %(regions)s::bigint[]) moved (owner, region)
    WHERE s.{kind}_id = owner AND s.region_id <> region
"""


def refresh(kind: str, pk: int, words: Vocabulary, *, now=None) -> None:
    """Make the record of one "volunteer", "organisation" or "opportunity" what the rows say now.

    Of whoever cannot be matched now there is none afterwards; true ones are not written.
    """
    _refresh(kind, "id = %(pk)s", f"r.{kind}_id = %(pk)s", {"pk": pk}, words, now)


def refresh_regions(pks: list[int], words: Vocabulary, *, now=None) -> None:
    """The same for all candidates of some regions."""
    towns = list(Region.objects.filter(pk__in=pks).values_list("city_id", flat=True))
    params = {"pks": pks, "towns": [town for town in towns if town], "nowhere": None in towns}
    for kind, condition in IN_TOWNS.items():
        stored = f"r.region_id = ANY(%(pks)s) AND r.{kind}_id IS NOT NULL"
        _refresh(kind, condition, stored, params, words, now)


def refresh_opportunities(words: Vocabulary, *, now=None) -> None:
    """The same for all opportunities."""
    _refresh("opportunity", "TRUE", "TRUE", {}, words, now)


def refresh_everything(words: Vocabulary, *, now=None) -> None:
    """The same for everybody, some regions at a time."""
    refresh_opportunities(words, now=now)
    for pks in regions.batches():
        refresh_regions(pks, words, now=now)


# Without a savepoint: whoever calls it has a transaction, or nothing to lose.
@transaction.atomic(savepoint=False)
def _refresh(kind, condition, stored, params, words, now):
    side, today = SIDES[kind], timezone.localdate(now)
    located = side.facts(f"{side.is_matchable} AND ({condition})", words, today, **params)
    fresh = {
        pk: rest for pk, *rest in _packed(kind, ((one, town) for one, town in located if not one.obstacles), words)
    }
    home = regions.of_towns({town for town, _record, _box in fresh.values()}) if fresh else {}
    before = _before(kind, stored, params)
    _forget(kind, before.keys() - fresh.keys())
    # The box follows from the record.
    rows = [(pk, home[town], record, *box) for pk, (town, record, box) in fresh.items()]
    _store(kind, [row for row in rows if before.get(row[0]) != (*row[1:3], words.fingerprint)], words)
    if kind != "opportunity":
        _move(kind, [row[:2] for row in rows if row[0] not in before or before[row[0]][0] != row[1]])


def _before(kind, stored, params):
    with connection.cursor() as cursor:
        cursor.execute(BEFORE.format(kind=kind, table=SIDES[kind].table, condition=stored), params)
        return {pk: (region, bytes(record), vocabulary) for pk, region, record, vocabulary in cursor}


def _packed(kind, located, words):
    """(key, town, record, box) of each row. What has no room in a record is reported, and left out."""
    for one, town in located:
        pk = one.pk if kind == "opportunity" else getattr(one, kind)
        try:
            box = words.area(one.spots) if kind == "opportunity" else words.reach(one.spots, one.reach)
            yield pk, town, pack(one), box
        except CannotPack as error:
            logger.error("The %s with the key %s cannot be matched: %s.", kind, pk, error)


def _forget(kind, pks):
    if pks:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {SIDES[kind].table} WHERE {kind}_id = ANY(%s)", [list(pks)])


def _store(kind, rows, words):
    if rows:
        names = ["owners", "regions", "records", "west", "south", "east", "north"]
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        with connection.cursor() as cursor:
            side = SIDES[kind]
            statement = STORE.format(kind=kind, table=side.table, box=side.box)
            cursor.execute(statement, columns | {"vocabulary": words.fingerprint})


def _move(kind, moved):
    """The suggestions of somebody who has moved go along."""
    if moved:
        owners, homes = map(list, zip(*moved, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(MOVE.format(kind=kind), {"owners": owners, "regions": homes})


def mark_down(pk: int) -> None:
    """The price of an opportunity falls with each connection since the night: somebody said yes to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE matching_opportunityrecord r SET price = nightly_price / (1 + (
                SELECT count(DISTINCT m.id) FROM matching_match m JOIN matching_matchevent e ON e.match_id = m.id
                WHERE m.opportunity_id = r.opportunity_id AND e.to_state = %(said_yes)s AND e.at > g.priced_at
            )::float8 / coalesce(o.places, 1))
            FROM organisations_opportunity o, matching_region g
            WHERE r.opportunity_id = %(pk)s AND o.id = r.opportunity_id AND g.id = r.region_id
            """,
            {"pk": pk, "said_yes": Match.State.INTERESTED},
        )
