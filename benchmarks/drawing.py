"""Drawing people in columns: one NumPy array for each thing they may tell, a row for each of them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils import timezone

from matching.demo.communities import COMMUNITIES, FIRST, FURTHER, GERMAN, WEIGHTS
from matching.demo.volunteers import RHYTHMS
from matching.demo.words import Words

from .places import Places

SPEAKERS_OF_GERMAN = list(COMMUNITIES).index("deutsch")
# What a level is for a language that somebody does not speak. Zero is one without a level.
NOT_SPOKEN = -1


def pick(rng, shares: dict, number: int) -> np.ndarray:
    """Keys of ``shares`` by their shares; 0 stands for None, which is untold."""
    keys = np.array([0 if key is None else key for key in shares])
    return rng.choice(keys, number, p=np.array(list(shares.values())) / sum(shares.values()))


def some_of(rng, counts: np.ndarray, choices: int, preference=0.0) -> np.ndarray:
    """(people, choices): which ones somebody takes, ``counts`` of them; those with a preference more often."""
    keys = rng.random((len(counts), choices)) - preference
    return keys.argsort(axis=1).argsort(axis=1) < counts[:, None]


def sometimes(rng, shares, number: int) -> np.ndarray:
    """(number, len(shares)): each column true as often as its share says."""
    shares = np.array(list(shares))
    return rng.random((number, len(shares))) < shares


@dataclass
class Speech:
    """Languages by community, as matrices over the communities and the columns of languages."""

    words: Words

    def __post_init__(self):
        self.column = {code: column for column, code in enumerate(self.words.languages)}
        self.keys = np.array(list(self.words.languages.values()))
        self.first = np.cumsum(self._matrix("first"), axis=1)
        self.further = self._matrix("further")

    def _matrix(self, name):
        shares = np.zeros((len(COMMUNITIES), len(self.column)))
        for row, community in zip(shares, COMMUNITIES.values(), strict=True):
            for code, share in getattr(community, name).items():
                row[self.column[code]] = share
        return shares / shares.sum(axis=1, keepdims=True) if name == "first" else shares

    def draw(self, rng, number: int) -> np.ndarray:
        """(number, languages): levels of so many people."""
        communities = self.draw_communities(rng, number)
        levels = np.full((number, len(self.column)), NOT_SPOKEN)
        further = rng.random(levels.shape) < self.further[communities]
        levels[further] = pick(rng, FURTHER, further.sum())
        levels[np.arange(number), self.draw_first(rng, communities)] = pick(rng, FIRST, number)
        learners = (communities != SPEAKERS_OF_GERMAN) & (rng.random(number) < 0.97)
        levels[learners, self.column["de"]] = pick(rng, GERMAN, learners.sum())
        return levels

    def draw_communities(self, rng, number: int) -> np.ndarray:
        return rng.choice(len(WEIGHTS), number, p=np.array(WEIGHTS) / sum(WEIGHTS))

    def draw_first(self, rng, communities: np.ndarray) -> np.ndarray:
        """The columns of first languages, by frequency."""
        return (rng.random((len(communities), 1)) > self.first[communities]).sum(axis=1)


def some_times(rng, number: int) -> np.ndarray:
    """(number, 21): who has time when; 15 of a hundred have not told."""
    shares = np.array([share for *_, share in RHYTHMS])
    days = np.array([[day in days for day in range(7)] for days, *_ in RHYTHMS])
    parts = np.array([[part in parts for part in range(3)] for _, parts, _ in RHYTHMS])
    rhythm = rng.choice(len(RHYTHMS), number, p=shares / shares.sum())
    chosen = some_of(rng, rng.integers(1, days[rhythm].sum(axis=1) + 1), 7, preference=days[rhythm])
    slots = chosen[:, :, None] & parts[rhythm][:, None, :] & (rng.random(number) < 0.85)[:, None, None]
    return slots.reshape(number, 21)


class Ground:
    """What all drawings stand on: the dice, the words as columns of keys, and the places."""

    def __init__(self, rng, words: Words, places: Places):
        self.rng, self.words, self.places = rng, words, places
        self.now: datetime = timezone.now()
        self.speech = Speech(words)
        self.skills, self.fields = (np.array(list(terms.values())) for terms in (words.skills, words.fields))
        typical = [np.isin(self.skills, words.typical[field]) for field in self.fields.tolist()]
        self.typical = np.array(typical, dtype=float)

    def proofs_of(self, codes) -> np.ndarray:
        return np.array([self.words.proofs[code] for code in codes])
