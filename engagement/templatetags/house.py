"""What every template of the house may use."""

import re
from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_from_path, override

from engagement import times
from engagement.languages import autonym, direction, interface_languages, marked, pick

register = template.Library()

# Pictures of movement are turned in a right-to-left page; clock and phone are not.
TURNED = {"go", "walk"}


@register.simple_tag
@cache
def icon(name):
    """A picture out of the sprite; it stands beside a word and is silent itself."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        "i flip" if name in TURNED else "i",
        static("img/icons.svg"),
        name,
    )


@register.filter
def tel(number):
    """A phone number as people write it, as an address to call; German ones without a country's code get theirs."""
    digits = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", str(number)))
    digits = re.sub(r"^00", "+", digits)
    return "tel:" + re.sub(r"^0", "+49", digits)


@register.filter
def term(word):
    """A word of the vocabulary, marked with its language where the page's has no name for it."""
    code, name = pick(word.names)
    return marked(name, code) or word.code


@register.filter
def explained(word):
    """What a word of the vocabulary means, marked like its name; whatever is in German is in Einfache Sprache."""
    reader = get_language() or ""
    is_theirs = not reader.startswith("de") and word.descriptions.get(reader)
    code, description = pick(word.descriptions, reader if is_theirs else "de-simple")
    return marked(description, code)


@register.filter
def in_language(text, code):
    """A text, marked where its language is not the page's."""
    return marked(text, code)


@register.filter
def long_day(day):
    return times.long_day(day)


@register.filter
def direction_of(code):
    return direction(code)


register.filter(autonym)


@register.simple_tag(takes_context=True)
def page_languages(context):
    """The page that is open, in each language: code, own name, direction, address; ``alternate`` is the
    address that search engines shall keep, where there is one: without the question that was asked."""
    request = context.get("request")
    path = request.get_full_path() if request else ""
    found = request is not None and request.resolver_match is not None
    return [language_link(code, path, found) for code, _ in interface_languages()]


def language_link(code, path, found):
    address = translated(path, code) if found else home(code)
    return {
        "code": code,
        "autonym": autonym(code),
        "direction": direction(code),
        "url": address,
        "alternate": address.partition("?")[0] if found else "",
    }


def translated(path, code):
    """The same page in another language: only the prefix differs."""
    language = get_language_from_path(path)
    return path.replace(f"/{language}/", f"/{code}/", 1) if language else path


def home(code):
    with override(code):
        try:
            return reverse("organisations:browse_opportunities")
        except NoReverseMatch:
            return f"/{code}/"


@register.simple_tag
def all_errors(form, formsets=None):
    """Every error of a form and its rows: label, message and the id of the field to go to."""
    forms = [form, *(row for formset in formsets or [] for row in formset.forms)]
    whole = [message for part in [form, *forms[1:]] for message in part.non_field_errors()]
    whole += [message for formset in formsets or [] for message in formset.non_form_errors()]
    beside = [
        {"label": field.label, "message": message, "target": target(field)}
        for part in forms
        for field in part
        for message in field.errors
    ]
    return [{"message": message} for message in whole] + beside


def target(field):
    """The id of the first control: a group of choices has no control of its own."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
