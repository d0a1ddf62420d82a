"""The packed records of both sides: kept up to date with the rows they are made of, and read as columns.

Only who can be matched now has a record. A region's records are those of its candidates; an opportunity belongs to the
region of its place.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from . import copying, facts, vocabulary
from .facts import Located
from .geography import Geography
from .models import CandidateRecord, Match, OpportunityRecord, Region
from .packing import CANDIDATE, OPPORTUNITY, CannotPack, pack
from .vocabulary import Stale, Vocabulary

logger = logging.getLogger(__name__)

# Who is meant: ("volunteer", pk) or ("organisation", pk).
Candidate = tuple[str, int]

THESE = "id = ANY(%(pks)s)"


@dataclass(frozen=True)
class Records:
    """Both sides as columns, and who stands in which row."""

    opportunities: np.ndarray
    opportunity_pks: list[int]
    candidates: np.ndarray
    candidate_keys: list[Candidate]
    vocabulary: Vocabulary

    @property
    def geography(self) -> Geography:
        return self.vocabulary.geography


def key_of(volunteer: int | None, organisation: int | None) -> Candidate:
    return ("volunteer", volunteer) if volunteer else ("organisation", organisation)


def fetch(opportunities, volunteers, organisations, *, now=None) -> Records:
    """Read three querysets as records made on the spot, with all that stands in the way of somebody.

    Self-organisations follow the volunteers; each side is in order of its keys. Raises CannotPack.
    """
    words, today = vocabulary.current(), timezone.localdate(now)
    offered = [one for one, _town in facts.of_opportunities(THESE, words, today, pks=_keys(opportunities))]
    people = [one for one, _town in facts.of_volunteers(THESE, words, today, pks=_keys(volunteers))]
    people += [one for one, _town in facts.of_organisations(THESE, words, today, pks=_keys(organisations))]
    return Records(
        np.frombuffer(b"".join(map(pack, offered)), OPPORTUNITY),
        [one.pk for one in offered],
        np.frombuffer(b"".join(map(pack, people)), CANDIDATE),
        [key_of(one.volunteer, one.organisation) for one in people],
        words,
    )


def _keys(queryset):
    return list(queryset.order_by().values_list("pk", flat=True))


# --- Kept up to date --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Side:
    """Of one kind: where its records are, how its facts are read, and who has a record at all.

    ``more`` are columns that begin with a value of their own.
    """

    table: str
    box: str
    facts: Callable[..., Iterator[Located]]
    is_matchable: str
    more: dict[str, str] = field(default_factory=dict)


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
        {"price": "1", "nightly_price": "1", "expected": "0", "floor": "0"},
    ),
}
IN_TOWN = {
    "volunteer": """
        neighbourhood_id = ANY(ARRAY(SELECT id FROM engagement_neighbourhood WHERE city_id = %(town)s))
        OR neighbourhood_id IS NULL
            AND postcode_id = ANY(ARRAY(SELECT id FROM engagement_postcode WHERE city_id = %(town)s))
    """,
    "organisation": "city_id = %(town)s",
}
IN_NO_TOWN = {"volunteer": "neighbourhood_id IS NULL AND postcode_id IS NULL", "organisation": "FALSE"}

# What is true now of one kind, on its way into the records.
FRESH = "owner bigint, town bigint, record bytea, box box"
# Regions are made when somebody comes from there; 0 is no town. Rows that are right already are not even locked.
STORE = """
    INSERT INTO matching_region (city_id, demand)
    SELECT DISTINCT nullif(town, 0), ''::bytea FROM fresh_record
    WHERE town NOT IN (SELECT coalesce(city_id, 0) FROM matching_region) ON CONFLICT DO NOTHING;

    WITH gone AS (
        DELETE FROM {table} r WHERE {condition}
        AND NOT EXISTS (SELECT FROM fresh_record WHERE owner = r.{kind}_id)
    )
    INSERT INTO {table} ({kind}_id, region_id, record, vocabulary, {box}{more})
    SELECT owner, g.id, f.record, %(vocabulary)s, f.box{defaults}
    FROM fresh_record f JOIN matching_region g ON coalesce(g.city_id, 0) = f.town
    WHERE NOT EXISTS (
        SELECT FROM {table} r
        WHERE {condition} AND r.{kind}_id = owner AND r.region_id = g.id AND r.record = f.record
            AND r.vocabulary = %(vocabulary)s AND r.{box} ~= f.box
    )
    ON CONFLICT ({kind}_id) DO UPDATE SET region_id = excluded.region_id, record = excluded.record,
        vocabulary = excluded.vocabulary, {box} = excluded.{box}
"""


def refresh(kind: str, pk: int, words: Vocabulary, *, now=None) -> None:
    """Make the records of one "volunteer", "organisation" or "opportunity", or of all candidates of a "region", what
    the rows say now. Of whoever cannot be matched now there is none afterwards; true ones are not written.
    """
    if kind != "region":
        _refresh(kind, "id = %(pk)s", f"r.{kind}_id = %(pk)s", {"pk": pk}, words, now)
        return
    for side, town in product(IN_TOWN, Region.objects.filter(pk=pk).values_list("city_id", flat=True)):
        condition = IN_NO_TOWN[side] if town is None else IN_TOWN[side]
        stored = f"r.region_id = %(pk)s AND r.{side}_id IS NOT NULL"
        _refresh(side, condition, stored, {"pk": pk, "town": town}, words, now)


def refresh_opportunities(words: Vocabulary, *, now=None) -> None:
    """The same for all opportunities."""
    _refresh("opportunity", "TRUE", "TRUE", {}, words, now)


def refresh_everything(words: Vocabulary, *, now=None) -> None:
    """The same for everybody, region by region."""
    refresh_opportunities(words, now=now)
    for pk in regions():
        refresh("region", pk, words, now=now)


def regions() -> list[int]:
    """The keys of all regions, after making those that are missing where somebody lives."""
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO matching_region (city_id, demand) SELECT town, ''::bytea FROM (
                SELECT coalesce(n.city_id, p.city_id) FROM volunteers_volunteer v
                LEFT JOIN engagement_neighbourhood n ON n.id = v.neighbourhood_id
                LEFT JOIN engagement_postcode p ON p.id = v.postcode_id
                UNION SELECT city_id FROM organisations_organisation WHERE kind = 'mso' UNION SELECT NULL
            ) towns (town)
            ON CONFLICT DO NOTHING
        """)
    return list(Region.objects.order_by("pk").values_list("pk", flat=True))


# Without a savepoint: whoever calls it has a transaction, or nothing to lose.
@transaction.atomic(savepoint=False)
def _refresh(kind, condition, stored, params, words, now):
    side, today = SIDES[kind], timezone.localdate(now)
    located = side.facts(f"{side.is_matchable} AND ({condition})", words, today, **params)
    packed = list(_packed(kind, ((one, town) for one, town in located if not one.obstacles), words))
    fresh = _fresh_columns(packed) if packed else {}
    with connection.cursor() as cursor, copying.staged("fresh_record", FRESH, fresh):
        more, defaults = ("".join(f", {word}" for word in part) for part in (side.more, side.more.values()))
        cursor.execute(
            STORE.format(kind=kind, table=side.table, box=side.box, condition=stored, more=more, defaults=defaults),
            params | {"vocabulary": words.fingerprint},
        )


def _packed(kind, located, words):
    """(key, town, record, box) of each row. What has no room in a record is reported, and left out."""
    for one, town in located:
        pk = one.pk if kind == "opportunity" else getattr(one, kind)
        try:
            box = words.area(one.spots) if kind == "opportunity" else words.reach(one.spots, one.reach)
            yield pk, town, pack(one), box
        except CannotPack as error:
            logger.error("The %s with the key %s cannot be matched: %s.", kind, pk, error)


def _fresh_columns(packed):
    owners, towns, records, boxes = zip(*packed, strict=True)
    west, south, east, north = np.array(boxes).T
    return {
        "owner": np.array(owners),
        "town": np.array([town or 0 for town in towns]),
        "record": np.array(records, dtype=f"V{len(records[0])}"),
        # PostgreSQL keeps the upper right corner first.
        "box": np.stack([east, north, west, south], axis=-1),
    }


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


# --- Read as columns --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidates:
    """Columns; ``keys`` are those of volunteers, and those of self-organisations below zero."""

    records: np.ndarray
    regions: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        return np.where(self.records["volunteer"] > 0, self.records["volunteer"], -self.records["organisation"])


@dataclass(frozen=True)
class Opportunities:
    """Columns, in the order of their keys."""

    records: np.ndarray
    prices: np.ndarray
    floors: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        return self.records["pk"]


CANDIDATES = "SELECT record, region_id, vocabulary FROM matching_candidaterecord WHERE {condition}"
OPPORTUNITIES = """
    SELECT record, price, floor, vocabulary FROM matching_opportunityrecord o WHERE {condition} ORDER BY opportunity_id
"""
NAME = ("vocabulary", "S16")


def candidates(condition: str, words: Vocabulary, **params) -> Candidates:
    """The candidates for whose records the SQL ``condition`` is true. Raises Stale."""
    layout = [("record", CANDIDATE), ("region", ">i8"), NAME]
    found = _true(copying.columns(CANDIDATES.format(condition=condition), params, layout), words)
    return Candidates(np.array(found["record"]), found["region"])


def opportunities(condition: str, words: Vocabulary, **params) -> Opportunities:
    """The same for opportunities."""
    layout = [("record", OPPORTUNITY), ("price", ">f8"), ("floor", ">f8"), NAME]
    found = _true(copying.columns(OPPORTUNITIES.format(condition=condition), params, layout), words)
    return Opportunities(np.array(found["record"]), found["price"].astype(float), found["floor"].astype(float))


def _true(found, words):
    if (found["vocabulary"] != words.fingerprint.encode()).any():
        raise Stale
    return found
