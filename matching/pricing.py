"""Every night each region asks: how much is one more suitable applicant still worth to the opportunities in its reach?

The answer, a price for each of them, spreads attention (see ``fairness.py``). An opportunity may be within reach of
several regions. What a region expects its candidates to apply for, its ``demand``, stays with it, and the sum over all
regions stands beside the opportunity as ``expected``: so each region knows what the others bring, and night by night
they find to each other.
"""

from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from . import copying, figures, records, rescoring
from .fairness import Prices, fair_prices
from .models import Region, Rule
from .ranking import shortlists
from .rescoring import DECIDED_OF_CANDIDATES, IN_REACH, REGIONS, SHARED, locked, on_true_records, pairs_of
from .vocabulary import Vocabulary

# By the keys of the records: an opportunity that closes and opens again gets a new one, and is expected anew.
DEMAND = np.dtype([("record", "<i8"), ("expected", "<f8")])
# One night may begin a little earlier than the one before.
A_NIGHT = timedelta(hours=20)
# An order by fit × price needs prices above zero.
LEAST_PRICE = 1e-9
OWN = "region_id = %(pk)s"
EXPECTED = f"""
    SELECT id, expected FROM matching_opportunityrecord WHERE {IN_REACH.format(own=OWN)} ORDER BY opportunity_id
"""
# Held in the order of their keys: two regions that share opportunities do not wait for each other in a circle. Rows
# that are right already are not written. What has left the reach keeps its price.
STORE = """
    WITH fresh AS (
        SELECT * FROM unnest(%(keys)s::bigint[], %(changes)s::float8[], %(prices)s::float8[]) f (key, change, price)
    ), held AS MATERIALIZED (
        SELECT id, change, coalesce(f.price, nightly_price) AS price
        FROM matching_opportunityrecord JOIN fresh f ON id = key
        WHERE abs(change) > 1e-9 OR abs(nightly_price - f.price) > 1e-9
        ORDER BY id FOR NO KEY UPDATE OF matching_opportunityrecord
    )
    UPDATE matching_opportunityrecord r
    SET expected = greatest(0, expected + change), nightly_price = held.price, price = held.price
    FROM held WHERE r.id = held.id
"""


def do_night(pks: list[int], *, now: datetime | None = None) -> None:
    """What a night does for some regions: their records are made anew, then the prices, for what appeals most depends
    on them, then the suggestions."""
    rescoring.refresh_regions(pks, now=now)
    for pk in pks:
        if is_due(pk, now=now):
            price_region(pk, now=now)
    rescoring.rescore_regions(pks, now=now)


def is_due(pk: int, *, now: datetime | None = None) -> bool:
    """Whether a region has not been priced in this night yet."""
    before = (now or timezone.now()) - A_NIGHT
    return not Region.objects.filter(pk=pk, priced_at__gt=before).exists()


def price_region(pk: int, *, now: datetime | None = None) -> None:
    """Price what the candidates of a region can reach, and keep its figures of the day with the certificate.

    One transaction, which excludes rescoring the same region; a second time changes nothing. Where nobody is expected
    to apply for anything there are no figures: most towns have nobody yet.
    """
    on_true_records(lambda words: _price(pk, words, now or timezone.now()), now)


def _price(pk: int, words: Vocabulary, now: datetime) -> None:
    with locked(SHARED, REGIONS, pks=[pk]):
        region = Region.objects.select_related("city").get(pk=pk)
        keys, expected = _expected(pk)
        before = _aligned(np.frombuffer(region.demand, DEMAND), keys)
        prices = _prices(pk, words, np.maximum(0, expected - before))
        _store(region, keys, prices)
        region.priced_at = now
        region.save(update_fields=["priced_at", "demand"])
        if region.city and prices.expected.any():
            figures.keep(region, now=now, certificate=prices.certificate)


def _expected(pk: int) -> tuple[np.ndarray, np.ndarray]:
    """The keys of the records within reach, in the order of the opportunities, and what is expected for each."""
    found = copying.columns(EXPECTED, {"pk": pk}, [("key", ">i8"), ("expected", ">f8")])
    return found["key"].astype(np.int64), found["expected"].astype(float)


def _prices(pk: int, words: Vocabulary, elsewhere: np.ndarray) -> Prices:
    candidates = records.candidates(OWN, words, pk=pk)
    opportunities = records.opportunities(IN_REACH.format(own=OWN), words, pk=pk)
    decided = pairs_of(DECIDED_OF_CANDIDATES.format(own=OWN), opportunities.keys, candidates.keys, pk=pk)
    lists, totals = shortlists(
        opportunities.records, candidates.records, decided, words.geography, Rule.objects.in_force()
    )
    return fair_prices(lists, totals / 100, opportunities.records["places"], elsewhere)


def _aligned(demand: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """What was expected for each of ``keys``, 0 where nothing was."""
    known = dict(zip(demand["record"].tolist(), demand["expected"].tolist(), strict=True))
    return np.array([known.get(key, 0.0) for key in keys.tolist()])


def _store(region: Region, keys: np.ndarray, prices: Prices) -> None:
    """Write the prices, and the difference to what this region expected before; ``region`` gets its new demand."""
    demand = np.zeros(len(keys), DEMAND)
    demand["record"], demand["expected"] = keys, prices.expected
    before = np.frombuffer(region.demand, DEMAND)
    every = np.union1d(keys, before["record"])
    price = dict(zip(keys.tolist(), np.maximum(prices.price, LEAST_PRICE).tolist(), strict=True))
    rows = {
        "keys": every.tolist(),
        "changes": (_aligned(demand, every) - _aligned(before, every)).tolist(),
        "prices": [price.get(key) for key in every.tolist()],
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, rows)
    region.demand = demand[prices.expected > 0].tobytes()
