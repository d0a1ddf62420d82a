"""Texts that exist in several languages: which one a reader gets."""

from django.conf import settings
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, get_language_info


def interface_languages() -> list[tuple]:
    """The languages of pages and mails, as choices. A function, so that a new one needs no migration."""
    return settings.LANGUAGES


def autonym(language: str) -> str:
    """A language of the interface as its own speakers call it."""
    return capfirst(get_language_info(language)["name_local"])


def written_first() -> list[str]:
    """The languages that a form asks for at once; a page with an input for every language would be endless."""
    return list(dict.fromkeys([settings.LANGUAGE_CODE, "de-simple", "en", get_language() or settings.LANGUAGE_CODE]))


def preferred(language: str | None = None) -> list[str]:
    """The languages a reader of ``language`` (default: the active one) understands best, best first."""
    language = language or get_language() or settings.LANGUAGE_CODE
    return list(dict.fromkeys([language, language.split("-")[0], settings.LANGUAGE_CODE, "en"]))


def pick(texts: dict[str, str], language: str | None = None) -> tuple[str, str]:
    """The best of ``texts`` (language code → text) for a reader, as (language code, text), or ("", "")."""
    for code in [*preferred(language), *texts]:
        if texts.get(code):
            return code, texts[code]
    return "", ""


def marked(text: str, language: str) -> str:
    """``text`` for a page, marked with its language and direction where these are not the page's."""
    if not text or not language or language == get_language():
        return text
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', language, direction(language), text)


def isolated(name: str) -> str:
    """A name in Latin letters for a plain sentence: right to left, the full stop behind it stays at the end."""
    return f"\u2068{name}\u2069" if name and get_language_bidi() else name


def direction(language: str) -> str:
    """ "rtl" for languages written from right to left, else "ltr"."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
