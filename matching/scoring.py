"""The score of columns of pairs, by the rule of ``judging.py``: packed records in, points per factor out.

The two columns (``packing.py``) are of the same length (pair by pair), or one of them is one row against many.
"""

from typing import NamedTuple

import numpy as np

from .compiling import compiled
from .geography import Geography, nearest
from .judging import (
    FACTORS,
    Obstacle,
    OpenPoint,
    Weights,
    judge,
    obstacles_of,
    open_points_of,
    rounded,
    total_of,
    words,
)
from .packing import CANDIDATE, OPPORTUNITY


class Scores(NamedTuple):
    """One row a pair. ``points`` is (pairs, factors), NaN where the opportunity does not ask; ``total`` is 0…100.

    ``km`` of air line is infinite where a place is not told. ``here`` and ``there`` are the spots of the opportunity
    and of the candidate that are nearest, ``relation`` says how these lie to each other (see ``geography.py``).
    ``weights`` are the points of the factors at most.
    """

    points: np.ndarray
    total: np.ndarray
    obstacles: np.ndarray
    open_points: np.ndarray
    km: np.ndarray
    here: np.ndarray
    there: np.ndarray
    relation: np.ndarray
    weights: np.ndarray

    @property
    def is_excluded(self) -> np.ndarray:
        return self.obstacles != 0

    def obstacle_words(self, row: int) -> list[str]:
        return words(Obstacle(int(self.obstacles[row])))

    def open_words(self, row: int) -> list[str]:
        return words(OpenPoint(int(self.open_points[row])))


def score(
    opportunities: np.ndarray,
    candidates: np.ndarray,
    geography: Geography,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
    *,
    decided: np.ndarray | bool = False,
) -> Scores:
    """Score pairs: columns of the same length, or one row against many. ``decided`` marks pairs with a Match.

    Points are rounded to four digits, so that the order in which things are listed cannot show.
    """
    (number,) = np.broadcast_shapes(opportunities.shape, candidates.shape)
    # One row stands against many.
    o, c = (np.arange(number) % len(side) for side in (opportunities, candidates))
    scores = score_pairs(opportunities, candidates, o, c, geography, weights.column())
    scores.obstacles[:] |= np.where(decided, Obstacle.DECIDED, 0).astype(np.uint16)
    return scores


def score_pairs(
    opportunities: np.ndarray,
    candidates: np.ndarray,
    o: np.ndarray,
    c: np.ndarray,
    geography: Geography,
    weights: np.ndarray,
) -> Scores:
    """Score row ``o[n]`` of the opportunities with row ``c[n]`` of the candidates, for all n."""
    scores = Scores(
        points=np.empty((len(o), len(FACTORS))),
        total=np.empty(len(o)),
        obstacles=np.empty(len(o), np.uint16),
        open_points=np.empty(len(o), np.uint16),
        km=np.empty(len(o)),
        here=np.empty(len(o), np.int32),
        there=np.empty(len(o), np.int32),
        relation=np.empty(len(o), np.int32),
        weights=weights,
    )
    pairs = np.stack([o, c], axis=-1)
    _score_pairs(rows(opportunities, OPPORTUNITY), rows(candidates, CANDIDATE), pairs, geography, scores)
    return scores


def rows(records: np.ndarray, layout: np.dtype) -> np.ndarray:
    """Records the way compiled code takes them: one layout, one after the other, and writable, so that it is compiled
    once and not again for ``np.frombuffer``."""
    return np.require(records, layout, ["C", "W"])


@compiled
def _score_pairs(opportunities, candidates, pairs, geography, scores):
    for row in range(len(pairs)):
        o, c = opportunities[pairs[row, 0]], candidates[pairs[row, 1]]
        near = nearest(o.spots, c.spots, geography)
        parts = judge(o, c, near)
        for factor in range(len(scores.weights)):
            scores.points[row, factor] = rounded(parts[factor].share * scores.weights[factor])
        scores.total[row] = total_of(parts, scores.weights)
        scores.obstacles[row] = obstacles_of(parts, o, c)
        scores.open_points[row] = open_points_of(parts)
        scores.km[row], scores.here[row], scores.there[row] = near.km, near.here, near.there
        scores.relation[row] = near.relation
