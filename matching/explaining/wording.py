"""Pieces of sentences in the active language: lists, levels of a language, times of the week."""

from collections.abc import Callable, Iterable

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagement import times
from engagement.models import Level

from ..judging import UNTOLD


def join(items: Iterable[str]) -> str:
    *first, last = items
    if not first:
        return last
    return _("%(items)s and %(last)s") % {"items": pgettext("between items of a list", ", ").join(first), "last": last}


def listed(items: Iterable[str]) -> str:
    """Items after a colon that may hold commas and "and" themselves, such as the names of skills."""
    return pgettext("between items of a list that hold commas", "; ").join(items)


def either(items: Iterable[str]) -> str:
    *first, last = items
    if not first:
        return last
    words = {"items": pgettext("between items of a choice", ", ").join(first), "last": last}
    return _("%(items)s or %(last)s") % words


def level_in_words(level: int) -> str:
    """The level with what it means, such as "B1 – medium"."""
    return _("level not known yet") if level == UNTOLD else str(Level(level).label)


def short_level(level: int) -> str:
    """The level where it was explained before, such as "B1"."""
    return str(Level.NATIVE.label) if level == Level.NATIVE else Level(level).name


def language_from(language: str, needed: int, in_words: Callable[[int], str] = short_level) -> str:
    """A language from a level on; any level will do for 0."""
    if not needed:
        return language
    if needed == Level.NATIVE:
        return _("%(language)s as a first language") % {"language": language}
    return _("%(language)s (at least %(needed)s)") % {"language": language, "needed": in_words(needed)}


def slots_in_words(slots: Iterable[int]) -> str:
    """Days and parts of the day, such as "Friday morning; Monday and Wednesday afternoon"."""
    phrases = (_("%(days)s all day"), _("%(days)s morning"), _("%(days)s afternoon"), _("%(days)s evening"))
    groups = [(phrase, days) for phrase, days in zip(phrases, _days(set(slots)), strict=True) if days]
    found = [phrase % {"days": join(str(WEEKDAYS[day]) for day in days)} for phrase, days in groups]
    if len(found) > 1 and any(len(days) > 1 for _phrase, days in groups):
        return listed(found)
    return join(found)


def _days(slots: set[int]) -> list[list[int]]:
    """The days that are there from morning to evening, and for each part of the day those of the other days."""
    days = [[day for day in times.DAYS if times.slot(day, part) in slots] for part in range(len(times.PARTS))]
    whole = [day for day in times.DAYS if all(day in part for part in days)]
    return [whole, *([day for day in part if day not in whole] for part in days)]
