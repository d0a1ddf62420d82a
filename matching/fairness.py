"""Fair prices: what one more suitable applicant is still worth to each opportunity. No Django, no database, no clock.

Where everybody's list is ordered by fit alone, all are sent to the same few opportunities. A list ordered by
fit × price sends them where a place is still free. With λ the number of suitable applicants that an opportunity can
expect in a week of today's lists (as many as a Poisson variable N with this mean) and c its free places,

    worth(λ) = (1 - η) E[min(N, c)] + η P(N > 0)            the places filled, and whether anybody comes at all
    price(λ) = (1 - η) P(N < c)     + η e^-λ                its derivative: 1 where nobody comes, 0 in a crowd

The worth of all opportunities together is concave in λ, and λ is linear in the lists, so the best lists can be found
by the method of Frank and Wolfe (1956; Jaggi, ICML 2013): order every list by fit × price, move λ some way towards
what these lists would bring, and look at the prices again. The candidates are asked in blocks, one after the other
(Lacoste-Julien, Jaggi, Schmidt, Pletscher, ICML 2013): each block sees what the others brought, so a tenth of the
rounds suffices. How far below the best possible λ can be at most, its duality gap, is what ``certificate`` is made of.

``balance`` knows nothing of Poisson or places: what is improved is a ``Worth``.
"""

from math import exp, lgamma, log, sqrt
from typing import NamedTuple, Protocol

import numpy as np

from .compiling import compiled

# Half of what counts is that somebody comes at all: a first person counts 1, each further one η less, so that
# the second place of one opportunity never counts as much as the first of another.
ETA = 0.5
# How likely somebody is to answer in a week at each position of the list, if it fits: in proportion to 1 / position,
# the usual model of how lists are read (also that of the published table, benchmarks/published_table.py), on a page of
# ten. All positions together make 0.05: people look at their list once in three months, and every other visit ends
# with an answer. Whoever expects more gives up fit for crowds that never come.
READ, ANSWERS = 10, 0.05
ATTENTION = ANSWERS / np.arange(1, READ + 1) / np.sum(1 / np.arange(1, READ + 1))
ROUNDS = 1000
# Smaller blocks would ask for prices more often than that saves rounds.
BLOCKS, PEOPLE_IN_A_BLOCK = 24, 200
CUTS, FLAT = 2, 0.1


class Worth(Protocol):
    """What is to be improved: a concave function of the expected demand of each opportunity, and its derivative."""

    def value(self, demand: np.ndarray) -> float: ...

    def price(self, demand: np.ndarray) -> np.ndarray: ...


class Prices(NamedTuple):
    """The price of each opportunity (0…1), the demand expected for it by these candidates, how good that is
    (a share of the best possible, never overstated), and the rounds it took."""

    price: np.ndarray
    expected: np.ndarray
    certificate: float
    rounds: int


class Places(NamedTuple):
    """What suitable applicants are worth to opportunities with so many free places each, given who comes anyway."""

    capacities: np.ndarray
    expected_elsewhere: np.ndarray

    def value(self, demand):
        return _worth_of_places(demand + self.expected_elsewhere, self.capacities)[0]

    def price(self, demand):
        return _worth_of_places(demand + self.expected_elsewhere, self.capacities)[1]


def fair_prices(shortlists, fits, capacities, expected_elsewhere, *, goal=0.999) -> Prices:
    """The prices under which every candidate's list, ordered by fit × price, serves all opportunities together.

    ``shortlists`` (n, k): for each candidate the rows of the opportunities that may be listed, in any order, padded
    with -1; ``fits`` (n, k): the totals of these pairs as shares, 0…1. ``capacities``: free places, 0 where unknown,
    which counts as 1. ``expected_elsewhere``: suitable applicants that other regions expect (a number, not a share).
    It stops when the certificate has reached ``goal``, or after ``ROUNDS``.
    """
    places = Places(np.maximum(capacities, 1).astype(np.int64), np.asarray(expected_elsewhere, np.float64))
    blocks = min(BLOCKS, 1 + len(shortlists) // PEOPLE_IN_A_BLOCK)
    return balance(shortlists, fits, ATTENTION, places, len(capacities), goal=goal, blocks=blocks)


def balance(
    shortlists, fits, attention, worth: Worth, size: int, *, goal: float, rounds: int = ROUNDS, blocks: int = BLOCKS
) -> Prices:
    """Raise ``worth.value(demand)`` over everything that lists can bring: Frank and Wolfe, in blocks.

    ``shortlists`` (n, k) names cells of the demand, which has ``size`` of them; a list that puts cell j at position r
    brings it min(1, fit × ``attention[r]``). The certificate holds where the worth is concave; it compares what the
    lists add to no lists at all. Fewer ``blocks`` take more rounds, and ask less often for prices.
    """
    # By what they are worth to each other, so that no order of either side changes anything.
    turn = np.rint(fits * 1e6).astype(np.int64).sum(axis=1) % blocks
    parts = [(shortlists[turn == number], fits[turn == number], attention) for number in range(blocks)]
    nothing = np.zeros(size)
    floor, price = worth.value(nothing), worth.price(nothing)
    brought = np.array([_demand(*part, price) for part in parts])
    for number in range(1, rounds + 1):
        guess = sum(_improve(worth, brought, place, part) for place, part in enumerate(parts))
        demand = brought.sum(axis=0)
        if number < rounds and _certificate(worth.value(demand) - floor, guess) < goal:
            continue
        # The gaps that were seen on the way were those of other demands.
        price = worth.price(demand)
        gap = sum(price @ (_demand(*part, price) - own) for part, own in zip(parts, brought, strict=True))
        certificate = _certificate(worth.value(demand) - floor, gap)
        if certificate >= goal:
            break
    return Prices(price, demand, certificate, number)


def _improve(worth, brought, place, part):
    """Let one part answer to what all bring now, and return the gap that it saw."""
    demand = brought.sum(axis=0)
    price = worth.price(demand)
    towards = _demand(*part, price) - brought[place]
    gap = price @ towards
    if gap > 0:
        brought[place] += _step(worth, demand, towards, gap) * towards
    return gap


def _certificate(value, gap):
    """A bound on the share of the best that is reached: a concave function lies below its tangent."""
    return value / (value + gap) if gap > 0 else 1.0


def _step(worth, demand, towards, slope):
    """How far to go: to where the slope along the way is a small part of what it is here, by regula falsi."""
    low, slope_low, high = 0.0, slope, 1.0
    slope_high = worth.price(demand + towards) @ towards
    if slope_high >= 0:
        return high
    for _ in range(CUTS):
        middle = low + (high - low) * slope_low / (slope_low - slope_high)
        there = worth.price(demand + middle * towards) @ towards
        if abs(there) <= FLAT * slope:
            return middle
        if there > 0:
            low, slope_low = middle, there
        else:
            high, slope_high = middle, there
    return middle


@compiled
def _demand(shortlists, fits, attention, price):
    """What lists ordered by fit × price would bring to each cell.

    It puts the listed ones of each row to the front: in the next round, where prices differ little, sorting is quick.
    """
    demand, keys = np.zeros(len(price)), np.empty(len(attention))
    for row in range(len(shortlists)):
        cells, shares = shortlists[row], fits[row]
        for position in range(_put_best_first(cells, shares, price, keys)):
            demand[cells[position]] += min(1.0, shares[position] * attention[position])
    return demand


@compiled
def _put_best_first(cells, shares, price, keys):
    """Order one row as far as it is listed, and say how far; of equals, the one named first stays first."""
    length = 0
    for column in range(len(cells)):
        cell, share = cells[column], shares[column]
        if cell < 0:
            break
        key = share * price[cell]
        if length < len(keys):
            length += 1
        elif key <= keys[length - 1]:
            continue
        else:
            cells[column], shares[column] = cells[length - 1], shares[length - 1]
        place = length - 1
        while place > 0 and keys[place - 1] < key:
            keys[place], cells[place], shares[place] = keys[place - 1], cells[place - 1], shares[place - 1]
            place -= 1
        keys[place], cells[place], shares[place] = key, cell, share
    return length


@compiled
def _worth_of_places(expected, capacities):
    """The worth of all opportunities together, and the price of each."""
    value, price = 0.0, np.empty(len(expected))
    for row in range(len(expected)):
        mean, places = expected[row], capacities[row]
        fewer, last = _fewer_than(places, mean)
        filled = mean * (fewer - last) + places * (1 - fewer)
        value += (1 - ETA) * filled + ETA * -np.expm1(-mean)
        price[row] = (1 - ETA) * fewer + ETA * exp(-mean)
    return value, price


@compiled
def _fewer_than(places, mean):
    """P(N < places) and P(N = places - 1) of a Poisson variable.

    The sum starts 25 standard deviations below the mean, where there is nothing yet, lest e^-mean be 0 to the machine.
    """
    first = max(0, int(mean - 25 * sqrt(mean)))
    if first >= places:
        return 0.0, 0.0
    term = exp(first * log(mean) - mean - lgamma(first + 1.0)) if first else exp(-mean)
    fewer = term
    for number in range(first + 1, places):
        term *= mean / number
        fewer += term
        if number > mean and term < 1e-18:
            return min(fewer, 1.0), 0.0
    return min(fewer, 1.0), term
