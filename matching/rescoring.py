"""Keeps the suggestions true: refreshes records, ranks, swaps the suggestions. Never touches what people decided.

A pair is suggested when nothing stands in its way, it scores at least MINIMUM, and it is among the BEST_PER_OPPORTUNITY
of its opportunity by standing, or among the BEST_PER_CANDIDATE of its candidate by appeal (see ``ranking.py``).

The unit of work is the region of the candidates. A region, or one candidate, swaps the suggestions of its own. They
enter the list of an opportunity above its floor, the standing of its last when the lists were last put in order; what
falls out of a list because others moved in leaves with ``drop_outranked``, at night. One opportunity swaps its own
list: its best, and whoever stood there and still may. On true suggestions every function changes nothing.

Each is one transaction. Regions and candidates exclude each other by region, an opportunity excludes them all; whoever
is killed half-way leaves everything as it was.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from functools import partial

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from organisations.models import Opportunity

from . import copying, ranking, records, vocabulary
from .judging import FACTORS, Weights
from .models import Rule, Suggestion
from .ranking import Found
from .vocabulary import Stale, Vocabulary

# Any number, as long as nothing else locks it. The second number is the key of a region, or 0 for all of them.
LOCK = 7_270_331
# Enough for the hashes of a region (see SWAP).
MEMORY = "SET LOCAL work_mem = '64MB'"
SHARED = "SELECT pg_advisory_xact_lock_shared(%(lock)s, 0)"
ALONE = "SELECT pg_advisory_xact_lock(%(lock)s, 0)"
REGION = "SELECT pg_advisory_xact_lock(%(lock)s, %(pk)s::int)"
REGION_OF = "SELECT pg_advisory_xact_lock(%(lock)s, region_id::int) FROM matching_candidaterecord WHERE {own}"

# One box around wherever these candidates go.
IN_REACH = """
    area && (
        SELECT box(
            point(max((reach[0])[0]), max((reach[0])[1])), point(min((reach[1])[0]), min((reach[1])[1]))
        ) FROM matching_candidaterecord WHERE {own}
    )
"""
WHO_COMES = "reach && (SELECT area FROM matching_opportunityrecord WHERE {own})"
# Candidates are named by one number: volunteers by their keys, self-organisations by theirs below zero.
DECIDED_OF_CANDIDATES = """
    SELECT opportunity_id, volunteer_id FROM matching_match
    WHERE volunteer_id IN (SELECT volunteer_id FROM matching_candidaterecord WHERE {own})
    UNION ALL SELECT opportunity_id, -organisation_id FROM matching_match
    WHERE organisation_id IN (SELECT organisation_id FROM matching_candidaterecord WHERE {own})
"""
DECIDED = "SELECT opportunity_id, coalesce(volunteer_id, -organisation_id) FROM matching_match WHERE {own}"
KEPT = "SELECT opportunity_id, coalesce(volunteer_id, -organisation_id) FROM matching_suggestion WHERE {own}"
PAIRS = [("opportunity", ">i8"), ("candidate", ">i8")]

VALUES = ["score", "standing", "appeal", *FACTORS, "open_points"]
FRESH = f"""
    opportunity bigint, candidate bigint, region bigint, open_points integer,
    {", ".join(f"{name} float8" for name in VALUES[:-1])}
"""
# NULLIF, for no value is null on its way here. Rows that are right already are left alone; the others are written only
# for pairs on which nobody has decided meanwhile, and of whose sides none is being erased: of these keys the database
# takes no care (see Suggestion), so they are held for the rest of the transaction. IN and NOT IN as they stand here are
# looked up in a table of hashes, however wrong PostgreSQL's idea of the number of rows is; joins were made row by row.
SWAP = f"""
    WITH fresh AS (
        SELECT opportunity AS opportunity_id,
            CASE WHEN candidate > 0 THEN candidate END AS volunteer_id,
            CASE WHEN candidate < 0 THEN -candidate END AS organisation_id,
            region AS region_id, score, standing, appeal,
            {", ".join(f"nullif({factor}, 'NaN') AS {factor}" for factor in FACTORS)},
            open_points, %(version)s AS rule_version
        FROM fresh_suggestion WHERE (opportunity, candidate) NOT IN (
            SELECT opportunity_id, coalesce(volunteer_id, -organisation_id) FROM matching_match
            WHERE opportunity_id IN (SELECT opportunity FROM fresh_suggestion)
        )
    ), gone AS (
        DELETE FROM matching_suggestion WHERE {{own}}
        AND (opportunity_id, coalesce(volunteer_id, -organisation_id)) NOT IN (
            SELECT opportunity_id, coalesce(volunteer_id, -organisation_id) FROM fresh
        )
    ), changed AS MATERIALIZED (
        SELECT * FROM fresh EXCEPT
        SELECT opportunity_id, volunteer_id, organisation_id, region_id, {", ".join(VALUES)}, rule_version
        FROM matching_suggestion WHERE {{own}}
    ), opportunity AS MATERIALIZED (
        SELECT id FROM organisations_opportunity
        WHERE id IN (SELECT opportunity_id FROM changed) FOR KEY SHARE
    ), volunteer AS MATERIALIZED (
        SELECT id FROM volunteers_volunteer
        WHERE id IN (SELECT volunteer_id FROM changed) FOR KEY SHARE
    ), organisation AS MATERIALIZED (
        SELECT id FROM organisations_organisation
        WHERE id IN (SELECT organisation_id FROM changed) FOR KEY SHARE
    )
    INSERT INTO matching_suggestion
        (opportunity_id, volunteer_id, organisation_id, region_id, {", ".join(VALUES)}, rule_version, computed_at)
    SELECT *, now() FROM changed
    WHERE (opportunity_id IN (SELECT id FROM opportunity)) IS TRUE
    AND (volunteer_id IN (SELECT id FROM volunteer) OR organisation_id IN (SELECT id FROM organisation))
    ON CONFLICT (opportunity_id, volunteer_id, organisation_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in ["region_id", *VALUES, "rule_version", "computed_at"])}
"""
FLOORS = """
    WITH now AS MATERIALIZED (
        SELECT id, coalesce((
            SELECT standing FROM matching_suggestion s
            WHERE s.opportunity_id = o.opportunity_id AND s.rule_version = %(version)s
            ORDER BY standing DESC OFFSET %(best)s - 1 LIMIT 1
        ), 0) AS floor
        FROM matching_opportunityrecord o WHERE {condition}
    )
    UPDATE matching_opportunityrecord r SET floor = now.floor FROM now WHERE r.id = now.id AND r.floor <> now.floor
"""
OUTRANKED = """
    DELETE FROM matching_suggestion WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY opportunity_id ORDER BY standing DESC) AS standing,
                row_number() OVER (PARTITION BY volunteer_id, organisation_id ORDER BY appeal DESC) AS appeal
            FROM matching_suggestion
        ) place WHERE standing > %(per_opportunity)s AND appeal > %(per_candidate)s
    )
"""


def rescore_volunteer(pk: int, *, now=None) -> None:
    """Swap the suggestions of one volunteer; of one who is paused, fully loaded or gone, take them away."""
    on_true_records(partial(_swap_candidates, "volunteer", pk, now), now)


def rescore_organisation(pk: int, *, now=None) -> None:
    """Swap the suggestions of one self-organisation as a candidate, and of the opportunities an organisation posted.

    Verification opens and closes opportunities, so they are looked at again as well.
    """
    on_true_records(partial(_swap_candidates, "organisation", pk, now), now)
    for opportunity in Opportunity.objects.filter(host=pk).order_by("pk").values_list("pk", flat=True):
        rescore_opportunity(opportunity, now=now)


def rescore_region(pk: int, *, now=None) -> None:
    """Swap the suggestions of all candidates of one region."""
    on_true_records(partial(_swap_candidates, "region", pk, now), now)


def rescore_opportunity(pk: int, *, now=None) -> None:
    """Swap the suggestions of one opportunity; of one that is closed, expired, full or gone, take them away."""
    on_true_records(partial(_swap_opportunity, pk, now), now)


def rescore_everything(*, now=None, progress: Callable[[Iterable], Iterable] = iter) -> int:
    """Swap all suggestions and return how many there are. ``progress`` wraps the loop over the regions."""
    for pk in progress(prepare(now=now)):
        rescore_region(pk, now=now)
    drop_outranked()
    return Suggestion.objects.count()


def prepare(*, now=None) -> list[int]:
    """What is done once before all regions: refresh the opportunities. Returns the keys of the regions."""
    with locked(ALONE):
        records.refresh_opportunities(vocabulary.current(), now=now)
        keep_floors("TRUE")
        return records.regions()


def drop_outranked() -> None:
    """Take away what is, by now, among the best of neither side."""
    with locked(ALONE), connection.cursor() as cursor:
        best = {"per_opportunity": ranking.BEST_PER_OPPORTUNITY, "per_candidate": ranking.BEST_PER_CANDIDATE}
        cursor.execute(OUTRANKED, best)
    keep_floors("TRUE")


def keep_floors(condition: str, **params) -> None:
    """Remember how high one has to stand to enter the lists of opportunities, as long as these are in this order.

    A list that is not full, or was scored with other weights than those in force, is open to all.
    """
    with connection.cursor() as cursor:
        version, best = Rule.objects.in_force().version, ranking.BEST_PER_OPPORTUNITY
        cursor.execute(FLOORS.format(condition=condition), params | {"version": version, "best": best})


def on_true_records(swap: Callable[[Vocabulary], None], now) -> None:
    """Run ``swap`` with the vocabulary that this process keeps; where it meets words or records of another one, with
    that of now. If not all records are of this one, refresh everything first."""
    with suppress(Stale):
        return swap(vocabulary.kept())
    words = vocabulary.current()
    with suppress(Stale):
        return swap(words)
    with locked(ALONE):
        records.refresh_everything(words, now=now)
    return swap(words)


@contextmanager
def locked(*locks: str, **params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join([MEMORY, *locks]), {"lock": LOCK, **params})
        yield


# --- One side against the other ---------------------------------------------------------------------------------------
def _swap_candidates(kind: str, pk: int, now, words: Vocabulary) -> None:
    own = f"{kind}_id = %(pk)s"
    with locked(SHARED, REGION if kind == "region" else REGION_OF.format(own=own), pk=pk):
        records.refresh(kind, pk, words, now=now)
        candidates = records.candidates(own, words, pk=pk)
        opportunities = records.opportunities(IN_REACH.format(own=own), words, pk=pk)
        decided = pairs_of(DECIDED_OF_CANDIDATES.format(own=own), opportunities.keys, candidates.keys, pk=pk)
        weights = Rule.objects.in_force()
        found = ranking.best_of_candidates(
            opportunities.records,
            opportunities.prices,
            opportunities.floors,
            candidates.records,
            decided,
            words.geography,
            weights,
            timezone.localdate(now).toordinal(),
        )
        _swap(found, own, pk, weights, opportunities, candidates)


def _swap_opportunity(pk: int, now, words: Vocabulary) -> None:
    own = "opportunity_id = %(pk)s"
    with locked(ALONE):
        records.refresh("opportunity", pk, words, now=now)
        records.mark_down(pk)
        opportunities = records.opportunities(own, words, pk=pk)
        candidates = records.candidates(WHO_COMES.format(own=own), words, pk=pk)
        weights = Rule.objects.in_force()
        found = None
        if len(opportunities.keys):
            kept, decided = (
                pairs_of(sql.format(own=own), opportunities.keys, candidates.keys, pk=pk)[:, 1]
                for sql in (KEPT, DECIDED)
            )
            found = ranking.best_of_opportunity(
                opportunities.records,
                opportunities.prices[0],
                candidates.records,
                kept,
                decided,
                words.geography,
                weights,
                timezone.localdate(now).toordinal(),
            )
        _swap(found, own, pk, weights, opportunities, candidates)
        keep_floors(own, pk=pk)


def pairs_of(sql, opportunities, candidates, **params) -> np.ndarray:
    """(pairs, 2): the rows of the pairs of keys that a query finds, as far as both are among these."""
    found = copying.columns(sql, params, PAIRS)
    rows = [_rows_of(found["opportunity"], opportunities), _rows_of(found["candidate"], candidates)]
    pairs = np.stack(rows, axis=-1)
    return pairs[(pairs >= 0).all(axis=1)]


def _rows_of(wanted, keys) -> np.ndarray:
    """Where each wanted key stands among ``keys``, or -1."""
    if not len(keys):
        return np.full(len(wanted), -1)
    order = np.argsort(keys)
    places = order[np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)]
    return np.where(keys[places] == wanted, places, -1)


def _swap(found: Found | None, own: str, pk: int, weights: Weights, opportunities, candidates) -> None:
    """Make the suggestions for which ``own`` is true exactly those that were found."""
    fresh = {} if found is None else _columns(found, opportunities, candidates)
    with connection.cursor() as cursor, copying.staged("fresh_suggestion", FRESH, fresh):
        cursor.execute(SWAP.format(own=own), {"pk": pk, "version": weights.version})


def _columns(found, opportunities, candidates):
    return {
        "opportunity": opportunities.keys[found.opportunity],
        "candidate": candidates.keys[found.candidate],
        "region": candidates.regions[found.candidate],
        "score": found.total,
        "standing": found.standing,
        "appeal": found.appeal,
        **dict(zip(FACTORS, found.points.T, strict=True)),
        "open_points": found.open_points.astype(np.int32),
    }
