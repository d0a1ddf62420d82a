"""What would have to be otherwise for a pair to be suggested: other facts, judged by the same rule, in words.

Each obstacle that can go has a *change*: the least that removes it. Where that is not enough for a suggestion, or
where nothing is in the way and the pair still fits too little, single *lifts* are tried on top.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf

from django.utils.translation import gettext as _

from volunteers.models import Reach

from ..judging import UNTOLD, Obstacle, Role
from ..ranking import MINIMUM
from .pairs import Facts, Pair
from .wording import join, language_from, short_level, slots_in_words

MOST_LIFTS = 2
FARTHEST = max(Reach.values)


@dataclass(frozen=True)
class Change:
    """How the facts would be, and what that is called, as it follows "with"."""

    words: str
    apply: Callable[[Facts], Facts]


def remedies_for(pair: Pair) -> list[str]:
    """Nothing for a pair that can be suggested. Where something stays in the way for good, only that is said."""
    stays = what_stays(pair)
    if stays or is_enough(pair.verdict):
        return stays
    changes = [change for flag in pair.verdict.obstacles for change in CHANGES[flag](pair)]
    if is_enough(judged(pair, changes)):
        return [_("With %(changes)s, it would fit.") % {"changes": join_words(changes)}]
    lifts = best_lifts(pair, changes)
    if lifts:
        return [_("With %(changes)s, it would fit.") % {"changes": join_words([*changes, lift])} for lift in lifts]
    if changes:
        return [_("Even with %(changes)s, it would not fit well enough.") % {"changes": join_words(changes)}]
    return [_("It does not fit well enough, and no single change would be enough.")]


def join_words(changes: Iterable[Change]) -> str:
    return join(change.words for change in changes)


def is_enough(verdict) -> bool:
    return not verdict.obstacles and verdict.total >= MINIMUM


def judged(pair: Pair, changes: list[Change]):
    return pair.ask([changed(pair.facts, changes)])[0]


def changed(facts: Facts, changes: Iterable[Change]) -> Facts:
    for change in changes:
        facts = change.apply(facts)
    return facts


# --- What stays -------------------------------------------------------------------------------------------------------
def what_stays(pair: Pair) -> list[str]:
    """What nobody can change, or nobody should."""
    stays = [FINAL[flag]() for flag in pair.verdict.obstacles if flag in FINAL]
    is_too_far = Obstacle.DISTANCE in pair.verdict.obstacles and FARTHEST < pair.verdict.km < inf
    if is_too_far and not pair.is_group:
        stays.append(_("Nothing farther than %(km)s km away is suggested.") % {"km": FARTHEST})
    return stays


FINAL = {
    Obstacle.DECIDED: lambda: _("What was decided stands; the machine does not suggest this pair again."),
    Obstacle.AGE: lambda: _("Nobody can change the age."),
    Obstacle.ONLY_FOR: lambda: _("The restriction has its reason and stays."),
    Obstacle.OWN: lambda: _("An organisation is never suggested for what it posted itself."),
    Obstacle.REFUSED: lambda: _("Only the person can take back that they do not want it."),
}


# --- What removes an obstacle -----------------------------------------------------------------------------------------
def without(flag: Obstacle, side: str, words: str) -> list[Change]:
    """An obstacle that one side's record simply carries."""

    def apply(facts):
        opportunity, candidate = facts
        if side == "opportunity":
            return replace(opportunity, obstacles=opportunity.obstacles & ~int(flag)), candidate
        return opportunity, replace(candidate, obstacles=candidate.obstacles & ~int(flag))

    return [Change(words, apply)]


def no_pause(pair: Pair) -> list[Change]:
    if pair.is_group:
        return without(Obstacle.PAUSED, "candidate", _("a verified organisation that does not pause"))
    return without(Obstacle.PAUSED, "candidate", _("the end of the pause"))


def candidate_with(words: str, **values) -> Change:
    return Change(words, lambda facts: (facts[0], replace(facts[1], **values)))


def speaking(language: int, level: int, words: str) -> Change:
    def apply(facts):
        opportunity, candidate = facts
        levels = sorted((dict(candidate.levels) | {language: level}).items())
        return opportunity, replace(candidate, levels=tuple(levels))

    return Change(words, apply)


def spoken(pair: Pair, language: int, needed: int) -> Change:
    """A language at the level needed, or at any level where none is."""
    name, level = pair.names.languages[language], pair.level_of(language)
    if needed and 0 < level < needed:
        words = {"language": name, "needed": short_level(needed), "level": short_level(level)}
        return speaking(language, needed, _("%(language)s %(needed)s instead of %(level)s") % words)
    return speaking(language, needed or 1, language_from(name, needed))


def required_languages(pair: Pair) -> list[Change]:
    """Every required language that is missing; of a "one of" group, the one that is nearest."""
    missing = [
        spoken(pair, language, needed)
        for language, needed, role in pair.o.needed
        if role == Role.REQUIRED and pair.level_of(language) < max(needed, 1)
    ]
    one_of = [(language, needed) for language, needed, role in pair.o.needed if role == Role.ONE_OF]
    gaps = {(language, needed): max(needed, 1) - pair.level_of(language) for language, needed in one_of}
    if gaps and min(gaps.values()) > 0:
        missing.append(spoken(pair, *min(gaps, key=gaps.__getitem__)))
    return missing


def german_at(pair: Pair, level: int) -> Change:
    if not pair.c.german:
        return candidate_with(language_from(_("German"), level), german=level)
    words = {"language": _("German"), "needed": short_level(level), "level": short_level(pair.c.german)}
    return candidate_with(_("%(language)s %(needed)s instead of %(level)s") % words, german=level)


def shorter_way(pair: Pair) -> list[Change]:
    """The next answer about the way that is far enough. A self-organisation does not travel: it would be there."""
    if pair.is_group:
        return [candidate_with(_("members who are active where the task is"), spots=pair.o.spots[:1])]
    if not pair.is_way_known:
        return [candidate_with(_("a home where the task is"), spots=pair.o.spots[:1])]
    changes = [
        candidate_with(_("a journey of up to %(km)s km") % {"km": reach}, reach=float(reach)) for reach in Reach.values
    ]
    verdicts = pair.ask([changed(pair.facts, [change]) for change in changes])
    near = (
        change for change, verdict in zip(changes, verdicts, strict=True) if Obstacle.DISTANCE not in verdict.obstacles
    )
    return [next(near)]


def common_time(pair: Pair) -> list[Change]:
    slot = min(pair.o.times)
    words = _("one common time (such as %(time)s)") % {"time": slots_in_words([slot])}
    return [candidate_with(words, times=pair.c.times | {slot})]


CHANGES = {
    Obstacle.CLOSED: lambda _pair: without(Obstacle.CLOSED, "opportunity", _("a published opportunity")),
    Obstacle.EXPIRED: lambda _pair: without(Obstacle.EXPIRED, "opportunity", _("a later end date")),
    Obstacle.FULL: lambda _pair: without(Obstacle.FULL, "opportunity", _("a free place")),
    Obstacle.PAUSED: no_pause,
    Obstacle.LOADED: lambda _pair: without(Obstacle.LOADED, "candidate", _("room for one more engagement")),
    Obstacle.LANGUAGE: required_languages,
    Obstacle.GERMAN: lambda pair: [german_at(pair, pair.o.german - 1)],
    Obstacle.DISTANCE: shorter_way,
    Obstacle.TIME: common_time,
}


# --- What lifts a pair that fits too little ---------------------------------------------------------------------------
def best_lifts(pair: Pair, changes: list[Change]) -> list[Change]:
    """The single changes on top of ``changes`` that are enough, the best first."""
    lifts = [*more_time(pair), *more_skills(pair), *another_wish(pair), *better_languages(pair)]
    verdicts = pair.ask([changed(pair.facts, [*changes, lift]) for lift in lifts])
    enough = [(verdict.total, lift) for verdict, lift in zip(verdicts, lifts, strict=True) if is_enough(verdict)]
    return [lift for _total, lift in sorted(enough, key=lambda found: -found[0])[:MOST_LIFTS]]


def more_time(pair: Pair) -> list[Change]:
    missing = pair.o.times - pair.c.times
    words = _("time on %(times)s") % {"times": slots_in_words(missing)} if missing else ""
    return [candidate_with(words, times=pair.c.times | missing)] if missing else []


def more_skills(pair: Pair) -> list[Change]:
    missing = sorted((pair.o.required | pair.o.wanted) - pair.c.skills)
    return [
        candidate_with(_("the skill “%(skill)s”") % {"skill": pair.names.skills[skill]}, skills=pair.c.skills | {skill})
        for skill in missing
    ]


def another_wish(pair: Pair) -> list[Change]:
    if pair.o.field in pair.c.fields:
        return []
    words = _("the field “%(field)s” among the wishes") % {"field": pair.names.fields[pair.o.field]}
    return [candidate_with(words, fields=pair.c.fields | {pair.o.field})]


def better_languages(pair: Pair) -> list[Change]:
    lower = [
        spoken(pair, language, needed)
        for language, needed, _role in pair.o.needed
        if pair.level_of(language) < max(needed, 1) or (needed and pair.level_of(language) == UNTOLD)
    ]
    return lower + ([german_at(pair, pair.o.german)] if pair.c.german < pair.o.german else [])
