"""What is measured of the engine at one size. Each function returns figures; none prints."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils import timezone

from matching import ranking, records, rescoring, vocabulary
from matching.fairness import Prices, fair_prices
from matching.judging import Weights
from matching.models import OpportunityRecord, Suggestion
from organisations.models import Opportunity
from volunteers.models import Reach, Volunteer


@dataclass(frozen=True)
class Sides:
    """All packed records of the database."""

    opportunities: np.ndarray
    candidates: np.ndarray
    geography: object

    @classmethod
    def read(cls) -> "Sides":
        words = vocabulary.current()
        opportunities = records.opportunities("TRUE", words).records
        return cls(opportunities, records.candidates("TRUE", words).records, words.geography)


def timed(do: Callable) -> tuple[float, object]:
    """Seconds on the wall, and the result."""
    start = time.perf_counter()
    result = do()
    return time.perf_counter() - start, result


def best_of(times: int, do: Callable) -> tuple[float, object]:
    return min((timed(do) for _ in range(times)), key=lambda pair: pair[0])


def rank_both_sides(sides: Sides) -> ranking.Found:
    """The best of every opportunity and of every candidate, in memory."""
    number = len(sides.opportunities)
    prices, floors = np.ones(number), np.full(number, -np.inf)
    decided = np.empty((0, 2), dtype=np.int64)
    today = timezone.localdate().toordinal()
    found, _floors = ranking.best_of_candidates(
        sides.opportunities, prices, floors, sides.candidates, decided, sides.geography, Weights(), today
    )
    return found


def shortlists(sides: Sides) -> tuple[np.ndarray, np.ndarray]:
    decided = np.empty((0, 2), dtype=np.int64)
    return ranking.shortlists(sides.opportunities, sides.candidates, decided, sides.geography, Weights())


def price(sides: Sides, rows: np.ndarray, totals: np.ndarray) -> Prices:
    """Fair prices for everybody at once, as if all were one region."""
    nobody = np.zeros(len(sides.opportunities))
    return fair_prices(rows, totals / 100, sides.opportunities["places"], nobody)


def change_volunteers(number: int, rng) -> np.ndarray:
    """Seconds of rescoring so many volunteers, each after a change of the way they go and of their times."""
    available = Volunteer.objects.available().order_by("pk").values_list("pk", flat=True)
    took = []
    for pk in rng.choice(np.array(available), number, replace=False).tolist():
        times = sorted(rng.choice(21, 6, replace=False).tolist())
        Volunteer.objects.filter(pk=pk).update(reach_km=int(rng.choice(Reach.values)), times=times)
        took.append(timed(lambda pk=pk: rescoring.rescore_volunteer(pk))[0])
    return np.array(took)


def change_opportunities(number: int, rng) -> np.ndarray:
    """The same for opportunities, after a change of the German they need and of their places."""
    opened = Opportunity.objects.open().order_by("pk").values_list("pk", flat=True)
    took = []
    for pk in rng.choice(np.array(opened), number, replace=False).tolist():
        Opportunity.objects.filter(pk=pk).update(german_needed=int(rng.integers(1, 6)), places=int(rng.integers(5, 9)))
        took.append(timed(lambda pk=pk: rescoring.rescore_opportunity(pk))[0])
    return np.array(took)


def candidates_in_reach(number: int, rng) -> float:
    """How many candidates come to an opportunity on average: those whose reach covers it (over a sample)."""
    keys = np.array(Opportunity.objects.order_by("pk").values_list("pk", flat=True))
    sample = rng.choice(keys, min(number, len(keys)), replace=False).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM matching_opportunityrecord o JOIN matching_candidaterecord c ON c.reach && o.area"
            " WHERE o.opportunity_id = ANY(%s)",
            [sample],
        )
        return cursor.fetchone()[0] / len(sample)


def forget_suggestions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Suggestion._meta.db_table}; UPDATE {OpportunityRecord._meta.db_table} SET floor = 0")
