"""The published rule once more, as plainly as possible and for one pair: what ``judging.py`` is compared with.

Also the way from descriptions (``Offer`` and ``Person``) to the packed records that scoring takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as starts
from math import cos, hypot, inf, radians
from typing import NamedTuple

import numpy as np

from matching.geography import CROSSES, NEIGHBOURHOOD, POSTCODE, TOUCHES, TOWN, lay_out, spot_number
from matching.judging import UNTOLD, Gender, Motive, Role, Trait
from matching.packing import CANDIDATE, OPPORTUNITY, CandidateFacts, OpportunityFacts, pack

SKILL_GROUP = [skill // 3 for skill in range(70)]
FIELD_GROUP = [0, 0, 1, 1, 2, 3]

# Latitude, longitude, town, neighbourhood, stands for the town
SPOTS = [
    (50.9336, 7.0186, 0, 0, False),  # 0 Vingst
    (50.9270, 7.0330, 0, 1, False),  # 1 Ostheim, next to Vingst
    (50.9380, 6.9750, 0, 2, False),  # 2 Deutz
    (50.9390, 6.9570, 0, 3, False),  # 3 the old town, across the Rhine from Deutz
    (51.0240, 6.8960, 0, 4, False),  # 4 Chorweiler
    (51.4300, 6.7600, 1, 5, False),  # 5 in another town
    (50.9600, 7.0100, 0, -1, False),  # 6 a postcode without a neighbourhood
    (50.9340, 7.0200, 0, 0, False),  # 7 a postcode in Vingst
    (50.9400, 6.9800, 0, -1, True),  # 8 all of the first town
    (51.4300, 6.7600, 1, -1, True),  # 9 all of the other
]
PAIRS = {(0, 1): TOUCHES, (2, 3): CROSSES, (0, 2): 0}


class World(NamedTuple):
    """Where things lie and what belongs together: relations by two neighbourhoods, groups by their members."""

    spots: Sequence | Mapping
    pairs: Mapping
    skill_group: Sequence | Mapping
    field_group: Sequence | Mapping


WORLD = World(SPOTS, PAIRS, SKILL_GROUP, FIELD_GROUP)


def number(spot):
    """The number of a spot. What stands for neither a town nor a neighbourhood is a postcode."""
    _latitude, _longitude, town, hood, is_town = SPOTS[spot]
    if is_town:
        return spot_number(TOWN, town)
    return spot_number(NEIGHBOURHOOD, hood) if hood == spot else spot_number(POSTCODE, spot)


def geography():
    latitude, longitude, town, hood, _is_town = zip(*SPOTS, strict=True)
    hoods = [number(here) if here >= 0 else -1 for here in hood]
    pairs = [(number(one), number(other), relation) for (one, other), relation in PAIRS.items()]
    return lay_out([number(spot) for spot in range(len(SPOTS))], latitude, longitude, town, hoods, pairs)


@dataclass
class Offer:
    """An opportunity. ``languages`` maps a language to (level needed or 0, role)."""

    languages: dict = starts(default_factory=dict)
    german: int = 0
    required: set = starts(default_factory=set)
    wanted: set = starts(default_factory=set)
    spots: list = starts(default_factory=list)
    is_remote: bool = False
    times: set = starts(default_factory=set)
    field: int = 0
    traits: int = 0
    is_interpreting: bool = False
    min_age: int = 0
    is_for_women: bool = False
    proofs: set = starts(default_factory=set)


@dataclass
class Person:
    """A candidate. ``languages`` maps a language to a level, or UNTOLD; German is apart."""

    languages: dict = starts(default_factory=dict)
    german: int = 0
    skills: set = starts(default_factory=set)
    evidence: set = starts(default_factory=set)
    spots: list = starts(default_factory=list)
    reach: float = inf
    times: set = starts(default_factory=set)
    fields: set = starts(default_factory=set)
    refused: set = starts(default_factory=set)
    motives: int = 0
    age: int = 0
    gender: int = Gender.UNTOLD
    proofs: set = starts(default_factory=set)


def opportunities(*offers):
    return np.frombuffer(b"".join(pack(facts_of_offer(offer)) for offer in offers), OPPORTUNITY)


def candidates(*people):
    return np.frombuffer(b"".join(pack(facts_of_person(person)) for person in people), CANDIDATE)


def facts_of_offer(offer):
    return OpportunityFacts(
        needed=tuple((language, level, role) for language, (level, role) in offer.languages.items()),
        related_fields=frozenset(n for n in range(6) if FIELD_GROUP[n] == FIELD_GROUP[offer.field]),
        spots=tuple(number(spot) for spot in offer.spots),
        **{name: frozenset(getattr(offer, name)) for name in ("required", "wanted", "proofs", "times")},
        **{
            name: getattr(offer, name)
            for name in ("german", "field", "traits", "is_interpreting", "is_remote", "min_age", "is_for_women")
        },
    )


def facts_of_person(person):
    groups = {SKILL_GROUP[own] for own in person.skills}
    return CandidateFacts(
        levels=tuple(person.languages.items()),
        related_skills=frozenset(skill for skill in range(70) if SKILL_GROUP[skill] in groups),
        spots=tuple(number(spot) for spot in person.spots),
        **{name: frozenset(getattr(person, name)) for name in ("skills", "evidence", "proofs", "times")},
        **{name: frozenset(getattr(person, name)) for name in ("fields", "refused")},
        **{name: getattr(person, name) for name in ("german", "reach", "motives", "age", "gender")},
    )


def reference(offer, person, world=WORLD):
    """(points by factor or None, total, words of obstacles, words of open points)."""
    obstacles, open_points = set(), set()
    shares = {
        "language": language(offer, person, obstacles, open_points),
        "skills": skills(offer, person, open_points, world),
        "neighbourhood": neighbourhood(offer, person, obstacles, open_points, world),
        "time": time(offer, person, obstacles, open_points),
        "field": wished_field(offer, person, obstacles, open_points, world),
        "motive": motive(offer, person, open_points),
    }
    conditions(offer, person, obstacles, open_points)
    weights = {"language": 30, "skills": 25, "neighbourhood": 20, "time": 10, "field": 10, "motive": 5}
    points = {name: None if share is None else share * weights[name] for name, share in shares.items()}
    asked = sum(weights[name] for name, share in shares.items() if share is not None)
    return points, 100 * sum(value or 0 for value in points.values()) / asked, obstacles, open_points


def language(offer, person, obstacles, open_points):
    credits, group, has_met, has_untold = [], [], False, False
    for number, (needed, role) in offer.languages.items():
        level = person.languages.get(number, 0)
        is_untold = level == UNTOLD and needed > 0
        is_met = level != 0 and not is_untold and level >= needed
        credit = credit_of(level, needed, offer.is_interpreting)
        if role == Role.ONE_OF:
            group.append(credit)
            has_met, has_untold = has_met or is_met, has_untold or is_untold
            continue
        credits.append(credit)
        if is_untold:
            open_points.add("language")
        elif role == Role.REQUIRED and not is_met:
            obstacles.add("language")
    if group:
        credits.append(max(group))
        if not has_met:
            (open_points if has_untold else obstacles).add("language")
    if offer.german:
        credits.append(min(1, person.german / offer.german) if person.german else 0.5)
        if not person.german:
            open_points.add("german")
        elif person.german == offer.german - 1:
            open_points.add("german_step")
        elif person.german < offer.german:
            obstacles.add("german")
    return sum(credits) / len(credits) if credits else None


def credit_of(level, needed, is_interpreting):
    if not level:
        return 0
    known = 1 if level == UNTOLD else level
    if is_interpreting:
        base = max(needed, 4)
        credit = 0.8 * known / base if known < base else min(1, 0.8 + 0.1 * (known - base))
    else:
        credit = min(1, known / needed) if needed else 1
    return min(credit, 0.5) if level == UNTOLD and needed else credit


def told(share):
    return max(share, 0.5 + 0.2 * share)


def skills(offer, person, open_points, world):
    parts = []
    groups = {world.skill_group[own] for own in person.skills}
    for weight, needed in ((0.7, offer.required), (0.3, offer.wanted)):
        if needed:
            earned = [1 if n in person.skills else 0.3 if world.skill_group[n] in groups else 0 for n in needed]
            parts.append((weight, sum(earned) / len(needed)))
    if not parts:
        return None
    if not person.skills:
        open_points.add("skills")
    return told(sum(weight * share for weight, share in parts) / sum(weight for weight, _ in parts))


def neighbourhood(offer, person, obstacles, open_points, world):
    if offer.is_remote:
        return 1
    if not offer.spots:
        return None
    if not person.spots:
        open_points.add("place")
        return 0.5
    ways = [way(here, there, world) for here in offer.spots for there in person.spots]
    nearest = min(km for km, _share in ways)
    if nearest > (25 if person.reach == inf else person.reach):
        obstacles.add("distance")
    if person.reach == inf and nearest > 8:
        open_points.add("reach")
    return max(share for _km, share in ways)


def way(here, there, world):
    a, b = world.spots[here], world.spots[there]
    same_town = a[2] == b[2]
    if (a[3] == b[3] >= 0) or (same_town and (a[4] or b[4])):
        return 0, 1
    north = radians(a[0] - b[0])
    east = radians(a[1] - b[1]) * cos(radians(a[0] + b[0]) / 2)
    km = 6371 * hypot(north, east)
    relation = world.pairs.get((a[3], b[3]), world.pairs.get((b[3], a[3]), 0))
    km = min(km, 2) if relation == TOUCHES else max(km, 5) if relation == CROSSES else km
    for farthest, share in ((2, 0.85), (5, 0.6), (8, 0.35)):
        if km <= farthest:
            return km, share
    return km, 0.2 if same_town else 0.05


def time(offer, person, obstacles, open_points):
    if not offer.times:
        return None
    common = offer.times & person.times
    if not person.times:
        open_points.add("time")
    elif not common:
        obstacles.add("time")
    return told(len(common) / len(offer.times))


def wished_field(offer, person, obstacles, open_points, world):
    if offer.field in person.refused:
        obstacles.add("refused")
    if not person.fields:
        open_points.add("field")
        return 0.5
    if offer.field in person.fields:
        return 1
    return 0.5 if world.field_group[offer.field] in {world.field_group[wished] for wished in person.fields} else 0


def motive(offer, person, open_points):
    needed = offer.required | offer.wanted
    if not offer.traits and not needed:
        return None
    if not person.motives:
        open_points.add("motive")
    share = 0
    if person.motives & Motive.GIVE_BACK and offer.traits & Trait.NEWCOMERS:
        share = max(share, any(person.languages.get(number) for number in offer.languages))
    if person.motives & Motive.USE_QUALIFICATION:
        share = max(share, bool(needed & person.evidence))
    if person.motives & Motive.WAY_INTO_WORK:
        offered = [t for t in (Trait.CERTIFICATE, Trait.ACCOMPANIED, Trait.REGULAR) if offer.traits & t]
        share = max(share, len(offered) / 3)
    if person.motives & Motive.MEET_PEOPLE:
        share = max(share, bool(offer.traits & Trait.TEAM))
    return told(share)


def conditions(offer, person, obstacles, open_points):
    if offer.min_age and not person.age or offer.min_age and person.age == offer.min_age:
        open_points.add("age")
    elif person.age < offer.min_age:
        obstacles.add("age")
    if offer.is_for_women and person.gender == Gender.UNTOLD:
        open_points.add("only_for")
    elif offer.is_for_women and person.gender == Gender.ANOTHER:
        obstacles.add("only_for")
    if offer.proofs - person.proofs:
        open_points.add("proof")
