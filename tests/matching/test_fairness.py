from itertools import permutations, product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from benchmarks.published_table import COMMON_ORDERS, TABLE, Setting
from benchmarks.published_table import market as market_of
from matching.fairness import ATTENTION, Places, balance, fair_prices

demands = st.lists(st.floats(0, 40), min_size=4, max_size=4).map(np.array)
capacities = st.lists(st.integers(1, 60), min_size=4, max_size=4).map(np.array)
NOTHING = np.zeros(4)


def market(seed, candidates=60, opportunities=12, length=8):
    """Shortlists of different lengths in which the first opportunities are crowded."""
    random = np.random.default_rng(seed)
    crowd = np.linspace(4, 1, opportunities)
    crowd /= crowd.sum()
    rows = np.array(
        [random.choice(opportunities, length, replace=False, p=crowd) for _ in range(candidates)],
        np.int32,
    )
    rows[np.arange(length) >= random.integers(1, length + 1, candidates)[:, None]] = -1
    fits = random.uniform(0.55, 1, rows.shape).astype(np.float32)
    return rows, fits, random.integers(0, 5, opportunities), random.uniform(0, 2, opportunities)


def best_of_all(rows, fits, places):
    """The most that any lists in fixed orders bring, by trying all of them."""
    orders = [list(permutations(range(len(row)))) for row in rows]
    return max(places.value(demand_of(rows, fits, chosen, len(places.capacities))) for chosen in product(*orders))


def demand_of(rows, fits, orders, size):
    demand = np.zeros(size)
    for row, fit, order in zip(rows, fits, orders, strict=True):
        for position, column in enumerate(order):
            demand[row[column]] += fit[column] * ATTENTION[position]
    return demand


@pytest.mark.parametrize("seed", range(5))
def test_the_certificate_never_overstates(seed):
    random = np.random.default_rng(seed)
    rows = np.array([random.permutation(3) for _ in range(5)], np.int32)
    fits, places = random.uniform(0, 1, rows.shape), Places(random.integers(1, 3, 3), random.uniform(0, 1, 3))
    found = fair_prices(rows, fits, *places, goal=0.95)
    floor = places.value(np.zeros(3))
    reached = (places.value(found.expected) - floor) / (best_of_all(rows, fits, places) - floor)
    assert found.certificate >= 0.95
    assert reached >= found.certificate


@pytest.mark.parametrize("seed", range(5))
def test_a_better_goal_brings_more(seed):
    rows, fits, *places = market(seed)
    rough, fine = (fair_prices(rows, fits, *places, goal=goal) for goal in (0.5, 0.99999))
    worth = Places(np.maximum(places[0], 1), places[1]).value
    assert fine.certificate >= 0.99999
    assert rough.certificate * worth(fine.expected) <= worth(rough.expected) <= worth(fine.expected)


@given(demands, capacities)
def test_prices_lie_between_zero_and_one(demand, places):
    price = Places(places, NOTHING).price(demand)
    assert np.all((price > 0) & (price <= 1))


@given(demands, capacities)
def test_more_demand_lowers_the_price(demand, places):
    worth = Places(places, NOTHING)
    assert np.all(worth.price(demand + 1) < worth.price(demand) + 1e-12)
    assert worth.price(demand + 1).sum() < worth.price(demand).sum()


@given(demands, capacities)
def test_more_places_never_lower_the_price(demand, places):
    assert np.all(Places(places + 1, NOTHING).price(demand) >= Places(places, NOTHING).price(demand))


@given(demands, capacities)
def test_the_price_is_the_derivative_of_the_worth(demand, places):
    worth, step = Places(places, NOTHING), 1e-5
    for row, unit in enumerate(np.eye(4)):
        slope = (worth.value(demand + step * (1 + unit)) - worth.value(demand + step * (1 - unit))) / (2 * step)
        assert_allclose(worth.price(demand + step)[row], slope, atol=1e-6)


def test_the_worth_of_one_place_is_whether_anybody_comes():
    assert_allclose(Places(np.array([1]), np.zeros(1)).value(np.array([2.0])), 1 - exp(-2))


def test_the_price_of_thousands_of_places_falls_where_they_are_taken():
    price = Places(np.full(3, 5000), np.zeros(3)).price(np.array([4000.0, 5000.0, 6000.0]))
    assert_allclose(price, [0.5, 0.25, 0], atol=0.005)


def test_unknown_places_count_as_one():
    rows, fits, places, elsewhere = market(1)
    unknown, one = (fair_prices(rows, fits, np.where(places > 0, places, n), elsewhere) for n in (0, 1))
    assert_allclose(unknown.price, one.price)


def test_the_order_of_candidates_changes_nothing():
    rows, fits, places, elsewhere = market(2)
    order = np.random.default_rng(0).permutation(len(rows))
    one, other = fair_prices(rows, fits, places, elsewhere), fair_prices(rows[order], fits[order], places, elsewhere)
    assert_allclose(other.price, one.price)
    assert_allclose(other.expected, one.expected)


def test_the_numbering_of_opportunities_changes_nothing():
    rows, fits, places, elsewhere = market(3)
    order = np.random.default_rng(0).permutation(len(places))
    renamed = np.where(rows < 0, -1, np.argsort(order)[rows]).astype(np.int32)
    one, other = fair_prices(rows, fits, places, elsewhere), fair_prices(renamed, fits, places[order], elsewhere[order])
    assert_allclose(other.price, one.price[order])


def test_the_given_lists_are_left_alone():
    rows, fits, *places = market(4)
    before = rows.copy(), fits.copy()
    fair_prices(rows, fits, *places)
    assert np.array_equal(rows, before[0])
    assert np.array_equal(fits, before[1])


def test_an_overlooked_opportunity_comes_before_a_crowded_one_that_fits_as_well():
    rows = np.array([[0, 1]] + [[0, -1]] * 20, np.int32)
    fits = np.full(rows.shape, 0.8, np.float32)
    price = fair_prices(rows, fits, np.array([1, 1]), np.zeros(2)).price
    assert price[1] > price[0]


def test_whom_others_expect_already_is_counted():
    rows, fits = np.array([[0, 1]], np.int32), np.full((1, 2), 0.8, np.float32)
    found = fair_prices(rows, fits, np.array([1, 1]), np.array([3.0, 0.0]))
    assert found.price[0] < found.price[1]
    assert_allclose(found.expected, 0.8 * ATTENTION[[1, 0]], rtol=1e-6)


def test_without_candidates_everything_costs_what_is_expected_elsewhere():
    found = fair_prices(
        np.empty((0, 40), np.int32), np.empty((0, 40), np.float32), np.array([1, 0]), np.array([0, 2.0])
    )
    assert_allclose(found.price, [1, exp(-2)])
    assert (found.expected.tolist(), found.certificate, found.rounds) == ([0, 0], 1, 1)


def test_no_opportunities_are_no_problem():
    found = fair_prices(np.full((3, 40), -1, np.int32), np.zeros((3, 40), np.float32), np.zeros(0, int), np.zeros(0))
    assert (found.price.size, found.certificate) == (0, 1)


def test_a_chance_is_never_above_one():
    worth = Places(np.array([1]), np.zeros(1))
    found = balance(np.zeros((1, 1), np.int32), np.ones((1, 1)), np.array([1.44]), worth, 1, goal=0.999)
    assert found.expected.tolist() == [1]


def test_the_smallest_published_market_gets_more_matches_than_published():
    setting = next(setting for setting in TABLE if setting.jobs == 20)
    assert market_of(setting).best_matches() > setting.published == 23.2


def test_the_market_of_the_published_table_is_drawn_as_in_the_paper():
    drawn = market_of(Setting(152.7))
    naive, reciprocal = drawn.matches(drawn.likes), drawn.matches(drawn.likes * drawn.liked_by.T)
    assert_allclose([naive, reciprocal], list(COMMON_ORDERS.values()), atol=0.1)


def test_matches_are_counted_exactly_and_so_is_their_derivative():
    drawn = market_of(Setting(0, jobs=2))
    applies = np.random.default_rng(0).uniform(0, 1, 6)
    expected = 0.0
    for comes in product([0, 1], repeat=6):
        chance = np.prod(np.where(comes, applies, 1 - applies))
        for job, likes in enumerate(drawn.liked_by):
            applicants = [c for c in np.argsort(-likes) if comes[2 * c + job]]
            expected += chance * sum(min(1, likes[c] / place) for place, c in enumerate(applicants, 1))
    steps = 1e-6 * np.eye(6)
    slope = [(drawn.value(applies + step) - drawn.value(applies - step)) / 2e-6 for step in steps]
    assert_allclose(drawn.value(applies), expected)
    assert_allclose(drawn.price(applies), slope, atol=1e-6)
