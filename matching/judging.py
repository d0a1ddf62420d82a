"""How well a candidate fits an opportunity: two records in, a share per factor out. No Django, no database, no clock.

There is one definition of the score, for one pair and for a million: ``judge``, in plain Python for one pair, which is
compiled. ``scoring.py`` runs it over columns of records, ``ranking.py`` over whole regions. Names, origin and gender
are in no record; the one declaration "woman" counts only where an opportunity is stated, with a reason, to be for
women.

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
* Exclusions need a statement: who left out times, age, gender or level of German is asked, not refused. The one
  exception is the reach: who told none is taken to go FAR_KM_UNTOLD, or everybody would be considered everywhere.
  A self-organisation goes as far from each of its neighbourhoods. Home that is not told excludes nothing.
* A field that a person refused ("never this kind") excludes, whatever else fits.
* Motives which no opportunity can answer (learning German, other) neither add nor take away.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import NamedTuple

import numpy as np

from .compiling import compiled
from .geography import UNKNOWN
from .packing import NEEDED_LANGUAGES, NOWHERE

RULE_VERSION = 3
FACTORS = ("language", "skills", "neighbourhood", "time", "field", "motive")
SILENCE = 0.5
REQUIRED_SHARE, WANTED_SHARE, SAME_GROUP = 0.7, 0.3, 0.3
B2, MARGIN_START, MARGIN_STEP = 4, 0.8, 0.1
# A language that is named without its level. Zero is a language that is not named.
UNTOLD = 255
# Beyond the first we ask for a reach that was not told, beyond the second we do not suggest.
FAR_KM, FAR_KM_UNTOLD = 8.0, 25.0


class Role(IntEnum):
    NONE, REQUIRED, ONE_OF, WANTED = range(4)


class Gender(IntEnum):
    UNTOLD, WOMAN, ANOTHER = range(3)


class Trait(IntFlag):
    """What an opportunity offers to those who come."""

    NEWCOMERS, CERTIFICATE, ACCOMPANIED, REGULAR, TEAM = (1 << n for n in range(5))


class Motive(IntFlag):
    GIVE_BACK, USE_QUALIFICATION, WAY_INTO_WORK, MEET_PEOPLE, ANOTHER = (1 << n for n in range(5))


class Obstacle(IntFlag):
    """Why a pair is excluded. The word is the name in lower case."""

    CLOSED, EXPIRED, FULL, PAUSED, LOADED, DECIDED = (1 << n for n in range(6))
    LANGUAGE, GERMAN, AGE, DISTANCE, TIME, ONLY_FOR, OWN, REFUSED = (1 << n for n in range(6, 14))


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


class Part(NamedTuple):
    """The share of one factor (NaN where it is not asked), and what stands in the way or is open, as flags."""

    share: float
    obstacles: int
    open_points: int


@compiled
def judge(o, c, near):
    """The parts of one pair: the factors in their order, then the conditions, which have no points."""
    return (
        _language(o, c),
        _skills(o, c),
        _neighbourhood(o, c, near),
        _time(o, c),
        _field(o, c),
        _motive(o, c),
        _conditions(o, c),
    )


@compiled
def total_of(parts, weights):
    """The points of what is asked, as a share of 100."""
    earned, asked = 0.0, 0.0
    for factor in range(len(FACTORS)):
        if not np.isnan(parts[factor].share):
            earned += parts[factor].share * weights[factor]
            asked += weights[factor]
    return rounded(100 * earned / asked) if asked else 0.0


@compiled
def obstacles_of(parts, o, c):
    found = np.int64(o.obstacles) | np.int64(c.obstacles)
    for part in parts:
        found |= part.obstacles
    return found


@compiled
def is_excluded(o, c, near):
    """Whether there is any obstacle. Of the parts that know one the cheapest is asked first."""
    if (np.int64(o.obstacles) | np.int64(c.obstacles)) or _time(o, c).obstacles or _conditions(o, c).obstacles:
        return True
    return (_field(o, c).obstacles | _neighbourhood(o, c, near).obstacles | _language(o, c).obstacles) != 0


@compiled
def open_points_of(parts):
    found = 0
    for part in parts:
        found |= part.open_points
    return found


@compiled
def rounded(value):
    return np.rint(value * 1e4) / 1e4


@compiled
def told(share):
    """What an answer earns: as much as silence at least, more with every bit that fits, the plain share at the top."""
    return max(share, SILENCE + 0.2 * share)


@compiled
def when(condition, flag):
    return flag.value if condition else 0


@compiled
def _has(flags, flag):
    return flags & flag.value != 0


@compiled
def _bits(word):
    found = 0
    while word:
        word &= word - np.uint64(1)
        found += 1
    return found


@compiled
def _is_in(number, word):
    return (word >> np.uint64(number)) & np.uint64(1) != 0


@compiled
def _language(o, c):
    asked, earned, best = 0, 0.0, 0.0
    is_missing, is_untold, has_one_of, has_met, has_untold = False, False, False, False, False
    for k in range(NEEDED_LANGUAGES):
        role, needed, level = o.roles[k], o.levels[k], c.levels[o.languages[k]]
        if role == Role.NONE:
            break
        credit = _credit(level, needed, o.is_interpreting)
        is_open = level == UNTOLD and needed > 0
        is_met = level > 0 and level >= needed and not is_open
        if role == Role.ONE_OF:
            best, has_one_of = max(best, credit), True
            has_met, has_untold = has_met or is_met, has_untold or is_open
        else:
            asked, earned = asked + 1, earned + credit
            is_untold = is_untold or is_open
            is_missing = is_missing or (role == Role.REQUIRED and not is_met and not is_open)
    is_missing = is_missing or (has_one_of and not has_met and not has_untold)
    is_untold = is_untold or (has_one_of and not has_met and has_untold)
    german = _german(o, c)
    asked += has_one_of + (o.german > 0)
    return Part(
        (earned + best + german.share) / asked if asked else np.nan,
        when(is_missing, Obstacle.LANGUAGE) | german.obstacles,
        when(is_untold, OpenPoint.LANGUAGE) | german.open_points,
    )


@compiled
def _credit(level, needed, is_interpreting):
    """What one language earns: a part for each CEFR step up to the level needed; interpreting goes by the margin."""
    if level == 0:
        return 0.0
    known = 1 if level == UNTOLD else level
    credit = _margin(known, needed) if is_interpreting else _step(known, needed)
    return min(credit, SILENCE) if level == UNTOLD and needed > 0 else credit


@compiled
def _step(level, needed):
    return min(1.0, level / needed) if needed else 1.0


@compiled
def _margin(level, needed):
    at_least = max(needed, B2)
    if level < at_least:
        return MARGIN_START * level / at_least
    return min(1.0, MARGIN_START + MARGIN_STEP * (level - at_least))


@compiled
def _german(o, c):
    """A share of nothing where no German is needed: it is one of the languages, and adds none then."""
    if o.german == 0:
        return Part(0.0, 0, 0)
    if c.german == 0:
        return Part(SILENCE, 0, OpenPoint.GERMAN.value)
    steps_below = np.int64(o.german) - np.int64(c.german)
    return Part(
        min(1.0, c.german / o.german),
        when(steps_below >= 2, Obstacle.GERMAN),
        when(steps_below == 1, OpenPoint.GERMAN_STEP),
    )


@compiled
def _skills(o, c):
    required, wanted = _size(o.required), _size(o.wanted)
    if required + wanted == 0:
        return Part(np.nan, 0, 0)
    earned = asked = 0.0
    if required:
        earned, asked = earned + REQUIRED_SHARE * _covered(o.required, c) / required, asked + REQUIRED_SHARE
    if wanted:
        earned, asked = earned + WANTED_SHARE * _covered(o.wanted, c) / wanted, asked + WANTED_SHARE
    return Part(told(earned / asked), 0, when(_size(c.skills) == 0, OpenPoint.SKILLS))


@compiled
def _size(members):
    found = 0
    for word in members:
        found += _bits(word)
    return found


@compiled
def _covered(needed, c):
    """How many of the skills needed somebody has; another skill of the same group counts 0.3."""
    direct = related = 0
    for word in range(len(needed)):
        direct += _bits(needed[word] & c.skills[word])
        related += _bits(needed[word] & c.related_skills[word] & ~c.skills[word])
    return direct + SAME_GROUP * related


@compiled
def _neighbourhood(o, c, near):
    if o.is_remote:
        return Part(1.0, 0, 0)
    if o.spots[0] == NOWHERE:
        return Part(np.nan, 0, 0)
    if near.share == UNKNOWN:
        return Part(SILENCE, 0, OpenPoint.PLACE.value)
    is_open = np.isinf(c.reach) and c.organisation == 0 and near.way > FAR_KM
    return Part(near.share, when(near.way > farthest(c), Obstacle.DISTANCE), when(is_open, OpenPoint.REACH))


@compiled
def farthest(c):
    """How far a candidate goes, in km, or is taken to go."""
    return FAR_KM_UNTOLD if np.isinf(c.reach) else c.reach


@compiled
def _time(o, c):
    needed, common = _bits(np.uint64(o.times)), _bits(np.uint64(o.times & c.times))
    if needed == 0:
        return Part(np.nan, 0, 0)
    is_silent = c.times == 0
    no_common = common == 0 and not is_silent
    return Part(told(common / needed), when(no_common, Obstacle.TIME), when(is_silent, OpenPoint.TIME))


@compiled
def _field(o, c):
    refused = when(_is_in(o.field, c.refused), Obstacle.REFUSED)
    if c.fields == 0:
        return Part(SILENCE, refused, OpenPoint.FIELD.value)
    if _is_in(o.field, c.fields):
        return Part(1.0, refused, 0)
    return Part(0.5 if c.fields & o.related_fields else 0.0, refused, 0)


@compiled
def _motive(o, c):
    if o.traits == 0 and _size(o.required) + _size(o.wanted) == 0:
        return Part(np.nan, 0, 0)
    share = 0.0
    if _has(c.motives, Motive.GIVE_BACK) and _has(o.traits, Trait.NEWCOMERS) and _speaks(o, c):
        share = 1.0
    if _has(c.motives, Motive.MEET_PEOPLE) and _has(o.traits, Trait.TEAM):
        share = 1.0
    if _has(c.motives, Motive.USE_QUALIFICATION) and _is_qualified(o, c):
        share = 1.0
    if _has(c.motives, Motive.WAY_INTO_WORK):
        share = max(share, _way_into_work(o))
    # A self-organisation is not asked for a motive: it has many people, and many motives.
    return Part(told(share), 0, when(c.motives == 0 and c.organisation == 0, OpenPoint.MOTIVE))


@compiled
def _speaks(o, c):
    found = False
    for k in range(NEEDED_LANGUAGES):
        found = found or (o.roles[k] != Role.NONE and c.levels[o.languages[k]] > 0)
    return found


@compiled
def _is_qualified(o, c):
    found = np.uint64(0)
    for word in range(len(c.evidence)):
        found |= (o.required[word] | o.wanted[word]) & c.evidence[word]
    return found != 0


@compiled
def _way_into_work(o):
    return (_has(o.traits, Trait.CERTIFICATE) + _has(o.traits, Trait.ACCOMPANIED) + _has(o.traits, Trait.REGULAR)) / 3


@compiled
def _conditions(o, c):
    """What has no points: age, the restriction to women, proofs. A year of birth leaves the age open by a year."""
    asks_age, asks_women = o.min_age > 0 and c.organisation == 0, o.is_for_women != 0
    return Part(
        np.nan,
        when(asks_age and 0 < c.age < o.min_age, Obstacle.AGE)
        | when(asks_women and c.gender == Gender.ANOTHER, Obstacle.ONLY_FOR)
        | when(o.host == c.organisation, Obstacle.OWN),
        when(asks_age and (c.age == 0 or c.age == o.min_age), OpenPoint.AGE)
        | when(asks_women and c.gender == Gender.UNTOLD, OpenPoint.ONLY_FOR)
        | when(o.proofs & ~c.proofs != 0, OpenPoint.PROOF),
    )
