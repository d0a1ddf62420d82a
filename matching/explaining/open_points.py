"""What is still to be asked or brought. It never excludes."""

from django.utils.translation import gettext as _

from ..judging import UNTOLD, Obstacle, OpenPoint, Role
from .pairs import Pair
from .wording import join, language_from, level_in_words, listed


def open_points_of(pair: Pair) -> list[str]:
    """The most important first. Whoever is too far away for want of an answer reads that among the obstacles."""
    points = pair.verdict.open_points
    if Obstacle.DISTANCE in pair.verdict.obstacles:
        points &= ~OpenPoint.REACH
    return [OPEN_POINTS[flag](pair) for flag in points]


def proofs_open(pair: Pair) -> str:
    missing = [pair.names.proofs[number] for number in sorted(pair.o.proofs - pair.c.proofs)]
    return _("Proof not shown yet: %(proofs)s.") % {"proofs": listed(missing)}


def german_step(pair: Pair) -> str:
    words = {"level": level_in_words(pair.c.german), "needed": level_in_words(pair.o.german)}
    return _("German: %(level)s. Needed: %(needed)s, so one step is missing.") % words


def german_untold(pair: Pair) -> str:
    words = {"needed": level_in_words(pair.o.german)}
    return _("Level of German not known yet; at least %(needed)s is needed.") % words


def language_untold(pair: Pair) -> str:
    needed = pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED)
    untold = [language_from(language, asked) for language, asked, _role, level in needed if asked and level == UNTOLD]
    return _("Level not known yet: %(languages)s.") % {"languages": join(untold)}


def age_open(pair: Pair) -> str:
    words = {"age": pair.o.min_age}
    if pair.c.age:
        return _("Turns %(age)s this year; the task is for people aged %(age)s or over.") % words
    return _("Age not known yet; the task is for people aged %(age)s or over.") % words


def reach_untold(pair: Pair) -> str:
    return _("About %(km)s km away; how far the person goes is not known yet.") % {"km": pair.km()}


OPEN_POINTS = {
    OpenPoint.PROOF: proofs_open,
    OpenPoint.GERMAN_STEP: german_step,
    OpenPoint.GERMAN: german_untold,
    OpenPoint.LANGUAGE: language_untold,
    OpenPoint.ONLY_FOR: lambda _pair: _("Only for women; not known yet whether that fits."),
    OpenPoint.AGE: age_open,
    OpenPoint.TIME: lambda _pair: _("Times not known yet."),
    OpenPoint.PLACE: lambda _pair: _("Neighbourhood not known yet."),
    OpenPoint.REACH: reach_untold,
    OpenPoint.SKILLS: lambda _pair: _("Skills not known yet."),
    OpenPoint.FIELD: lambda _pair: _("Preferred fields not known yet."),
    OpenPoint.MOTIVE: lambda _pair: _("Reason for volunteering not known yet."),
}
