import re

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_path

from . import duties
from .health import MONITORED, back_in_a_moment

STAYS_OPEN = re.compile("|".join([*MONITORED, *(f"/[\\w-]+/{page}/" for page in duties.PAGES)]))


class Maintenance:
    """Every page says that the site is being looked after, and asks no database.

    Monitors, style sheets and the pages that the law asks for go on.
    """

    def __init__(self, get_response):
        if not settings.MAINTENANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if STAYS_OPEN.fullmatch(request.path_info) else back_in_a_moment(request)


class RememberedLanguage:
    """Whoever opens a page in a language meets the site in that language next time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        language = get_language_from_path(request.path_info)
        if language and language != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response


class LanguageOfTheAccount:
    """The language that somebody chooses while they are signed in awaits them on every other device too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and has_chosen_language(request):
            request.user.language = get_language_from_path(request.path_info)
            request.user.save(update_fields=["language"])
        return response


def has_chosen_language(request) -> bool:
    """Only the list of languages leads from a page of ours to the same page in another language."""
    site, page = request.build_absolute_uri("/"), request.path_info
    before = request.headers.get("Referer", "").partition("?")[0]
    if not before.startswith(site):
        return False
    before = "/" + before.removeprefix(site)
    old, new = get_language_from_path(before), get_language_from_path(page)
    return bool(old and new) and old != new and before.removeprefix(f"/{old}") == page.removeprefix(f"/{new}")


class NoStoreForSignedIn:
    """What a signed-in person saw is gone from a shared computer once they have left."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
