"""Why a pair is not suggested."""

from math import isinf

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..judging import FAR_KM_UNTOLD, Obstacle, Role
from .pairs import Pair
from .wording import either, join, language_from, level_in_words, slots_in_words


def obstacles_of(pair: Pair) -> list[str]:
    return [OBSTACLES[flag](pair) for flag in pair.verdict.obstacles]


def paused(pair: Pair) -> str:
    if pair.is_group:
        return _("The organisation pauses or is not verified.")
    return _("The person pauses at the moment.")


def language_missing(pair: Pair) -> str:
    required = [missing(*needed) for needed in pair.needed_languages(Role.REQUIRED) if needed[-1] < max(needed[1], 1)]
    if required:
        return _("Needed, and so far not spoken, or not well enough: %(languages)s.") % {"languages": join(required)}
    one_of = list(pair.needed_languages(Role.ONE_OF))
    levels = {needed for _language, needed, _role, _level in one_of}
    if min(levels) and levels == {max(levels)} and not any(level for *_rest, level in one_of):
        words = {"languages": either(language for language, *_rest in one_of), "needed": level_in_words(min(levels))}
        return _("One of these languages is needed, at least %(needed)s: %(languages)s.") % words
    return _("One of these languages is needed: %(languages)s.") % {"languages": either(missing(*n) for n in one_of)}


def missing(language: str, needed: int, _role: int, level: int) -> str:
    if not level:
        return language_from(language, needed, level_in_words)
    words = {"language": language, "needed": level_in_words(needed), "level": level_in_words(level)}
    return _("%(language)s (at least %(needed)s; so far: %(level)s)") % words


def german_below(pair: Pair) -> str:
    words = {"level": level_in_words(pair.c.german), "needed": level_in_words(pair.o.german)}
    return _("German: %(level)s. Needed: %(needed)s, so more than one step is missing.") % words


def too_young(pair: Pair) -> str:
    return _("The task is for people aged %(age)s or over.") % {"age": pair.o.min_age}


def too_far(pair: Pair) -> str:
    if not pair.is_way_known:
        return _("Too far, as far as we know: the place is not on our map.")
    if pair.is_group:
        words = {"km": pair.km(), "most": number_format(FAR_KM_UNTOLD, 0)}
        return _("Active about %(km)s km away; suggestions go up to %(most)s km.") % words
    if isinf(pair.c.reach):
        words = {"km": pair.km(), "most": number_format(FAR_KM_UNTOLD, 0)}
        return (
            _("About %(km)s km away. How far the person goes is not known yet; until then, up to %(most)s km.") % words
        )
    words = {"km": pair.km(), "reach": number_format(pair.c.reach, 0)}
    return _("About %(km)s km away; the person goes up to %(reach)s km.") % words


def no_common_time(pair: Pair) -> str:
    return _("No time in common; needed: %(times)s.") % {"times": slots_in_words(pair.o.times)}


def refused(pair: Pair) -> str:
    return _("The person never wants this kind of task: %(field)s.") % {"field": pair.names.fields[pair.o.field]}


OBSTACLES = {
    Obstacle.CLOSED: lambda _pair: _("The opportunity is not published."),
    Obstacle.EXPIRED: lambda _pair: _("The opportunity has expired."),
    Obstacle.FULL: lambda _pair: _("All places are taken."),
    Obstacle.PAUSED: paused,
    Obstacle.LOADED: lambda _pair: _("Already has as many engagements as wanted."),
    Obstacle.DECIDED: lambda _pair: _("There is a decision on this pair already."),
    Obstacle.LANGUAGE: language_missing,
    Obstacle.GERMAN: german_below,
    Obstacle.AGE: too_young,
    Obstacle.DISTANCE: too_far,
    Obstacle.TIME: no_common_time,
    Obstacle.ONLY_FOR: lambda _pair: _("The task is only for women."),
    Obstacle.OWN: lambda _pair: _("The organisation posted this opportunity itself."),
    Obstacle.REFUSED: refused,
}
