"""Places that lie too far apart are passed over before anybody asks how near they are."""

from math import inf, isinf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.geography import expanse, is_out_of_sight, lay_out, nearest, spot_number
from matching.packing import NOWHERE

from .reference import SPOTS, geography, number

GEOGRAPHY = geography()
places = st.lists(st.integers(0, len(SPOTS) - 1), max_size=3, unique=True)


def row_of(spots):
    told = [number(spot) for spot in spots]
    return np.array([told + [NOWHERE] * (3 - len(told))], dtype=np.int32)


def sees(here, there, km):
    return not is_out_of_sight(expanse(here, GEOGRAPHY), expanse(there, GEOGRAPHY), 0, 0, km, GEOGRAPHY.stretch)


@given(places, places)
def test_nothing_is_passed_over_that_is_near_enough(here, there):
    one, other = row_of(here), row_of(there)
    assert sees(one, other, nearest(one[0], other[0], GEOGRAPHY).way)


def test_another_town_is_passed_over():
    vingst, elsewhere = row_of([0]), row_of([5])
    assert not sees(vingst, elsewhere, 25 - GEOGRAPHY.stretch)


def test_who_tells_no_place_sees_everything():
    assert sees(row_of([]), row_of([5]), 0)


def test_an_unknown_place_is_never_passed_over():
    unknown = np.array([[spot_number(0, 99), NOWHERE, NOWHERE]], dtype=np.int32)
    assert isinf(expanse(unknown, GEOGRAPHY).radius[0])
    assert sees(unknown, row_of([5]), 0)


def test_the_stretch_is_that_of_the_largest_town():
    # Two spots of one town, 0.1 degrees of latitude apart, and the middle of all of it.
    far = lay_out(
        [spot_number(0, 1), spot_number(0, 2), spot_number(2, 0)], [50, 50.1, 50.05], [7, 7, 7], [0] * 3, [-1] * 3
    )
    assert 5.5 < far.stretch < 5.6
    assert inf > GEOGRAPHY.stretch > far.stretch
