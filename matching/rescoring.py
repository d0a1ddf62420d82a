"""Keeps the suggestions true: refreshes records, ranks, swaps the suggestions. Never touches what people decided.

A pair is suggested when nothing stands in its way, it scores at least MINIMUM, and it is among the BEST_PER_OPPORTUNITY
of its opportunity by standing, or among the BEST_PER_CANDIDATE of its candidate by appeal (see ``ranking.py``).

The unit of work are some regions of candidates. They, or one candidate, swap the suggestions of their own. These
enter the list of an opportunity above its floor, the standing of its last, which they may raise; what falls out of a
list because others moved in leaves with ``drop_outranked``, when the next night begins. One opportunity swaps its own
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

from . import copying, ranking, records, refreshing, regions, swapping, vocabulary
from .models import Rule, Suggestion
from .vocabulary import Stale, Vocabulary

# Any number, as long as nothing else locks it. The second number is the key of a region, or 0 for all of them.
LOCK = 7_270_331
# Enough to put all suggestions in order.
MEMORY = "SET LOCAL work_mem = '128MB'"
SHARED = "SELECT pg_advisory_xact_lock_shared(%(lock)s, 0)"
ALONE = "SELECT pg_advisory_xact_lock(%(lock)s, 0)"
REGIONS = "SELECT pg_advisory_xact_lock(%(lock)s, pk::int) FROM (SELECT unnest(%(pks)s) AS pk ORDER BY pk) regions"
# Of somebody who has moved: the region of before, and that of now.
REGION_OF = """
    SELECT pg_advisory_xact_lock(%(lock)s, id::int) FROM (
        SELECT id FROM matching_region WHERE id IN (SELECT region_id FROM matching_candidaterecord WHERE {own})
        OR coalesce(city_id, 0) = coalesce(({town}), 0) ORDER BY id
    ) regions
"""

# One box around wherever these candidates go.
IN_REACH = """
    area && (
        SELECT box(
            point(max((reach[0])[0]), max((reach[0])[1])), point(min((reach[1])[0]), min((reach[1])[1]))
        ) FROM matching_candidaterecord WHERE {own}
    )
"""
WHO_COMES = "reach && (SELECT area FROM matching_opportunityrecord WHERE {own})"
# Pairs, as in ``swapping.py``.
DECIDED_OF_CANDIDATES = """
    SELECT opportunity_id, volunteer_id FROM matching_match
    WHERE state <> '' AND volunteer_id IN (SELECT volunteer_id FROM matching_candidaterecord WHERE {own})
    UNION ALL SELECT opportunity_id, -organisation_id FROM matching_match
    WHERE state <> '' AND organisation_id IN (SELECT organisation_id FROM matching_candidaterecord WHERE {own})
"""
DECIDED = """
    SELECT opportunity_id, coalesce(volunteer_id, -organisation_id) FROM matching_match WHERE state <> '' AND {own}
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
# Held in the order of their keys, so that two regions do not wait for each other in a circle.
RAISE = """
    WITH risen AS MATERIALIZED (
        SELECT id, f.floor FROM matching_opportunityrecord r
        JOIN unnest(%(keys)s::bigint[], %(floors)s::float8[]) f (key, floor) ON r.opportunity_id = f.key
        ORDER BY id FOR NO KEY UPDATE OF r
    )
    UPDATE matching_opportunityrecord r SET floor = risen.floor FROM risen
    WHERE r.id = risen.id AND r.floor < risen.floor
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
    on_true_records(partial(_swap_candidate, "volunteer", pk, now), now)


def rescore_organisation(pk: int, *, now=None) -> None:
    """Swap the suggestions of one self-organisation as a candidate, and of the opportunities an organisation posted.

    Verification opens and closes opportunities, so they are looked at again as well.
    """
    on_true_records(partial(_swap_candidate, "organisation", pk, now), now)
    for opportunity in Opportunity.objects.filter(host=pk).order_by("pk").values_list("pk", flat=True):
        rescore_opportunity(opportunity, now=now)


def rescore_regions(pks: list[int], *, now=None) -> None:
    """Swap the suggestions of all candidates of some regions, as their records say it."""
    on_true_records(partial(_swap_regions, pks, now), now)


def rescore_opportunity(pk: int, *, now=None) -> None:
    """Swap the suggestions of one opportunity; of one that is closed, expired, full or gone, take them away."""
    on_true_records(partial(_swap_opportunity, pk, now), now)


def rescore_everything(*, now=None, progress: Callable[[Iterable], Iterable] = iter) -> int:
    """Make all records anew, swap all suggestions and return how many there are.

    ``progress`` wraps the loop over the batches of regions.
    """
    for pks in progress(prepare(now=now)):
        refresh_regions(pks, now=now)
        rescore_regions(pks, now=now)
    drop_outranked()
    return Suggestion.objects.count()


def prepare(*, now=None) -> list[list[int]]:
    """What is done once before all regions: refresh the opportunities. Returns the batches of regions."""
    with locked(ALONE):
        refreshing.refresh_opportunities(vocabulary.current(), now=now)
        keep_floors("TRUE")
        return regions.batches()


def refresh_regions(pks: list[int], *, now=None) -> None:
    """Make the records of all candidates of some regions anew."""
    with locked(SHARED, REGIONS, pks=pks):
        refreshing.refresh_regions(pks, vocabulary.current(), now=now)


def drop_outranked() -> None:
    """Take away what is, by now, among the best of neither side."""
    with locked(ALONE, MEMORY), connection.cursor() as cursor:
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
        refreshing.refresh_everything(words, now=now)
    return swap(words)


@contextmanager
def locked(*locks: str, **params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(locks), {"lock": LOCK, **params})
        yield


# --- One side against the other ---------------------------------------------------------------------------------------
def _swap_regions(pks: list[int], now, words: Vocabulary) -> None:
    with locked(SHARED, REGIONS, pks=pks):
        own = "region_id = ANY(%(pks)s)"
        _swap_candidates(own, DECIDED_OF_CANDIDATES.format(own=own), {"pks": pks}, now, words)


def _swap_candidate(kind: str, pk: int, now, words: Vocabulary) -> None:
    own, params = f"{kind}_id = %(pk)s", {"pk": pk}
    with locked(SHARED, REGION_OF.format(own=own, town=regions.TOWN_OF[kind]), **params):
        refreshing.refresh(kind, pk, words, now=now)
        _swap_candidates(own, DECIDED.format(own=own), params, now, words)


def _swap_candidates(own, decisions, params, now, words):
    candidates = records.candidates(own, words, **params)
    opportunities = records.opportunities(IN_REACH.format(own=own), words, **params)
    decided = pairs_of(decisions, opportunities.keys, candidates.keys, **params)
    weights = Rule.objects.in_force()
    found, floors = ranking.best_of_candidates(
        opportunities.records,
        opportunities.prices,
        opportunities.floors,
        candidates.records,
        decided,
        words.geography,
        weights,
        timezone.localdate(now).toordinal(),
    )
    fresh = swapping.suggestions(found, weights, opportunities, candidates)
    swapping.swap(swapping.undecided(fresh, decisions, params), swapping.stored(own, params))
    _raise_floors(opportunities, floors)


def _swap_opportunity(pk: int, now, words: Vocabulary) -> None:
    own, params = "opportunity_id = %(pk)s", {"pk": pk}
    with locked(ALONE):
        refreshing.refresh("opportunity", pk, words, now=now)
        refreshing.mark_down(pk)
        opportunities, stored = records.opportunities(own, words, **params), swapping.stored(own, params)
        if not len(opportunities.keys):
            swapping.forget(stored["id"])
            return
        candidates = records.candidates(WHO_COMES.format(own=own), words, **params)
        decided = pairs_of(DECIDED.format(own=own), opportunities.keys, candidates.keys, **params)
        weights = Rule.objects.in_force()
        found = ranking.best_of_opportunity(
            opportunities.records,
            opportunities.prices[0],
            candidates.records,
            rows_among(stored, opportunities.keys, candidates.keys)[:, 1],
            decided[:, 1],
            words.geography,
            weights,
            timezone.localdate(now).toordinal(),
        )
        fresh = swapping.suggestions(found, weights, opportunities, candidates)
        swapping.swap(swapping.undecided(fresh, DECIDED.format(own=own), params), stored)
        keep_floors(own, **params)


def pairs_of(sql, opportunities, candidates, **params) -> np.ndarray:
    """(pairs, 2): the rows of the pairs of keys that a query finds, as far as both are among these."""
    return rows_among(copying.columns(sql, params, swapping.PAIRS), opportunities, candidates)


def rows_among(pairs, opportunities, candidates) -> np.ndarray:
    """(pairs, 2): in which rows the two of each pair stand, as far as both are among these keys."""
    rows = [_rows_of(pairs["opportunity"], opportunities), _rows_of(pairs["candidate"], candidates)]
    found = np.stack(rows, axis=-1)
    return found[(found >= 0).all(axis=1)]


def _rows_of(wanted, keys) -> np.ndarray:
    """Where each wanted key stands among ``keys``, or -1."""
    if not len(keys):
        return np.full(len(wanted), -1)
    order = np.argsort(keys)
    places = order[np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)]
    return np.where(keys[places] == wanted, places, -1)


def _raise_floors(opportunities, floors) -> None:
    """Whoever comes after these candidates has to stand above them, or would be taken away again at the end."""
    has_risen = floors > opportunities.floors
    if has_risen.any():
        with connection.cursor() as cursor:
            rows = {"keys": opportunities.keys[has_risen].tolist(), "floors": floors[has_risen].tolist()}
            cursor.execute(RAISE, rows)
