"""Weeks in a city, seen by volunteers who look at their list now and then: ordered by score, or by score × price.

The measure is the one of VolunteerMatch: opportunities with at least one connection in a week, and all connections
(Manshadi, Rodilitz, Saban, Suresh, "Redesigning VolunteerMatch's Search Algorithm", SSRN 4497747: 8 to 9 % more of the
first, no meaningful loss of the second, in two regions).

People and opportunities are those of ``population.py``, their fit is the rule of the house, and the prices are those
of ``matching.fairness``, made every night and corrected after each connection. How people behave is none of their
business: it differs from what the prices assume wherever we know no better.
"""

from typing import NamedTuple

import numpy as np
from django.db.models import Max

from matching.demo.words import Words
from matching.fairness import fair_prices
from matching.judging import Weights
from matching.ranking import shortlists
from matching.records import fetch
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .drawing import Ground
from .places import Places
from .population import SIZES, store

# Chosen before the first run, and never after a look at a result.
WEEKS = 8
# Somebody looks at their list once in three months.
VISITS_A_WEEK = 0.08
# A page of ten; position k is read with the chance 1 / k.
READ = 1 / np.arange(1, 11)
# What is read and fits entirely is answered one time in four; most visits end without an answer, and none with two.
ANSWERS = 0.25
# Titles, pictures and names attract beyond what any score knows: one in six opportunities 1.6 times the middle.
CHARM = 0.5
# A connection takes a place when the trial is over. Until then only the correction between nights can know of it.
DAYS_OF_TRIAL = 14


class City(NamedTuple):
    """Shortlists (n, 40) of candidates with the fit as a share, and the places of the opportunities."""

    rows: np.ndarray
    fits: np.ndarray
    places: np.ndarray


class Outcome(NamedTuple):
    """What some weeks brought: opportunities with a connection (the mean of the weeks), connections, places filled
    at their end, and the Gini coefficient of how often opportunities were read."""

    weekly: float
    connections: float
    filled: float
    gini: float


def invent_city(seed: int) -> City:
    """A city of the smallest size, and who is eligible for what by the rule; ``seed`` draws all of it."""
    sides = Opportunity, Volunteer, Organisation
    last = [model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in sides]
    size = SIZES["S"]
    store(size, Ground(np.random.default_rng(seed), Words.read(), Places.read(only=size.town)))
    new = [model.objects.filter(pk__gt=key) for model, key in zip(sides, last, strict=True)]
    found = fetch(*new)
    decided = np.empty((0, 2), int)
    rows, totals = shortlists(found.opportunities, found.candidates, decided, found.vocabulary.geography, Weights())
    is_eligible = rows[:, 0] >= 0
    places = np.array(new[0].order_by("pk").values_list("places", flat=True))
    return City(rows[is_eligible], totals[is_eligible] / 100, places)


def by_score(_city, free, _is_looking):
    return np.ones(len(free))


def by_fair_prices(city, free, is_looking):
    """Prices for those who still look for something, with what is still open in front of their lists."""
    rows, fits = city.rows[is_looking], city.fits[is_looking]
    is_open = (rows >= 0) & (free[rows] > 0)
    order = np.argsort(~is_open, axis=1, kind="stable")
    rows, fits = (np.take_along_axis(column, order, axis=1) for column in (np.where(is_open, rows, -1), fits))
    return fair_prices(rows, fits, free, np.zeros(len(free))).price


class Weeks:
    """The same people come on the same days, whatever orders their lists."""

    def __init__(self, city: City, price, *, is_corrected: bool, seed: int):
        self.city, self.nightly_price, self.is_corrected = city, price, is_corrected
        self.rng = np.random.default_rng(seed)
        self.charm = self.rng.lognormal(0, CHARM, len(city.places))
        self.has_answered = np.zeros(len(city.rows), bool)
        self.connections = np.zeros((7 * WEEKS, len(city.places)), int)
        self.read = np.zeros(len(city.places))

    def run(self) -> Outcome:
        for day in range(7 * WEEKS):
            visitors = self.rng.random(len(self.city.rows)) < VISITS_A_WEEK / 7
            placed = self.connections[: max(0, day - DAYS_OF_TRIAL)].sum(0)
            free = np.maximum(self.city.places - placed, 0)
            price = np.where(free > 0, self.nightly_price(self.city, free, ~self.has_answered), 0)
            for visitor in np.flatnonzero(visitors):
                self.visit(day, visitor, price, free)
        return self.outcome()

    def visit(self, day, visitor, price, free):
        """One look at the list: each position is read or not, and the first that is answered ends it."""
        chances = self.rng.random((2, len(READ)))
        if self.has_answered[visitor]:
            return
        page, fits = self.page(visitor, price, free, self.connections[day])
        self.read[page] += READ[: len(page)]
        is_read = chances[0, : len(page)] < READ[: len(page)]
        answers = is_read & (chances[1, : len(page)] < ANSWERS * fits * self.charm[page])
        if answers.any():
            self.connections[day, page[answers.argmax()]] += 1
            self.has_answered[visitor] = True

    def page(self, visitor, price, free, today):
        rows = self.city.rows[visitor]
        is_open = (rows >= 0) & (price[rows] > 0)
        rows, fits = rows[is_open], self.city.fits[visitor][is_open]
        crowd = 1 + today[rows] / free[rows] if self.is_corrected else 1
        order = np.argsort(-fits * price[rows] / crowd, kind="stable")[: len(READ)]
        return rows[order], fits[order]

    def outcome(self) -> Outcome:
        of_weeks = self.connections.reshape(WEEKS, 7, -1).sum(1)
        total = of_weeks.sum(0)
        filled = np.minimum(total, self.city.places).sum()
        return Outcome((of_weeks > 0).sum(1).mean(), total.sum(), filled, gini(self.read))


def gini(values):
    """0 where all have the same, towards 1 where one has everything."""
    ordered, number = np.sort(values), len(values)
    return (2 * np.arange(1, number + 1) - number - 1) @ ordered / (number * ordered.sum())
