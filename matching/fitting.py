"""What suits one candidate, whether a row describes them or nothing is stored: by the same rule, within their reach."""

from collections.abc import Iterable

import numpy as np

from . import records
from .boxes import Box, written
from .judging import Weights
from .scoring import score
from .vocabulary import Vocabulary


def appealing(
    candidate: np.ndarray, reach: Box, words: Vocabulary, weights: Weights, *, decided: Iterable[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """The opportunities in whose way nothing stands, as columns in the order of their keys, and the appeal of each:
    total × price. ``candidate`` is a column of one record; those whose keys are ``decided`` are left out. Raises Stale.
    """
    opportunities = records.opportunities("area && %(reach)s::box", words, reach=written(reach))
    is_decided = np.isin(opportunities.keys, list(decided))
    scores = score(opportunities.records, candidate, words.geography, weights, decided=is_decided)
    fits = ~scores.is_excluded
    return opportunities.records[fits], (scores.total * opportunities.prices)[fits]
