"""Pages as they were drawn last, for whoever is not signed in: many ask the same.

They go with the board that they show, so what has changed is drawn anew at once; whatever is no part of the board, in
some minutes. What is another for each visitor, such as the signature of a form, is no part of them.
"""

from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from .board import SOME_MINUTES, Board

# Some 20 MB.
MOST_KEPT = 300


def print_again(request: HttpRequest, now: Board, template: str) -> HttpResponse | None:
    """This page out of the parts that were drawn before, or None."""
    parts = now.prints.get(name_of(request))
    return render(request, template, {"parts": parts}) if parts else None


def draw(request: HttpRequest, now: Board, template: str, context: dict, **parts: str) -> HttpResponse:
    """Draw a page, and keep what stands between ``once`` and ``endonce`` in its template, and these ``parts``."""
    response = render(request, template, {**context, "parts": parts})
    if not request.user.is_authenticated:
        now.prints[name_of(request)] = parts
    if len(now.prints) > MOST_KEPT:
        # The oldest; another thread may have thought of the same one.
        now.prints.pop(next(iter(now.prints)), None)
    return response


def name_of(request) -> tuple:
    """The same for all who see the same page; nothing is kept by the name of whoever is signed in."""
    reader = request.user.pk, get_language()
    return *reader, request.get_full_path(), timezone.localdate(), monotonic() // SOME_MINUTES
