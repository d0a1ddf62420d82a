"""Notices as they hang on the board. Each is written once in a language, and kept as long as it is true.

What differs from one search to the next, how far it is and where its page leads back to, is filled in.
"""

from typing import NamedTuple

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .board import Board
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
    missing = unwritten(search.board, keys, search.overlooked)
    rows = Opportunity.objects.open().with_facts().in_bulk(missing)
    away = {key: how_far(search.distances[key]) for key in keys if key in search.distances}
    return hang_rows(search.board, keys, rows, away, search.query(), search.overlooked)


def hang_rows(now: Board, keys: list[int], rows: dict, away: dict[int, str], trail: str, overlooked=frozenset()):
    """The same, with the rows of those that are not written yet, and how far each is in words, where that is known."""
    names = {key: name_of(now, key, overlooked) for key in keys}
    for key in rows.keys() & names.keys():
        keep(names[key], written(rows[key], is_overlooked=key in overlooked))
    kept = ((key, _kept.get(name)) for key, name in names.items())
    return [filled_in(notice, away.get(key, ""), trail) for key, notice in kept if notice]


def unwritten(now: Board, keys: list[int], overlooked=frozenset()) -> list[int]:
    return [key for key in keys if name_of(now, key, overlooked) not in _kept]


def name_of(now: Board, key: int, overlooked) -> tuple[int, int, str, bool]:
    return now.rows[key].version, now.words.version, get_language(), key in overlooked


def keep(name, notice: Hanging) -> None:
    _kept[name] = notice
    if len(_kept) > MOST_KEPT:
        # The oldest; another thread may have thought of the same one.
        _kept.pop(next(iter(_kept)), None)


def written(opportunity, *, is_overlooked: bool) -> Hanging:
    opportunity.is_overlooked = is_overlooked
    html = get_template("organisations/notice.html").render({"notice": Blank(opportunity), "trail": TRAIL})
    return Hanging(opportunity.title, html)


def filled_in(notice: Hanging, away: str, trail: str) -> Hanging:
    away = f" · {escape(away)}" if away else ""
    html = notice.html.replace(f" · {AWAY}", away).replace(f"?{TRAIL}", f"?{escape(trail)}" if trail else "")
    return notice._replace(html=SafeString(html))
