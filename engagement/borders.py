"""Borders drawn with fewer corners, all of a town together, so that neighbours still meet."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator

import numpy as np

from .geometry import TOUCHING_KM

Corner = tuple[float, float]
Line = tuple[Corner, ...]


class Borders:
    """Areas cut into lines at the corners where more than two lines meet; each line is drawn once for both its sides.

    ``areas``: for each key its rings, closed, as (east, north) in kilometres on a plane. No line is drawn farther than
    ``tolerance`` kilometres from where it was.
    """

    def __init__(self, areas: dict[Hashable, list[list[Corner]]], tolerance: float):
        rings = meeting({key: real(rings) for key, rings in areas.items()})
        forks = forks_of(ring for several in rings.values() for ring in several)
        self.lines = {key: [cut(ring, forks) for ring in several] for key, several in rings.items()}
        self.sides = defaultdict(set)
        for key, several in self.lines.items():
            for line in (line for ring in several for line in ring):
                self.sides[one_way(line)].add(key)
        self.drawn = {line: with_fewer_corners(line, tolerance) for line in self.sides}

    def rings(self, key: Hashable) -> list[Line]:
        """The rings of an area as they are drawn; those that shrink to nothing are left out."""
        return real(joined(self._as_drawn(line) for line in ring) for ring in self.lines[key])

    def between(self, pairs: set[frozenset]) -> list[Line]:
        """The lines, as they are drawn, that two areas have in common, for all of these ``pairs`` of keys."""
        return [self.drawn[line] for line, keys in self.sides.items() if frozenset(keys) in pairs]

    def _as_drawn(self, line: Line) -> Line:
        known = one_way(line)
        return self.drawn[known] if known == line else self.drawn[known][::-1]


def real(rings: Iterable) -> list[Line]:
    """The rings that go around something."""
    return [ring for ring in map(without_repeats, rings) if len(ring) > 3]


def without_repeats(ring) -> Line:
    corners = [(float(corner[0]), float(corner[1])) for corner in ring]
    return (corners[0], *(there for here, there in sides_of(corners) if here != there))


def sides_of(ring: Iterable[Corner]) -> Iterator[tuple[Corner, Corner]]:
    corners = list(ring)
    return zip(corners, corners[1:], strict=False)


# --- Corners of one that lie on a side of the other -------------------------------------------------------------------
def meeting(rings: dict[Hashable, list[Line]]) -> dict[Hashable, list[Line]]:
    """The same rings; one that passes a corner of its neighbour, near enough to mean it, goes through that corner."""
    every = (side for several in rings.values() for ring in several for side in sides_of(ring))
    alone = {side for side, number in Counter(map(frozenset, every)).items() if number == 1}
    corners = np.array(sorted({corner for side in alone for corner in side})).reshape(-1, 2)
    return {key: [through(ring, corners, alone) for ring in several] for key, several in rings.items()}


def through(ring: Line, corners: np.ndarray, alone: set[frozenset]) -> Line:
    """The ring with the ``corners`` of others that lie on those of its sides that no other ring has."""
    own = set(ring)
    more = ([*corners_on(side, corners, own)] if frozenset(side) in alone else [] for side in sides_of(ring))
    return joined((here, *between, there) for (here, there), between in zip(sides_of(ring), more, strict=True))


def corners_on(side: tuple[Corner, Corner], corners: np.ndarray, own: set[Corner]) -> Iterator[Corner]:
    """The ``corners``, sorted from west to east, that lie on a side, in its direction."""
    west, east = sorted([side[0][0], side[1][0]])
    first, last = np.searchsorted(corners[:, 0], [west - TOUCHING_KM, east + TOUCHING_KM])
    near = corners[first:last]
    shares, gaps = positions(near, *side)
    found = np.flatnonzero((gaps <= TOUCHING_KM) & (shares > 0) & (shares < 1))
    for corner in map(tuple, near[found[shares[found].argsort()]].tolist()):
        if corner not in own:
            yield corner


def positions(corners: np.ndarray, start, end) -> tuple[np.ndarray, np.ndarray]:
    """Where each corner lies along the straight way from ``start`` (0) to ``end`` (1), and how far beside it."""
    offsets, along = corners - start, np.subtract(end, start)
    shares = np.clip(offsets @ along / max(along @ along, 1e-12), 0, 1)
    return shares, np.linalg.norm(offsets - shares[:, None] * along, axis=1)


# --- Lines ------------------------------------------------------------------------------------------------------------
def forks_of(rings: Iterable[Line]) -> set[Corner]:
    """The corners where more than two lines meet."""
    ways = defaultdict(set)
    for here, there in (side for ring in rings for side in sides_of(ring)):
        ways[here].add(there)
        ways[there].add(here)
    return {corner for corner, others in ways.items() if len(others) > 2}


def cut(ring: Line, forks: set[Corner]) -> list[Line]:
    """The lines of a ring, from fork to fork. Where there is none, it begins at the same corner as the ring beside it,
    wherever the two begin in their file."""
    cuts = [number for number, corner in enumerate(ring[:-1]) if corner in forks] or [ring.index(min(ring))]
    turned = (*ring[cuts[0] : -1], *ring[: cuts[0] + 1])
    ends = [*(one - cuts[0] for one in cuts), len(turned) - 1]
    return [turned[here : there + 1] for here, there in zip(ends, ends[1:], strict=False)]


def one_way(line: Line) -> Line:
    """The line in the one of its two directions by which both its sides know it."""
    return min(line, line[::-1])


def joined(lines: Iterable[Line]) -> Line:
    first, *others = lines
    return (*first, *(corner for line in others for corner in line[1:]))


def with_fewer_corners(line: Line, tolerance: float) -> Line:
    """Ramer, Douglas and Peucker: keep the corner that is farthest from the straight way, if it is far at all."""
    corners = np.array(line)
    kept, parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while parts:
        start, end = parts.pop()
        _shares, gaps = positions(corners[start + 1 : end], corners[start], corners[end])
        if gaps.max(initial=0) > tolerance:
            farthest = start + 1 + int(gaps.argmax())
            kept.add(farthest)
            parts += [(start, farthest), (farthest, end)]
    return tuple(line[number] for number in sorted(kept))
