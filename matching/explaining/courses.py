"""Which course would close a gap: what somebody still has to bring, and when they could learn it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagement.models import User
from organisations.models import Course

from ..judging import UNTOLD
from ..vocabulary import Vocabulary
from .pairs import Pair
from .wording import short_level


@dataclass(frozen=True)
class Gap:
    """Something that is missing, in words, and what a course must give to close it, as a filter."""

    words: str
    closes: dict


def closing_courses(pair: Pair, words: Vocabulary, user: User, now: datetime | None = None) -> list[str]:
    """For each gap of the pair the next course that closes exactly this one, in a sentence; others have none.

    Courses of the agencies of ``user``, and those that are open to everybody.
    """
    coming = Course.objects.visible_to(user).coming(now).select_related("agency")
    found = [(gap, coming.filter(**gap.closes).first()) for gap in gaps_of(pair, words)]
    return [sentence(gap, course) for gap, course in found if course]


def sentence(gap: Gap, course: Course) -> str:
    values = {
        "gap": gap.words,
        "date": date_format(course.begins_on, "DATE_FORMAT"),
        "title": course.title,
        "where": ", ".join(part for part in (course.place, course.agency.name) if part),
    }
    return _("%(gap)s: the course “%(title)s” on %(date)s would close the gap (%(where)s).") % values


def gaps_of(pair: Pair, words: Vocabulary) -> Iterator[Gap]:
    """What can be learned: proofs, German, other languages that are asked at a level, and skills."""
    yield from (
        Gap(pair.names.proofs[number], {"proof__in": keys_of(words.proofs, number)})
        for number in sorted(pair.o.proofs - pair.c.proofs)
    )
    if 0 < pair.c.german < pair.o.german:
        yield language_gap(_("German"), words.german, pair.o.german)
    for language, needed, _role in pair.o.needed:
        if 0 < pair.level_of(language) < needed and pair.level_of(language) != UNTOLD:
            yield language_gap(pair.names.languages[language], keys_of(words.languages, language)[0], needed)
    yield from (
        Gap(pair.names.skills[number], {"skill__in": keys_of(words.skills, number)})
        for number in sorted((pair.o.required | pair.o.wanted) - pair.c.skills)
    )


def language_gap(name: str, key: int, needed: int) -> Gap:
    words = _("%(language)s %(level)s") % {"language": name, "level": short_level(needed)}
    return Gap(words, {"language": key, "level__gte": needed})


def keys_of(places: dict[int, int], number: int) -> list[int]:
    """The rows that a number in the facts stands for: several papers may be one."""
    return [key for key, place in places.items() if place == number]
