"""Generated offers and people, and what the score says of a pair of them."""

from math import inf

import numpy as np
from hypothesis import strategies as st

from matching.judging import FACTORS, UNTOLD, Gender
from matching.scoring import score

from .reference import Offer, Person, candidates, geography, opportunities

GEOGRAPHY = geography()
A1, A2, B1, B2, C1, C2, NATIVE = range(1, 8)
ARABIC, TURKISH = 0, 1

levels = st.integers(A1, NATIVE)
slots = st.sets(st.integers(0, 20), max_size=6)
skill_sets = st.sets(st.sampled_from([0, 1, 2, 3, 63, 64, 65, 69]), max_size=4)
offers = st.builds(
    Offer,
    languages=st.dictionaries(st.integers(0, 4), st.tuples(st.integers(0, NATIVE), st.integers(1, 3)), max_size=4),
    german=st.integers(0, C1),
    required=skill_sets,
    wanted=skill_sets,
    spots=st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 8, 9]), max_size=2, unique=True),
    is_remote=st.booleans(),
    times=slots,
    field=st.integers(0, 5),
    traits=st.integers(0, 31),
    is_interpreting=st.booleans(),
    min_age=st.sampled_from([0, 16, 18]),
    is_for_women=st.booleans(),
    proofs=st.sets(st.integers(0, 2)),
)
people = st.builds(
    Person,
    languages=st.dictionaries(st.integers(0, 4), st.one_of(levels, st.just(UNTOLD)), max_size=4),
    german=st.integers(0, NATIVE),
    skills=skill_sets,
    evidence=skill_sets,
    spots=st.lists(st.integers(0, 7), max_size=2, unique=True),
    reach=st.sampled_from([2, 5, 8, 15, 50, inf]),
    times=slots,
    fields=st.sets(st.integers(0, 5), max_size=3),
    refused=st.sets(st.integers(0, 5), max_size=2),
    motives=st.integers(0, 31),
    age=st.sampled_from([0, 15, 16, 18, 40]),
    gender=st.sampled_from([Gender.UNTOLD, Gender.WOMAN, Gender.ANOTHER]),
    proofs=st.sets(st.integers(0, 2)),
)


def scores_of(offer, person):
    return score(opportunities(offer), candidates(person), GEOGRAPHY)


def points(offer, person):
    """Points by factor, without what is not asked."""
    row = scores_of(offer, person).points[0]
    return {factor: float(value) for factor, value in zip(FACTORS, row, strict=True) if not np.isnan(value)}


def total(offer, person):
    return float(scores_of(offer, person).total[0])


def obstacles(offer, person):
    return scores_of(offer, person).obstacle_words(0)


def open_points(offer, person):
    return scores_of(offer, person).open_words(0)


def same(scores, row, alone):
    np.testing.assert_array_equal(scores.points[row], alone.points[0])
    names = ("total", "obstacles", "open_points", "km")
    return all(getattr(scores, name)[row] == getattr(alone, name)[0] for name in names)
