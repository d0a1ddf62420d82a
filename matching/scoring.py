"""How well candidates fit an opportunity: records in, points per factor out. No Django, no database, no clock.

There is one definition of the score, ``score``, for one pair and for a million. It takes columns: NumPy records of
opportunities and of candidates (``Sizes`` makes them, empty), either two columns of the same length (pair by pair) or
one row against many. Names, origin and gender are in no record; the one declaration "woman" counts only where an
opportunity is stated, with a reason, to be for women.

The rule, beyond the table of points:

* What the opportunity does not ask drops out, for every candidate alike, and the rest is rescaled to 0…100.
* Language: the mean credit of what is asked. Each required and each wished language is one thing asked, a "one of"
  group is one (the best counts), German needed is one. Below the level asked, each CEFR step earns its part.
  Interpreting is measured at B2 at least and goes by the margin: what is asked earns 0.8, two levels more earn 1.
  A language that is not named earns nothing and, where it is required, excludes. One named without a level is an open
  point; it counts like A1, and never more than half. German left out counts half, as an open point.
* Silence never excludes, and never earns more than half; it is an open point ("still to be asked").
* An answer never earns less than silence where the candidate *offers* something (skills, times, motives): it earns
  ``told(share)``, half and a fifth of the share, until the plain share is more. So hiding what one offers never helps.
  Home and the fields wished *steer* suggestions towards what suits a person: silence lies between fit and misfit.
* Exclusions need a statement: who left out times, age, gender or level of German is asked, not refused.
* Motives which no opportunity can answer (learning German, other) neither add nor take away.
"""

from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np

from .geography import Geography

RULE_VERSION = 1
FACTORS = ("language", "skills", "neighbourhood", "time", "field", "motive")
SILENCE = 0.5
REQUIRED_SHARE, WANTED_SHARE, SAME_GROUP = 0.7, 0.3, 0.3
B2, MARGIN_START, MARGIN_STEP = 4, 0.8, 0.1
# A language that is named without its level. Zero is a language that is not named.
UNTOLD = 255
FAR_KM = 8.0


class Role:
    NONE, REQUIRED, ONE_OF, WANTED = range(4)


class Gender:
    UNTOLD, WOMAN, ANOTHER = range(3)


class Trait(IntFlag):
    """What an opportunity offers to those who come."""

    NEWCOMERS, CERTIFICATE, ACCOMPANIED, REGULAR, TEAM = (1 << n for n in range(5))


class Motive(IntFlag):
    GIVE_BACK, USE_QUALIFICATION, WAY_INTO_WORK, MEET_PEOPLE, ANOTHER = (1 << n for n in range(5))


class Obstacle(IntFlag):
    """Why a pair is excluded. The word is the name in lower case."""

    CLOSED, EXPIRED, FULL, PAUSED, LOADED, DECIDED = (1 << n for n in range(6))
    LANGUAGE, GERMAN, AGE, DISTANCE, TIME, ONLY_FOR, OWN = (1 << n for n in range(6, 13))


class OpenPoint(IntFlag):
    """What is still to be asked or brought; it never excludes. The word is the name in lower case."""

    PROOF, GERMAN_STEP, LANGUAGE, GERMAN, ONLY_FOR, AGE = (1 << n for n in range(6))
    TIME, PLACE, REACH, SKILLS, FIELD, MOTIVE = (1 << n for n in range(6, 12))


def words(flags: IntFlag) -> list[str]:
    return [str(flag.name).lower() for flag in flags]


@dataclass(frozen=True)
class Weights:
    """Points of each factor."""

    language: float = 30
    skills: float = 25
    neighbourhood: float = 20
    time: float = 10
    field: float = 10
    motive: float = 5
    version: int = RULE_VERSION

    def column(self) -> np.ndarray:
        return np.array([getattr(self, factor) for factor in FACTORS], dtype=float)


@dataclass(frozen=True)
class Sizes:
    """How wide the records are: of the vocabulary, and of the longest lists among the rows."""

    languages: int = 1
    skills: int = 1
    fields: int = 1
    proofs: int = 1
    needed_languages: int = 1
    opportunity_spots: int = 1
    candidate_spots: int = 1

    def opportunities(self, number: int) -> np.ndarray:
        """Records of opportunities that ask for nothing."""
        rows = np.zeros(
            number,
            dtype=[
                ("obstacles", "u2"),
                ("host", "i8"),
                ("field", "i4"),
                ("related_fields", "u8", words_for(self.fields)),
                ("is_interpreting", "?"),
                ("german", "u1"),
                ("languages", "i4", self.needed_languages),
                ("levels", "u1", self.needed_languages),
                ("roles", "u1", self.needed_languages),
                ("required", "u8", words_for(self.skills)),
                ("wanted", "u8", words_for(self.skills)),
                ("proofs", "u8", words_for(self.proofs)),
                ("times", "u4"),
                ("min_age", "u1"),
                ("is_for_women", "?"),
                ("is_remote", "?"),
                ("spots", "i4", self.opportunity_spots),
                ("traits", "u1"),
            ],
        )
        rows["spots"], rows["host"] = -1, -1
        return rows

    def candidates(self, number: int) -> np.ndarray:
        """Records of candidates who told nothing; ``organisation`` is the key of a self-organisation or 0."""
        rows = np.zeros(
            number,
            dtype=[
                ("obstacles", "u2"),
                ("organisation", "i8"),
                ("german", "u1"),
                ("levels", "u1", self.languages),
                ("skills", "u8", words_for(self.skills)),
                ("related_skills", "u8", words_for(self.skills)),
                ("evidence", "u8", words_for(self.skills)),
                ("proofs", "u8", words_for(self.proofs)),
                ("fields", "u8", words_for(self.fields)),
                ("times", "u4"),
                ("age", "u1"),
                ("gender", "u1"),
                ("reach", "f4"),
                ("spots", "i4", self.candidate_spots),
                ("motives", "u1"),
            ],
        )
        rows["spots"], rows["reach"] = -1, np.inf
        return rows


def words_for(size: int) -> tuple[int]:
    """How many words of 64 bits hold a set out of ``size`` things."""
    return (max(1, -(-size // 64)),)


def add_bits(column: np.ndarray, rows, members) -> None:
    """Put member ``members[i]`` into the set ``column[rows[i]]``, for all i."""
    rows, members = np.asarray(rows, dtype=int), np.asarray(members, dtype=np.uint64)
    np.bitwise_or.at(column, (rows, (members >> 6).astype(int)), np.uint64(1) << (members & np.uint64(63)))


def members(bits: np.ndarray) -> list[int]:
    """What is in one set."""
    return [64 * word + n for word, value in enumerate(bits) for n in range(64) if int(value) >> n & 1]


@dataclass(frozen=True)
class Scores:
    """One row a pair. ``points`` is (pairs, factors), NaN where the opportunity does not ask; ``total`` is 0…100."""

    points: np.ndarray
    total: np.ndarray
    obstacles: np.ndarray
    open_points: np.ndarray
    km: np.ndarray
    weights: Weights

    @property
    def is_excluded(self) -> np.ndarray:
        return self.obstacles != 0

    def obstacle_words(self, row: int) -> list[str]:
        return words(Obstacle(int(self.obstacles[row])))

    def open_words(self, row: int) -> list[str]:
        return words(OpenPoint(int(self.open_points[row])))


@dataclass(frozen=True)
class Part:
    """The share of one factor (NaN where it is not asked), and what stands in the way or is open."""

    share: np.ndarray | float = np.nan
    obstacles: list = field(default_factory=list)
    open_points: list = field(default_factory=list)


def score(
    opportunities: np.ndarray,
    candidates: np.ndarray,
    geography: Geography,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
    *,
    decided: np.ndarray | bool = False,
) -> Scores:
    """Score pairs: columns of the same length, or one row against many. ``decided`` marks pairs with a Match.

    Points are rounded to four digits, so that the order in which things are listed cannot show.
    """
    o, c = opportunities, candidates
    pairs = np.broadcast_shapes(o.shape, c.shape)
    nearness = geography.nearness(o["spots"], c["spots"])
    parts = [
        _language(o, c),
        _skills(o, c),
        _neighbourhood(o, c, nearness),
        _time(o, c),
        _field(o, c),
        _motive(o, c),
    ]
    shares = np.stack([np.broadcast_to(part.share, pairs) for part in parts], axis=-1)
    points = np.round(shares * weights.column(), 4)
    asked = np.where(np.isnan(shares), 0.0, weights.column()).sum(-1)
    total = np.round(100 * np.nansum(points, -1) / np.where(asked, asked, 1), 4)
    parts.append(_conditions(o, c))
    of_the_pair = [(decided, Obstacle.DECIDED), (o["obstacles"], None), (c["obstacles"], None)]
    return Scores(
        points,
        total,
        _flags(pairs, of_the_pair + [pair for part in parts for pair in part.obstacles]),
        _flags(pairs, [pair for part in parts for pair in part.open_points]),
        np.broadcast_to(nearness.km, pairs),
        weights,
    )


def told(share):
    """What an answer earns: as much as silence at least, more with every bit that fits, the plain share at the top."""
    return np.maximum(share, SILENCE + 0.2 * share)


def _flags(shape, conditions):
    flags = np.zeros(shape, dtype=np.uint16)
    for condition, flag in conditions:
        flags |= np.asarray(condition).astype(np.uint16) * np.uint16(1 if flag is None else flag)
    return flags


def _count(sets):
    return np.bitwise_count(sets).sum(-1)


def _mean(total, number):
    return np.where(number > 0, total / np.where(number > 0, number, 1), np.nan)


def _language(o, c):
    asked, earned, best = _zeros(o, c), _zeros(o, c), _zeros(o, c)
    missing, untold, met_one, untold_one = (_zeros(o, c).astype(bool) for _ in range(4))
    for k in range(o["languages"].shape[1]):
        role, needed = o["roles"][:, k], o["levels"][:, k]
        level = c["levels"][np.arange(len(c)), o["languages"][:, k]]
        is_untold = (level == UNTOLD) & (needed > 0)
        is_met = (level > 0) & (level >= needed) & ~is_untold
        credit = np.where(role, _credit(level, needed, o["is_interpreting"]), 0)
        one_of, alone = role == Role.ONE_OF, (role == Role.REQUIRED) | (role == Role.WANTED)
        asked, earned = asked + alone, earned + np.where(alone, credit, 0)
        best = np.maximum(best, np.where(one_of, credit, 0))
        missing |= (role == Role.REQUIRED) & ~is_met & ~is_untold
        untold |= alone & is_untold
        met_one |= one_of & is_met
        untold_one |= one_of & is_untold
    has_one_of = (o["roles"] == Role.ONE_OF).any(-1)
    missing |= has_one_of & ~met_one & ~untold_one
    untold |= has_one_of & ~met_one & untold_one
    german = _german(o, c)
    total = earned + best + np.nan_to_num(german.share)
    return Part(
        _mean(total, asked + has_one_of + (o["german"] > 0)),
        [(missing, Obstacle.LANGUAGE), *german.obstacles],
        [(untold, OpenPoint.LANGUAGE), *german.open_points],
    )


def _zeros(o, c):
    return np.zeros(np.broadcast_shapes(o.shape, c.shape))


def _credit(level, needed, is_interpreting):
    """What one language earns: a part for each CEFR step up to the level needed; interpreting goes by the margin."""
    is_named, is_untold = level > 0, level == UNTOLD
    level = np.where(is_untold, 1, level).astype(float)
    plain = np.where(needed > 0, np.minimum(1, level / np.maximum(needed, 1)), 1)
    at_least = np.maximum(needed, B2)
    below = MARGIN_START * level / at_least
    margin = np.where(level < at_least, below, np.minimum(1, MARGIN_START + MARGIN_STEP * (level - at_least)))
    credit = np.where(is_interpreting, margin, plain)
    credit = np.where(is_untold & (needed > 0), np.minimum(credit, SILENCE), credit)
    return np.where(is_named, credit, 0)


def _german(o, c):
    level, needed = c["german"].astype(int), o["german"].astype(int)
    asked, is_told = needed > 0, level > 0
    share = np.where(is_told, np.minimum(1, level / np.maximum(needed, 1)), SILENCE)
    return Part(
        np.where(asked, share, np.nan),
        [(asked & is_told & (level <= needed - 2), Obstacle.GERMAN)],
        [
            (asked & is_told & (level == needed - 1), OpenPoint.GERMAN_STEP),
            (asked & ~is_told, OpenPoint.GERMAN),
        ],
    )


def _skills(o, c):
    kinds = ((o["required"], REQUIRED_SHARE), (o["wanted"], WANTED_SHARE))
    earned = sum(weight * np.nan_to_num(_covered(needed, c)) for needed, weight in kinds)
    asked = sum(weight * (_count(needed) > 0) for needed, weight in kinds)
    is_silent = _count(c["skills"]) == 0
    return Part(told(_mean(earned, asked)), open_points=[((asked > 0) & is_silent, OpenPoint.SKILLS)])


def _covered(needed, c):
    """The share of the skills needed that somebody has; another skill of the same group counts 0.3."""
    direct = _count(needed & c["skills"])
    related = _count(needed & c["related_skills"] & ~c["skills"])
    return _mean(direct + SAME_GROUP * related, _count(needed))


def _neighbourhood(o, c, nearness):
    asked = o["is_remote"] | (o["spots"] >= 0).any(-1)
    goes = asked & ~o["is_remote"]
    share = np.where(nearness.is_known, nearness.share, SILENCE)
    is_told = nearness.is_known & goes
    return Part(
        np.where(asked, np.where(o["is_remote"], 1.0, share), np.nan),
        [(is_told & (nearness.way > c["reach"]), Obstacle.DISTANCE)],
        [
            (goes & ~nearness.is_known, OpenPoint.PLACE),
            (is_told & np.isinf(c["reach"]) & (c["organisation"] == 0) & (nearness.way > FAR_KM), OpenPoint.REACH),
        ],
    )


def _time(o, c):
    needed, common = o["times"], o["times"] & c["times"]
    is_told = c["times"] > 0
    share = _mean(np.bitwise_count(common), np.bitwise_count(needed))
    return Part(
        told(share),
        [((needed > 0) & is_told & (common == 0), Obstacle.TIME)],
        [((needed > 0) & ~is_told, OpenPoint.TIME)],
    )


def _field(o, c):
    wished = c["fields"]
    own = np.zeros_like(o["related_fields"])
    add_bits(own, np.arange(len(o)), o["field"])
    is_wished, is_related = ((wished & fitting).any(-1) for fitting in (own, o["related_fields"]))
    is_silent = ~wished.any(-1)
    share = np.select([is_silent, is_wished, is_related], [SILENCE, 1.0, 0.5], 0.0)
    return Part(share, open_points=[(is_silent, OpenPoint.FIELD)])


def _motive(o, c):
    needed = o["required"] | o["wanted"]
    asked = (o["traits"] > 0) | needed.any(-1)
    speaks = (c["levels"][np.arange(len(c))[:, None], o["languages"]] > 0) & (o["roles"] > 0)
    work = sum(_offers(o, trait) for trait in (Trait.CERTIFICATE, Trait.ACCOMPANIED, Trait.REGULAR)) / 3
    answers = (
        (Motive.GIVE_BACK, _offers(o, Trait.NEWCOMERS) & speaks.any(-1)),
        (Motive.USE_QUALIFICATION, (needed & c["evidence"]).any(-1)),
        (Motive.WAY_INTO_WORK, work),
        (Motive.MEET_PEOPLE, _offers(o, Trait.TEAM)),
    )
    share = _zeros(o, c)
    for motive, answer in answers:
        share = np.maximum(share, ((c["motives"] & motive) > 0) * answer)
    # A self-organisation is not asked for a motive: it has many people, and many motives.
    is_open = asked & (c["motives"] == 0) & (c["organisation"] == 0)
    return Part(np.where(asked, told(share), np.nan), open_points=[(is_open, OpenPoint.MOTIVE)])


def _offers(o, trait):
    return (o["traits"] & trait) > 0


def _conditions(o, c):
    """What has no points: age, the restriction to women, proofs. A year of birth leaves the age open by a year."""
    asked_age, is_told = (o["min_age"] > 0) & (c["organisation"] == 0), c["age"] > 0
    women, gender = o["is_for_women"], c["gender"]
    return Part(
        obstacles=[
            (asked_age & is_told & (c["age"] < o["min_age"]), Obstacle.AGE),
            (women & (gender == Gender.ANOTHER), Obstacle.ONLY_FOR),
            (o["host"] == c["organisation"], Obstacle.OWN),
        ],
        open_points=[
            (asked_age & (~is_told | (c["age"] == o["min_age"])), OpenPoint.AGE),
            (women & (gender == Gender.UNTOLD), OpenPoint.ONLY_FOR),
            ((o["proofs"] & ~c["proofs"]).any(-1), OpenPoint.PROOF),
        ],
    )
