"""What monitors ask, and what people see while the database is away."""

import logging
import sys

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from redis.backoff import NoBackoff
from redis.retry import Retry

# Seconds. A PostgreSQL that is started again needs one or two.
RETRY_AFTER = 5
MONITORED = ("/healthz", "/readyz")


@never_cache
@transaction.non_atomic_requests
def show_process(request):  # noqa: ARG001 (the signature of a view)
    """``/healthz``: this process answers. It asks nobody else, so that no restart follows from their fault."""
    return JsonResponse({"process": True})


@never_cache
@transaction.non_atomic_requests
def show_readiness(request):  # noqa: ARG001 (the signature of a view)
    """``/readyz``: whether pages can be served. They can without the broker, not without the database."""
    database = is_database_here()
    return JsonResponse({"database": database, "broker": is_broker_here()}, status=200 if database else 503)


def is_database_here() -> bool:
    try:
        connection.ensure_connection()
        return connection.is_usable()
    except (DatabaseError, InterfaceError):
        return False


def is_broker_here() -> bool:
    seconds = {"socket_connect_timeout": 1, "socket_timeout": 1}
    with redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **seconds) as client:
        try:
            return client.ping()
        except redis.RedisError:
            return False


def handle_error(request):
    """The page for an unforeseen error: "come back in a moment" (503) if the reason is the database, else 500."""
    if is_about_the_database(sys.exc_info()[1]):
        return back_in_a_moment(request)
    return standing_alone("500.html", request, status=500)


def back_in_a_moment(request):
    """The page for a site that is busy or being looked after."""
    return standing_alone("503.html", request, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def standing_alone(template, request, **options):
    """A page in the reader's language, whatever failed: the language may not have been found out yet."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        return HttpResponse(render_to_string(template), **options)


def is_about_the_database(error: BaseException | None) -> bool:
    """Whether a lost, refused or overloaded connection stands anywhere in the chain of causes."""
    while error:
        # A connection that breaks while it commits is a DatabaseError of no kind.
        if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
            return True
        error = error.__cause__ or error.__context__
    return False


class OneLineWhileAway(logging.Filter):
    """An outage fills no disk: what was answered with 503 is logged without the way to it."""

    def filter(self, record):
        if getattr(record, "status_code", None) == 503:
            record.exc_info = None
        return True
