"""Who is best for whom: compiled loops over the one rule. Records in, pairs out; no Django, no database, no clock.

A pair may be suggested when nothing stands in its way and it scores MINIMUM at least. There are two orders:

* ``standing`` in the list of an opportunity is the total, and a bonus for waiting: nothing for the first 14 days on
  which nobody acted on a suggestion for this candidate, then a quarter of a point a day, five at most.
* ``appeal`` in the list of a candidate is the total times the price of the opportunity (above 0): the chance that a
  place is still free (see ``fairness.py``).

Equal totals are shuffled, by a hash of the keys of the pair and the same way every time, so that nobody is ahead for
having come first. The hash adds less than 0.000001 to a total; totals differ by 0.0001 at least.

Whatever is cheap enough to be asked of each pair is asked of each pair. What keeps regions fast is that candidates
and opportunities are visited place by place: how near two places are is computed once, and a candidate meets only
what lies within reach.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from .compiling import compiled
from .geography import UNKNOWN, Expanse, Geography, expanse, is_out_of_sight, lay_out, nearest
from .judging import FAR_KM_UNTOLD, Weights, farthest, is_excluded, judge, total_of
from .packing import CANDIDATE, NOWHERE, OPPORTUNITY
from .scoring import rows, score_pairs

# A profile that tells nothing earns 50 at most: a suggestion needs something that fits.
MINIMUM = 55.0
BEST_PER_OPPORTUNITY, BEST_PER_CANDIDATE, SHORTLIST = 20, 5, 40
PATIENCE_DAYS, POINTS_A_DAY, POINTS_FOR_WAITING = 14, 0.25, 5.0
SHUFFLE, GOLDEN = 1e-6, np.uint64(0x9E3779B97F4A7C15)


class Found(NamedTuple):
    """Pairs that may be suggested: their rows on both sides, and what a suggestion tells of them.

    ``points`` is (pairs, factors), NaN where the opportunity does not ask; ``open_points`` are flags.
    """

    opportunity: np.ndarray
    candidate: np.ndarray
    points: np.ndarray
    total: np.ndarray
    open_points: np.ndarray
    standing: np.ndarray
    appeal: np.ndarray


def best_of_candidates(
    opportunities: np.ndarray,
    prices: np.ndarray,
    floors: np.ndarray,
    candidates: np.ndarray,
    decided: np.ndarray,
    geography: Geography,
    weights: Weights,
    today: int,
    progress: Callable[[Iterable], Iterable] = iter,
) -> tuple[Found, np.ndarray]:
    """The five of each candidate with the most appeal, and the twenty of each opportunity with the best standing; and
    the floors of the opportunities after that, which only rise.

    ``prices`` and ``floors`` are columns beside ``opportunities``: only who stands at least as high as the floor enters
    the list of an opportunity (-inf for an empty list). ``decided`` (k, 2) are pairs of rows that are never suggested
    again; ``today`` is a proleptic ordinal. ``progress`` wraps the loop over the places of the candidates.
    """
    meeting = _meeting(opportunities, prices, candidates, decided, geography, weights, today)
    of_opportunities = _lists(np.nextafter(floors, -np.inf), BEST_PER_OPPORTUNITY)
    of_candidates = _lists(np.full(len(candidates), -np.inf), BEST_PER_CANDIDATE)
    _meet_all(meeting, of_opportunities, of_candidates, progress)
    here, there = _pairs(of_opportunities), _pairs(of_candidates)[:, ::-1]
    numbers = np.unique(np.concatenate([_numbers(candidates, here), _numbers(candidates, there)]))
    found = _found(meeting, np.stack(np.divmod(numbers, max(len(candidates), 1)), axis=-1))
    return found, np.maximum(floors, of_opportunities.values[:, -1])


def best_of_opportunity(
    opportunity: np.ndarray,
    price: float,
    candidates: np.ndarray,
    kept: np.ndarray,
    decided: np.ndarray,
    geography: Geography,
    weights: Weights,
    today: int,
) -> Found:
    """The twenty with the best standing for one opportunity (a column of one row), and whoever of ``kept`` still fits.

    ``kept`` and ``decided`` are rows of candidates: those suggested so far, and those never to be suggested again.
    """
    pairs = np.stack([np.zeros_like(decided), decided], axis=-1)
    meeting = _meeting(opportunity, np.array([price]), candidates, pairs, geography, weights, today)
    best = _lists(np.array([-np.inf]), BEST_PER_OPPORTUNITY)
    _meet_one(meeting, best)
    pairs = np.union1d(best.rows[best.rows != NOWHERE], np.setdiff1d(kept, decided))
    return _found(meeting, np.stack([np.zeros_like(pairs), pairs], axis=-1))


def shortlists(
    opportunities: np.ndarray,
    candidates: np.ndarray,
    decided: np.ndarray,
    geography: Geography,
    weights: Weights,
    length: int = SHORTLIST,
    progress: Callable[[Iterable], Iterable] = iter,
) -> tuple[np.ndarray, np.ndarray]:
    """For each candidate the rows of the best opportunities by total, -1 where there are no more, and these totals.

    Both are (candidates, length), as int32 and float32.
    """
    number = len(opportunities)
    meeting = _meeting(opportunities, np.ones(number), candidates, decided, geography, weights, 0)
    best = _lists(np.full(len(candidates), -np.inf), length)
    _meet_all(meeting, _lists(np.full(number, np.inf), 1), best, progress)
    totals = np.where(best.rows == NOWHERE, 0.0, best.values)
    return best.rows, np.round(totals, 4).astype(np.float32)


def warm_up() -> None:
    """Compile the loops where that has not been done: ten seconds that nobody should wait for on a page."""
    opportunity, candidate, geography = np.zeros(1, OPPORTUNITY), np.zeros(1, CANDIDATE), lay_out([], [], [], [], [])
    nobody = np.empty((0, 2), dtype=int)
    best_of_candidates(opportunity, np.ones(1), np.zeros(1), candidate, nobody, geography, weights=Weights(), today=0)
    best_of_opportunity(opportunity, 1.0, candidate, nobody[:, 1], nobody[:, 1], geography, Weights(), today=0)


# --- What the loops work on -------------------------------------------------------------------------------------------
class Places(NamedTuple):
    """The rows of one side place by place: those of place p are ``rows[first[p]:first[p + 1]]``, and its expanse is in
    row p of ``where``."""

    rows: np.ndarray
    first: np.ndarray
    where: Expanse


class Lists(NamedTuple):
    """The best of each row so far, the best first: their values, and their rows on the other side or NOWHERE."""

    values: np.ndarray
    rows: np.ndarray


class Meeting(NamedTuple):
    """Both sides, as compiled code takes them. ``decided`` are numbers of pairs (see ``_numbers``), sorted."""

    opportunities: np.ndarray
    prices: np.ndarray
    candidates: np.ndarray
    decided: np.ndarray
    geography: Geography
    weights: np.ndarray
    today: int


def _meeting(opportunities, prices, candidates, decided, geography, weights, today) -> Meeting:
    pairs = np.asarray(decided, dtype=np.int64).reshape(-1, 2)
    return Meeting(
        rows(opportunities, OPPORTUNITY),
        np.array(prices, dtype=float),
        rows(candidates, CANDIDATE),
        np.sort(_numbers(candidates, pairs)),
        geography,
        weights.column(),
        today,
    )


def _lists(floors: np.ndarray, length: int) -> Lists:
    """Empty lists, into which only enters what is above the floor."""
    values = np.repeat(floors[:, None], length, axis=1)
    return Lists(values, np.full(values.shape, NOWHERE, dtype=np.int32))


def _pairs(lists: Lists) -> np.ndarray:
    row, place = np.nonzero(lists.rows != NOWHERE)
    return np.stack([row, lists.rows[row, place]], axis=-1)


def _numbers(candidates: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """A number for each pair of an opportunity's row and a candidate's row."""
    return pairs[:, 0] * len(candidates) + pairs[:, 1]


def _found(meeting: Meeting, pairs: np.ndarray) -> Found:
    """The pairs that may be suggested, as columns."""
    o, c = pairs[:, 0], pairs[:, 1]
    scores = score_pairs(meeting.opportunities, meeting.candidates, o, c, meeting.geography, meeting.weights)
    orders = np.empty((2, len(pairs)))
    _fill_orders(meeting, pairs, scores.total, orders)
    columns = (o, c, scores.points, scores.total, scores.open_points, *orders)
    is_eligible = ~scores.is_excluded & (scores.total >= MINIMUM)
    return Found(*(column[is_eligible] for column in columns))


def _places_of_opportunities(opportunities: np.ndarray, geography: Geography) -> Places:
    """What can be done from home has no place."""
    spots = np.where(opportunities["is_remote"][:, None] != 0, NOWHERE, opportunities["spots"])
    return _places(opportunities, spots, np.zeros(len(opportunities)), geography)


def _places_of_candidates(candidates: np.ndarray, geography: Geography) -> Places:
    """Who goes farthest comes first in each place."""
    reach = np.where(np.isinf(candidates["reach"]), FAR_KM_UNTOLD, candidates["reach"])
    return _places(candidates, candidates["spots"], -reach, geography)


def _places(records, spots, order, geography) -> Places:
    """The rows without an obstacle of their own by place, within a place in this order."""
    free = np.flatnonzero(records["obstacles"] == 0)
    # Rows with the same spots come together; others are told apart below, should their sums be the same.
    spots_in_one = sum(column * np.int64(1_000_003) ** place for place, column in enumerate(spots[free].T))
    free = free[np.lexsort((order[free], spots_in_one))]
    is_first = np.ones(len(free), dtype=bool)
    is_first[1:] = (spots[free][1:] != spots[free][:-1]).any(axis=1)
    return Places(free, np.append(np.flatnonzero(is_first), len(free)), expanse(spots[free[is_first]], geography))


# --- The loops --------------------------------------------------------------------------------------------------------
def _meet_all(meeting: Meeting, of_opportunities: Lists, of_candidates: Lists, progress) -> None:
    offers = _places_of_opportunities(meeting.opportunities, meeting.geography)
    homes = _places_of_candidates(meeting.candidates, meeting.geography)
    for home in progress(range(len(homes.first) - 1)):
        _meet_neighbours(meeting, offers, homes, home, of_opportunities, of_candidates)


@compiled
def _meet_neighbours(meeting, offers, homes, place_of_home, of_opportunities, of_candidates):
    """Candidates at one place, those who go farthest first, meet whatever is within their reach."""
    neighbours = homes.rows[homes.first[place_of_home] : homes.first[place_of_home + 1]]
    # Whatever the loops need is taken out of its tuple once: that costs more than a pair.
    opportunities, prices, candidates, _decided, geography, weights, today = meeting
    standings, appeals = of_opportunities.values, of_candidates.values
    home = candidates[neighbours[0]]
    for place in range(len(offers.first) - 1):
        if is_out_of_sight(homes.where, offers.where, place_of_home, place, farthest(home), geography.stretch):
            continue
        start, end = offers.first[place], offers.first[place + 1]
        o = opportunities[offers.rows[start]]
        near = nearest(o.spots, home.spots, geography)
        way = 0.0 if o.is_remote or near.share == UNKNOWN else near.way
        if way > farthest(home):
            continue
        for offer in range(start, end):
            row = offers.rows[offer]
            o = opportunities[row]
            for number in range(len(neighbours)):
                other = neighbours[number]
                c = candidates[other]
                if way > farthest(c):
                    break
                total = _fit(o, c, near, weights)
                if total:
                    standing, appeal = _standing(o, c, total, today), _appeal(o, c, total, prices[row])
                    stands, appeals_to = standing > standings[row, -1], appeal > appeals[other, -1]
                    if (stands or appeals_to) and not _is_decided(meeting, row, other):
                        if stands:
                            _enter(of_opportunities, row, standing, other)
                        if appeals_to:
                            _enter(of_candidates, other, appeal, row)


@compiled
def _meet_one(meeting, best):
    """All candidates meet the one opportunity."""
    opportunities, _prices, candidates, _decided, geography, weights, today = meeting
    o, standings = opportunities[0], best.values
    for other in range(len(candidates)):
        c = candidates[other]
        total = _fit(o, c, nearest(o.spots, c.spots, geography), weights)
        if total:
            standing = _standing(o, c, total, today)
            if standing > standings[0, -1] and not _is_decided(meeting, 0, other):
                _enter(best, 0, standing, other)


@compiled
def _fit(o, c, near, weights):
    """The total of a pair that may be suggested, or 0."""
    if is_excluded(o, c, near):
        return 0.0
    total = total_of(judge(o, c, near), weights)
    return total if total >= MINIMUM else 0.0


@compiled
def _enter(lists, row, value, other):
    """Put in at its place what beats the last, which leaves."""
    values, rows = lists.values[row], lists.rows[row]
    place = len(values) - 1
    while place and values[place - 1] < value:
        values[place], rows[place] = values[place - 1], rows[place - 1]
        place -= 1
    values[place], rows[place] = value, other


@compiled
def _is_decided(meeting, row, other):
    number = row * len(meeting.candidates) + other
    place = np.searchsorted(meeting.decided, number)
    return place < len(meeting.decided) and meeting.decided[place] == number


@compiled
def _fill_orders(meeting, pairs, totals, orders):
    for number in range(len(pairs)):
        row, total = pairs[number, 0], totals[number]
        o, c = meeting.opportunities[row], meeting.candidates[pairs[number, 1]]
        orders[0, number] = _standing(o, c, total, meeting.today)
        orders[1, number] = _appeal(o, c, total, meeting.prices[row])


@compiled
def _standing(o, c, total, today):
    return total + _waiting_bonus(c, today) + _shuffled(o, c)


@compiled
def _appeal(o, c, total, price):
    return (total + _shuffled(o, c)) * price


@compiled
def _waiting_bonus(c, today):
    if c.waiting_since == 0:
        return 0.0
    days = today - c.waiting_since - PATIENCE_DAYS
    return min(POINTS_FOR_WAITING, max(0.0, POINTS_A_DAY * days))


@compiled
def _shuffled(o, c):
    """A fraction of SHUFFLE that looks random, and is always the same for the same pair."""
    candidate = 2 * max(c.volunteer, c.organisation) + (c.organisation != 0)
    return SHUFFLE * 2.0**-53 * (_mixed(np.uint64(o.pk) * GOLDEN + np.uint64(candidate)) >> np.uint64(11))


@compiled
def _mixed(number):
    """The last steps of SplitMix64 (Steele, Lea, Flood 2014)."""
    number = (number ^ number >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ number >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return number ^ number >> np.uint64(31)
