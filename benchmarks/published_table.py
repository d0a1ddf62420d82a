"""The table of Su, Bayoumi, Joachims, "Optimizing Rankings for Recommendation in Matching Markets" (WWW 2022).

Candidates read a ranked list of jobs and apply; each job reads its applicants and answers. Everything is drawn as in
the paper (arXiv 2106.01941), with its seed; the expected matches are computed exactly, where the paper samples. The
rankings come from ``matching.fairness.balance``, the solver that makes the prices of every night, with another worth:
a cell of the demand is a pair here, not an opportunity.
"""

from typing import NamedTuple

import numpy as np

from matching.compiling import compiled
from matching.fairness import balance

SEED = 621
# Nothing is concave here, so there is no certificate to wait for.
ROUNDS = 40
NEVER = 1.0
ATTENTION = {
    "1/k": lambda rank: 1 / rank,
    "exp": lambda rank: np.exp(1 - rank),
    "log": lambda rank: 1 / np.log(rank + 1),
}


class Setting(NamedTuple):
    """One cell of the table, with the matches that the paper reports for its own ranking."""

    published: float
    jobs: int = 100
    crowding: float = 0.5
    relation: str = "independent"
    attention: str = "1/k"


TABLE = [
    Setting(198.5, crowding=0.0),
    Setting(173.5, crowding=0.25),
    Setting(152.7),
    Setting(134.2, crowding=0.75),
    Setting(118.2, crowding=1.0),
    Setting(167.4, relation="similar"),
    Setting(128.4, relation="reverse"),
    Setting(84.4, attention="exp"),
    Setting(673.7, attention="log"),
    Setting(23.2, jobs=20),
    Setting(68.9, jobs=50),
    Setting(332.6, jobs=200),
]
# What the paper reports for two common orders in the third setting: they show that generator and metric are the same.
COMMON_ORDERS = {"naive": 106.9, "reciprocal": 131.0}


class Market(NamedTuple):
    """How candidates like jobs (C, J) and jobs candidates (J, C), 0…1; and the attention at each position."""

    likes: np.ndarray
    liked_by: np.ndarray
    attention: np.ndarray

    def value(self, applies):
        """The expected matches, if each candidate applies to each job with these chances (C × J, flat)."""
        return _matches(applies.reshape(self.likes.shape).T, self.liked_by, self.attention)[0]

    def price(self, applies):
        """How many more matches one more application of a pair would bring."""
        return _matches(applies.reshape(self.likes.shape).T, self.liked_by, self.attention)[1].T.ravel()

    def matches(self, ranking_by):
        """The expected matches of lists in the order of these keys (C, J)."""
        ranks = np.argsort(np.argsort(-ranking_by, axis=1), axis=1)
        return self.value(np.minimum(1, self.likes * self.attention[ranks]).ravel())

    def best_matches(self):
        pairs = np.arange(self.likes.size, dtype=np.int32).reshape(self.likes.shape)
        attention = self.attention[: self.likes.shape[1]]
        found = balance(pairs, self.likes, attention, self, self.likes.size, goal=NEVER, rounds=ROUNDS, blocks=1)
        return self.value(found.expected)


def market(setting: Setting) -> Market:
    """The market of one setting, as the authors draw it."""
    jobs, candidates, crowding = setting.jobs, int(1.5 * setting.jobs), setting.crowding
    np.random.seed(SEED)
    likes = np.random.random((candidates, jobs))
    if setting.relation == "independent":
        liked_by = np.random.random((jobs, candidates))
    else:
        alike = likes.T if setting.relation == "similar" else 1 - likes.T
        liked_by = np.clip(alike + np.random.normal(0, 0.2, alike.shape), 0, 1)
    likes = (1 - crowding) * likes + crowding * np.linspace(1, 0, jobs, endpoint=False)
    liked_by = (1 - crowding) * liked_by + crowding * np.linspace(1, 0, candidates, endpoint=False)
    attention = ATTENTION[setting.attention](np.arange(1, candidates + 1))
    return Market(np.clip(likes, 0, 1), np.clip(liked_by, 0, 1), attention)


@compiled
def _matches(applies, liked_by, attention):
    """Both sides (J, C): the expected matches, and their derivative after each application.

    A job reads those who applied in its own order. ``before[n]`` is the chance that n better ones applied (the
    Poisson-binomial recursion), ``after[n]`` what the rest of the list brings then, counted from its end.
    """
    jobs, candidates = applies.shape
    total, slope = 0.0, np.zeros((jobs, candidates))
    after = np.zeros((candidates + 1, candidates + 2))
    for job in range(jobs):
        order = np.argsort(-liked_by[job])
        for place in range(candidates - 1, -1, -1):
            chance, liking = applies[job, order[place]], liked_by[job, order[place]]
            for better in range(place + 1):
                comes = min(1.0, liking * attention[better]) + after[place + 1, better + 1]
                after[place, better] = chance * comes + (1 - chance) * after[place + 1, better]
        total += after[0, 0]
        before = np.zeros(candidates + 1)
        before[0] = 1.0
        for place in range(candidates):
            chance, liking = applies[job, order[place]], liked_by[job, order[place]]
            for better in range(place + 1):
                comes = min(1.0, liking * attention[better]) + after[place + 1, better + 1]
                slope[job, order[place]] += before[better] * (comes - after[place + 1, better])
            for better in range(place + 1, 0, -1):
                before[better] = before[better] * (1 - chance) + before[better - 1] * chance
            before[0] *= 1 - chance
    return total, slope
