"""Jobs beside the test: in threads and in processes, and how to wait until they wait."""

import os
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


def alone(job):
    """In a thread: with a connection of its own, which does not see what the test has not committed."""
    try:
        job()
    finally:
        connection.close()


def until_somebody_waits(number=1):
    """For a lock that this transaction holds, or for one another: ``number`` jobs at least."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    end = monotonic() + 60
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        while cursor.fetchone()[0] < number:
            assert monotonic() < end, "Nobody waits."
            sleep(0.02)
            cursor.execute(waiting)


def environment():
    """That of this process, with the database of the tests."""
    home = urlsplit(os.environ["DATABASE_URL"])
    name = settings.DATABASES["default"]["NAME"]
    return os.environ | {
        "DATABASE_URL": home._replace(path=f"/{name}").geturl(),
        "DJANGO_SETTINGS_MODULE": "engagement.settings",
    }
