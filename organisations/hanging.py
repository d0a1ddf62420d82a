"""Notices as they hang on the board. Each is written once in a language, and kept as long as it is true.

What differs from one search to the next, how far it is and where its page leads back to, is filled in.
"""

from typing import NamedTuple

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .facts import Facts, how_far
from .models import Opportunity

# Signs that nobody types.
TRAIL, AWAY = "\ue000trail\ue000", "\ue000away\ue000"

# Some 15 MB.
MOST_KEPT = 4000

_kept: "dict[tuple[int, int, str, bool], Hanging]" = {}


class Hanging(NamedTuple):
    title: str
    html: SafeString


class Blank(Facts):
    """A notice before anybody looks at it."""

    away = AWAY


def hang(search, keys: list[int]) -> list[Hanging]:
    """The notices with these keys, in this order. What has been taken down in this moment is left out."""
    seen = search.board.words.version, get_language()
    names = {key: (search.board.rows[key].version, *seen, key in search.overlooked) for key in keys}
    missing = [key for key, name in names.items() if name not in _kept]
    for key, row in Opportunity.objects.open().with_facts().in_bulk(missing).items():
        keep(names[key], written(row, is_overlooked=key in search.overlooked))
    kept, trail = ((key, _kept.get(name)) for key, name in names.items()), search.query()
    return [filled_in(notice, search.distances.get(key), trail) for key, notice in kept if notice]


def keep(name, notice: Hanging) -> None:
    _kept[name] = notice
    if len(_kept) > MOST_KEPT:
        # The oldest; another thread may have thought of the same one.
        _kept.pop(next(iter(_kept)), None)


def written(opportunity, *, is_overlooked: bool) -> Hanging:
    opportunity.is_overlooked = is_overlooked
    html = get_template("organisations/notice.html").render({"notice": Blank(opportunity), "trail": TRAIL})
    return Hanging(opportunity.title, html)


def filled_in(notice: Hanging, kilometres, trail: str) -> Hanging:
    away = "" if kilometres is None else f" · {escape(how_far(kilometres))}"
    html = notice.html.replace(f" · {AWAY}", away).replace(f"?{TRAIL}", f"?{escape(trail)}" if trail else "")
    return notice._replace(html=SafeString(html))
