"""The choices of a question. In Python: a page has a hundred, and a template takes ten times as long for them."""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from engagement.times import DAYS, PARTS, short_day, slot
from engagement.times import choices as times_of_week

register = template.Library()


@register.simple_tag
def choices(name, kind, some):
    """A group called ``name`` of boxes (``kind``: checkbox or radio); board.js renews it."""
    rows = SafeString("\n".join(row_of(kind, one) for one in some))
    return format_html('<div class="facets" id="choices-{}" data-live>\n{}\n</div>', name, rows)


def row_of(kind, choice):
    box, words = pieces(kind, choice.name, choice.value, choice.label, getattr(choice, "autonym", ""))
    number = "" if choice.count is None else f'<span class="n">{int(choice.count)}</span>'
    return f"{box}{' checked' if choice.chosen else ''}>{words}{number}</label>"


@lru_cache(maxsize=5000)
def pieces(kind, name, value, label, autonym):
    """What is the same in every search."""
    box = format_html('<label><input type="{}" name="{}" value="{}"', kind, name, value)
    words = format_html("{} {}", autonym, label) if autonym and autonym != label else label
    return box, format_html("<span>{}</span>", words)


@register.simple_tag
def week(name, chosen):
    """The grid of times with the slots that are ``chosen``."""
    return grid(get_language(), name, tuple(chosen or ()))


@lru_cache(maxsize=200)
def grid(_language, name, chosen):
    boxes = [
        {"name": name, "value": value, "label": label, "selected": value in chosen, "attrs": {"id": f"{name}_{value}"}}
        for value, label in times_of_week()
    ]
    days = [(WEEKDAYS[day], short_day(day), [boxes[slot(day, part)] for part in range(len(PARTS))]) for day in DAYS]
    return get_template("engagement/times_grid.html").render({"days": days, "parts": PARTS})
