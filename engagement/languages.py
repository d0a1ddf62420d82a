"""Texts that exist in several languages: which one a reader gets."""

from django.conf import settings
from django.utils.translation import get_language


def interface_languages() -> list[tuple]:
    """The languages of pages and mails, as choices. A function, so that a new one needs no migration."""
    return settings.LANGUAGES


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
