"""Compiled loops against the same question asked pair by pair, in small worlds full of equal people."""

from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.judging import Obstacle, Weights
from matching.packing import NOWHERE
from matching.ranking import best_of_candidates, best_of_opportunity, shortlists
from matching.scoring import score

from .reference import Offer, Person, candidates, geography, opportunities

GEOGRAPHY, WEIGHTS, TODAY = geography(), Weights(), 739_942
NOBODY = np.empty((0, 2), dtype=int)
CHEAP = [1.0, 0.5, 0.013]


# Most of them fit, so that lists are full.
offers = st.builds(
    Offer,
    german=st.sampled_from([0, 2]),
    wanted=st.sets(st.sampled_from([0, 1, 64]), max_size=2),
    spots=st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 8, 9]), max_size=2, unique=True),
    is_remote=st.sampled_from([False, False, True]),
    field=st.integers(0, 1),
    min_age=st.sampled_from([0, 0, 18]),
)
people = st.builds(
    Person,
    german=st.sampled_from([0, 1, 2, 3]),
    skills=st.sets(st.sampled_from([0, 1, 64]), max_size=2),
    spots=st.lists(st.integers(0, 7), max_size=2, unique=True),
    reach=st.sampled_from([2, 8, 50, 80, inf]),
    fields=st.sets(st.integers(0, 1), min_size=1),
    age=st.sampled_from([0, 15, 40]),
)


class World(NamedTuple):
    opportunities: np.ndarray
    prices: np.ndarray
    candidates: np.ndarray
    decided: np.ndarray


def world_of(some_offers, some_people, prices=1.0, decided=NOBODY, **columns):
    """Keys are given in order, the columns of the candidates as told."""
    o, c = opportunities(*some_offers).copy(), candidates(*some_people).copy()
    o["pk"], c["volunteer"] = np.arange(len(o)) + 1, np.arange(len(c)) + 1
    for name, values in columns.items():
        c[name] = values
    c["volunteer"][c["organisation"] > 0] = 0
    return World(o, np.broadcast_to(prices, len(o)), c, np.array(decided, dtype=int).reshape(-1, 2))


@st.composite
def worlds(draw):
    """Up to 40 candidates of up to four kinds, so that many are equal, and up to eight opportunities."""
    kinds = draw(st.lists(offers, min_size=1, max_size=3)), draw(st.lists(people, min_size=1, max_size=4))
    some_offers, some_people = (
        [kind[n] for n in draw(st.lists(st.integers(0, len(kind) - 1), min_size=size, max_size=size))]
        for kind, size in zip(kinds, draw(st.sampled_from([(1, 40), (8, 1), (8, 40), (2, 3)])), strict=True)
    )

    def column(values, rows):
        return draw(st.lists(st.sampled_from(values), min_size=len(rows), max_size=len(rows)))

    rows = st.tuples(st.integers(0, len(some_offers) - 1), st.integers(0, len(some_people) - 1))
    return world_of(
        some_offers,
        some_people,
        column(CHEAP, some_offers),
        draw(st.lists(rows, max_size=5)),
        organisation=[number and number + row for row, number in enumerate(column([0, 0, 0, 900], some_people))],
        waiting_since=column([0, TODAY - 14, TODAY - 20, TODAY - 90], some_people),
        obstacles=column([0, 0, 0, 0, int(Obstacle.PAUSED)], some_people),
    )


# --- Pair by pair -----------------------------------------------------------------------------------------------------
def eligible(world):
    """(opportunity row, candidate row) → (total, standing, appeal) of each pair that may be suggested."""
    found = {}
    for row in range(len(world.opportunities)):
        scores = score(world.opportunities[row : row + 1], world.candidates, GEOGRAPHY, WEIGHTS)
        for other, total in enumerate(scores.total):
            if not scores.obstacles[other] and total >= 55 and [row, other] not in world.decided.tolist():
                shuffled = total + fraction(world.opportunities[row], world.candidates[other])
                bonus = bonus_of(int(world.candidates["waiting_since"][other]))
                found[row, other] = (total, shuffled + bonus, shuffled * world.prices[row])
    return found


def fraction(o, c):
    kind = 2 * int(c["organisation"]) + 1 if c["organisation"] else 2 * int(c["volunteer"])
    mixed = (int(o["pk"]) * 0x9E3779B97F4A7C15 + kind) % 2**64
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ mixed >> shift) * factor % 2**64
    return (mixed ^ mixed >> 31) / 2**64 * 1e-6


def bonus_of(since):
    return min(5, max(0, 0.25 * (TODAY - since - 14))) if since else 0


def best(pairs, side, order, length):
    """The best pairs of each row of one side (0 or 1) by total, standing or appeal (0, 1 or 2)."""
    kept = set()
    for row in {pair[side] for pair in pairs}:
        mine = sorted((pair for pair in pairs if pair[side] == row), key=lambda pair: -pairs[pair][order])
        kept |= {*mine[:length]}
    return kept


def found_pairs(found):
    return list(zip(found.opportunity.tolist(), found.candidate.tolist(), strict=True))


def best_in(world, floors=-np.inf):
    return found_in(world, floors)[0]


def found_in(world, floors=-np.inf, **options):
    column = np.broadcast_to(floors, len(world.opportunities))
    return best_of_candidates(
        world.opportunities,
        world.prices,
        column,
        world.candidates,
        world.decided,
        GEOGRAPHY,
        WEIGHTS,
        TODAY,
        **options,
    )


def best_for(world, kept=()):
    decided = world.decided[world.decided[:, 0] == 0, 1]
    price, kept = world.prices[0], np.array(kept, dtype=int)
    return best_of_opportunity(
        world.opportunities[:1], price, world.candidates, kept, decided, GEOGRAPHY, WEIGHTS, TODAY
    )


def test_a_full_list_raises_the_floor_to_its_last():
    world = world_of([Offer(german=1)], [Person(german=1)] * 20)
    _found, floors = found_in(world, 60.0)
    assert floors == best_in(world).standing.min()


def test_a_list_with_room_leaves_the_floor_where_it_was():
    world = world_of([Offer(german=1)], [Person(german=1)] * 19)
    _found, floors = found_in(world, 60.0)
    assert floors == 60.0


# --- The same as pair by pair -----------------------------------------------------------------------------------------
@given(worlds(), st.sampled_from([-np.inf, 60.0, 70.0]))
def test_a_region_gets_the_best_of_both_sides(world, floor):
    pairs = eligible(world)
    high_enough = {pair: orders for pair, orders in pairs.items() if orders[1] >= floor}

    found = best_in(world, floor)

    assert set(found_pairs(found)) == best(pairs, 1, 2, 5) | best(high_enough, 0, 1, 20)
    expected = [pairs[pair] for pair in found_pairs(found)]
    columns = np.stack([found.total, found.standing, found.appeal], axis=-1)
    np.testing.assert_allclose(columns, np.reshape(expected, (-1, 3)), rtol=0, atol=1e-9)


@given(worlds(), st.sets(st.integers(0, 39), max_size=5))
def test_an_opportunity_gets_its_best_and_keeps_whoever_still_fits(world, kept):
    pairs = {pair: orders for pair, orders in eligible(world).items() if pair[0] == 0}
    kept = [row for row in kept if row < len(world.candidates)]

    found = best_for(world, kept)

    assert set(found_pairs(found)) == best(pairs, 0, 1, 20) | {(0, row) for row in kept} & {*pairs}


@given(worlds())
def test_what_is_found_scores_as_every_pair_does(world):
    found = best_in(world)
    scores = score(world.opportunities[found.opportunity], world.candidates[found.candidate], GEOGRAPHY, WEIGHTS)

    for name in ("points", "total", "open_points"):
        np.testing.assert_array_equal(getattr(found, name), getattr(scores, name))


@given(worlds(), st.integers(1, 4))
def test_shortlists_are_the_best_by_total(world, length):
    pairs = eligible(world._replace(prices=np.ones(len(world.opportunities))))

    rows, totals = shortlists(world.opportunities, world.candidates, world.decided, GEOGRAPHY, WEIGHTS, length=length)

    listed = {(row, other) for other, mine in enumerate(rows.tolist()) for row in mine if row != NOWHERE}
    assert listed == best(pairs, 1, 2, length)
    for other, mine in enumerate(rows):
        expected = [pairs[row, other][0] if row != NOWHERE else 0 for row in mine.tolist()]
        np.testing.assert_allclose(totals[other], expected, rtol=1e-6)
        assert expected == sorted(expected, reverse=True)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world, random):
    o, c = ([*range(len(side))] for side in (world.opportunities, world.candidates))
    random.shuffle(o)
    random.shuffle(c)
    decided = [(o.index(row), c.index(other)) for row, other in world.decided.tolist()]
    moved = World(
        world.opportunities[o], world.prices[o], world.candidates[c], np.reshape(decided, (-1, 2)).astype(int)
    )

    assert {(o[row], c[other]) for row, other in found_pairs(best_in(moved))} == {*found_pairs(best_in(world))}


# --- By hand ----------------------------------------------------------------------------------------------------------
WISHED = Person(fields={0}, spots=[0])


def test_nobody_and_nothing_gives_nothing():
    empty = world_of([], [])

    assert found_pairs(best_in(empty)) == []
    assert shortlists(empty.opportunities, empty.candidates, NOBODY, GEOGRAPHY, WEIGHTS)[0].shape == (0, 40)


def test_who_is_equal_is_shuffled_for_each_opportunity():
    world = world_of([Offer(spots=[0])] * 2, [WISHED] * 200)

    one, other = (best_for(world._replace(opportunities=world.opportunities[row:])).candidate for row in range(2))

    assert {*one.tolist()} != {*other.tolist()}
    assert max(one) > 100 < max(other)


def test_a_decided_pair_is_not_found_although_it_was_suggested():
    world = world_of([Offer(spots=[0])], [WISHED] * 2, decided=[(0, 1)])

    assert found_pairs(best_for(world, kept=[0, 1])) == [(0, 0)]


@pytest.mark.parametrize(("days", "bonus"), [(0, 0), (14, 0), (15, 0.25), (24, 2.5), (34, 5), (400, 5)])
def test_who_waits_longer_stands_higher(days, bonus):
    world = world_of([Offer(spots=[0])], [WISHED], waiting_since=TODAY - days)

    assert best_for(world).standing[0] == pytest.approx(100 + bonus, abs=1e-6)


def test_a_price_moves_an_opportunity_down_the_lists_of_candidates_only():
    world = world_of([Offer(spots=[0]), Offer(spots=[0], field=1)], [WISHED], prices=[0.1, 1])

    found = best_in(world)

    assert found.total.tolist() == [100, pytest.approx(83.3333)]
    assert np.round(found.appeal, 4).tolist() == [10, 83.3333]
    assert np.round(found.standing, 4).tolist() == [100, 83.3333]


@pytest.mark.parametrize(
    ("offer", "person", "is_met"),
    [
        (Offer(spots=[4]), Person(spots=[0], reach=8, fields={0}), False),
        (Offer(spots=[5]), Person(spots=[0], fields={0}), False),
        (Offer(spots=[5]), Person(spots=[0], reach=60, fields={0}), True),
        (Offer(spots=[5], is_remote=True), Person(spots=[0], reach=2, fields={0}), True),
        (Offer(spots=[5]), Person(fields={0}), True),
        (Offer(), Person(spots=[0], reach=2, fields={0}), True),
        (Offer(spots=[5]), Person(spots=[0, 5], fields={0}), True),
    ],
    ids=["too far", "reach not told", "goes far", "from home", "home not told", "anywhere", "the nearer of two places"],
)
def test_only_what_is_within_reach_is_met(offer, person, is_met):
    world = world_of([replace(offer, german=1)], [replace(person, german=1)])

    assert len(best_in(world).total) == is_met


def test_who_has_no_room_in_a_full_list_still_gets_the_best_for_themselves():
    world = world_of([Offer(spots=[0])], [WISHED] * 30)

    assert len(best_in(world, floors=200.0).total) == 30
    assert len(best_for(world).total) == 20


def test_progress_is_told_place_by_place():
    told = []
    world = world_of([Offer(spots=[0])], [WISHED, WISHED, Person(spots=[1]), Person()])

    found_in(world, progress=lambda places: told.append(len(places)) or places)

    assert told == [3]
