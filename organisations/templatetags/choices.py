"""The choices of a question. In Python: a page has a hundred, and a template takes ten times as long for them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
CHECKED, EMPTY = SafeString(" checked"), SafeString("")


@register.simple_tag
def choices(name, kind, some):
    """A group called ``name`` of boxes (``kind``: checkbox or radio); board.js renews it."""
    rows = format_html_join(
        "\n",
        '<label><input type="{}" name="{}" value="{}"{}><span>{}{}</span>{}</label>',
        (
            (kind, one.name, one.value, CHECKED if one.chosen else EMPTY, own_name(one), one.label, number(one))
            for one in some
        ),
    )
    return format_html('<div class="facets" id="choices-{}" data-live>\n{}\n</div>', name, rows)


def own_name(choice):
    autonym = getattr(choice, "autonym", "")
    return format_html("{} ", autonym) if autonym and autonym != choice.label else EMPTY


def number(choice):
    return EMPTY if choice.count is None else format_html('<span class="n">{}</span>', choice.count)
