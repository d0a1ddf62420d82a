"""What each factor says of a pair: what speaks for it and what is missing, in whole sentences."""

from math import isnan

from django.utils.translation import gettext as _

from ..judging import FACTORS, UNTOLD, OpenPoint, Role
from .open_points import OPEN_POINTS
from .pairs import Pair
from .reasons import REASONS
from .wording import join, language_from, listed, slots_in_words


def factors_of(pair: Pair) -> dict[str, list[str]]:
    """One sentence at least for each factor, also for one that earned nothing."""
    return {
        factor: sentences_of(pair, factor, share) for factor, share in zip(FACTORS, pair.verdict.points, strict=True)
    }


def sentences_of(pair: Pair, factor: str, points: float) -> list[str]:
    if isnan(points):
        return [_("The opportunity does not ask for this.")]
    return [sentence for sentence in (REASONS[factor](pair), MISSING[factor](pair)) if sentence] or [_("It fits.")]


def missing_languages(pair: Pair) -> str:
    missing = [*lacking(pair, Role.REQUIRED), *lacking(pair, Role.WANTED)]
    one_of = list(pair.needed_languages(Role.ONE_OF))
    lacks = lacking(pair, Role.ONE_OF)
    missing += lacks if len(lacks) == len(one_of) else []
    if pair.c.german < pair.o.german:
        missing.append(language_from(_("German"), pair.o.german))
    return _("Missing, or not told: %(languages)s.") % {"languages": join(missing)} if missing else ""


def lacking(pair: Pair, role: Role) -> list[str]:
    """The languages asked in this role that are not spoken, or not known to be spoken well enough."""
    return [
        language_from(language, needed)
        for language, needed, _role, level in pair.needed_languages(role)
        if level < max(needed, 1) or (needed and level == UNTOLD)
    ]


def missing_skills(pair: Pair) -> str:
    if not pair.c.skills:
        return OPEN_POINTS[OpenPoint.SKILLS](pair)
    missing = [pair.names.skills[skill] for skill in sorted((pair.o.required | pair.o.wanted) - pair.c.skills)]
    return _("Not named: %(skills)s.") % {"skills": listed(missing)} if missing else ""


def missing_place(pair: Pair) -> str:
    if not pair.c.spots:
        return OPEN_POINTS[OpenPoint.PLACE](pair)
    if REASONS["neighbourhood"](pair):
        return ""
    return _("About %(km)s km away.") % {"km": pair.km()} if pair.is_way_known else _("The distance is not known.")


def missing_times(pair: Pair) -> str:
    if not pair.c.times:
        return OPEN_POINTS[OpenPoint.TIME](pair)
    missing = pair.o.times - pair.c.times
    return _("No time told on %(times)s.") % {"times": slots_in_words(missing)} if missing else ""


def missing_field(pair: Pair) -> str:
    if not pair.c.fields:
        return OPEN_POINTS[OpenPoint.FIELD](pair)
    return "" if REASONS["field"](pair) else _("Would rather do something in another field.")


def missing_motive(pair: Pair) -> str:
    if not pair.c.motives:
        return OPEN_POINTS[OpenPoint.MOTIVE](pair)
    return "" if REASONS["motive"](pair) else _("None of the reasons they named is answered by this task.")


MISSING = {
    "language": missing_languages,
    "skills": missing_skills,
    "neighbourhood": missing_place,
    "time": missing_times,
    "field": missing_field,
    "motive": missing_motive,
}
