"""How near two places are: pure arithmetic on columns, without Django, a database or a clock.

A *spot* is a row of ``Geography``: a neighbourhood, a postcode or the whole of a town. Spots are named by their index;
-1 stands for "not told" and is near to nothing.
"""

from dataclasses import dataclass

import numpy as np

# Farthest way in kilometres → share of the points (A9 of the domain notes; start values, published).
RINGS = ((2.0, 0.85), (5.0, 0.6), (8.0, 0.35))
SAME_PLACE, SAME_TOWN, BEYOND, NOWHERE = 1.0, 0.2, 0.05, -1.0
# Borders meet in the middle of the Rhine, so its two banks "touch" without a bridge: such a pair is ring three at best.
ACROSS_THE_RHINE_KM = 5.0
TOUCHING_KM = 2.0
TOUCHES, CROSSES = 1, 2


@dataclass(frozen=True)
class Nearness:
    """For each pair: the share of the points, the way in km that a reach is compared with, and the air line in km."""

    share: np.ndarray
    way: np.ndarray
    km: np.ndarray

    @property
    def is_known(self) -> np.ndarray:
        return self.share >= 0

    def best(self, other: "Nearness") -> "Nearness":
        return Nearness(
            np.maximum(self.share, other.share), np.minimum(self.way, other.way), np.minimum(self.km, other.km)
        )

    def at(self, rows, columns) -> "Nearness":
        return Nearness(self.share[rows, columns], self.way[rows, columns], self.km[rows, columns])


@dataclass(frozen=True)
class Geography:
    """All spots as columns of the same length, and which neighbourhoods lie side by side.

    ``hood`` is the spot of the neighbourhood that a spot lies in (its own index for a neighbourhood, -1 for none),
    ``is_town`` marks spots that stand for a whole town. ``one`` and ``other`` are spots of neighbourhoods, each pair
    once; ``relation`` is TOUCHES (same bank), CROSSES (near, but across the Rhine) or 0.
    """

    latitude: np.ndarray
    longitude: np.ndarray
    town: np.ndarray
    hood: np.ndarray
    is_town: np.ndarray
    one: np.ndarray
    other: np.ndarray
    relation: np.ndarray

    def nearness(self, here: np.ndarray, there: np.ndarray) -> Nearness:
        """The best over all spots of each pair. ``here`` (n, p), ``there`` (m, q): n equals m, or one of them is 1."""
        if len(there) == 1 and len(here) > 1:
            here, there = there, here
        spots, rows = np.unique(here, return_inverse=True)
        rows = rows.reshape(here.shape)
        table = self.table(spots)
        if len(here) == 1:
            table = Nearness(table.share.max(0)[None], table.way.min(0)[None], table.km.min(0)[None])
            rows = np.zeros((1, 1), dtype=int)
        best = table.at(rows[:, 0], there[:, 0])
        for p in range(rows.shape[1]):
            for q in range(there.shape[1]):
                best = best.best(table.at(rows[:, p], there[:, q]))
        return best

    def table(self, spots: np.ndarray) -> Nearness:
        """Each of ``spots`` (k,) against every spot: (k, number of spots + 1); the last column is "not told"."""
        town, hood = self._padded(self.town), self._padded(self.hood)
        km = self._air_line(spots)
        same_town = (town[spots][:, None] == town) & (town >= 0)
        same = (hood[spots][:, None] == hood) & (hood >= 0)
        is_town = np.append(self.is_town, False)
        same |= same_town & (is_town[spots][:, None] | is_town)
        relation = self._relations(hood[spots])[:, hood]
        way = np.where(relation == TOUCHES, np.minimum(km, TOUCHING_KM), km)
        way = np.where(relation == CROSSES, np.maximum(km, ACROSS_THE_RHINE_KM), way)
        way = np.where(same, 0.0, way)
        share = np.where(same_town, SAME_TOWN, BEYOND)
        for farthest, value in reversed(RINGS):
            share = np.where(way <= farthest, value, share)
        share = np.where(same, SAME_PLACE, share)
        share[spots < 0], share[:, -1] = NOWHERE, NOWHERE
        return Nearness(share, way, np.where(same, 0.0, km))

    def is_same(self, here: int, there: int) -> bool:
        """Whether two spots lie in one neighbourhood, or in the town that one of them stands for."""
        same_hood = self.hood[here] == self.hood[there] >= 0
        return bool(same_hood or (self.town[here] == self.town[there] and (self.is_town[here] or self.is_town[there])))

    def is_next(self, here: int, there: int) -> bool:
        return self._relation(here, there) == TOUCHES

    def is_across_the_rhine(self, here: int, there: int) -> bool:
        return self._relation(here, there) == CROSSES

    def _relation(self, here, there):
        return self._relations(self.hood[[here]])[0, self.hood[there]]

    def _air_line(self, spots):
        """Kilometres on a flat map of the region: within one per cent of the great circle up to 300 km."""
        latitude, longitude = (self._padded(np.radians(column), np.nan) for column in (self.latitude, self.longitude))
        north = latitude[spots][:, None] - latitude
        east = (longitude[spots][:, None] - longitude) * np.cos((latitude[spots][:, None] + latitude) / 2)
        return np.nan_to_num(6371.0 * np.hypot(north, east), nan=np.inf)

    def _relations(self, hoods):
        """(k, number of spots + 1): how each of ``hoods`` relates to every neighbourhood."""
        found = np.zeros((len(hoods), len(self.hood) + 1), dtype=np.uint8)
        one, other = np.append(self.one, self.other), np.append(self.other, self.one)
        relation = np.append(self.relation, self.relation)
        order = np.argsort(one, kind="stable")
        one, other, relation = one[order], other[order], relation[order]
        starts, ends = np.searchsorted(one, hoods), np.searchsorted(one, hoods, side="right")
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            found[row, other[start:end]] = relation[start:end]
        return found

    @staticmethod
    def _padded(column, value=-1):
        return np.append(column, value)
