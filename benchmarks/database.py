"""A database of its own for a benchmark, beside that of DATABASE_URL, and the memory to forget it at the end."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

from engagement.vocabulary.loading import load_vocabulary

NAME = "engagement_benchmark"


@contextmanager
def fresh_database():
    """All tables and the vocabulary, and nobody in them; processes started meanwhile find the same database."""
    at_home = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
    try:
        move_to(NAME, urlsplit(at_home[1])._replace(path=f"/{NAME}").geturl())
        call_command("migrate", verbosity=0)
        load_vocabulary()
        yield
    finally:
        move_to(*at_home)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def move_to(name: str, url: str) -> None:
    connection.close()
    connection.settings_dict["NAME"], os.environ["DATABASE_URL"] = name, url


def count_rows() -> None:
    """Let PostgreSQL know how much there is, as autovacuum does after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
