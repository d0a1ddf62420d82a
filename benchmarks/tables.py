"""Tables in Markdown, and the machine that they were made on."""

import os
import platform
import sys
from importlib.metadata import version
from math import isnan
from pathlib import Path

from django.db import connection

SETTINGS = ("server_version", "shared_buffers", "fsync", "synchronous_commit", "jit")


def say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def table(heading: list[str], rows: list[list[str]]) -> None:
    say(f"| {' | '.join(heading)} |", f"|---|{'---:|' * (len(heading) - 1)}")
    say(*(f"| {' | '.join(row)} |" for row in rows), "")


def describe_machine() -> None:
    """Whatever a figure may depend on."""
    model = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE name = ANY(%s)", [[*SETTINGS]]
        )
        found = dict(cursor.fetchall())
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "numpy", "numba", "psycopg2-binary"))
    say(
        f"- {len(os.sched_getaffinity(0))} cores, {model.split(':')[1].strip()}, {memory:.0f} GB of memory",
        f"- {platform.system()} {platform.release()}, Python {platform.python_version()}, {packages}",
        f"- PostgreSQL {found.pop('server_version')}: " + ", ".join(f"{name} {found[name]}" for name in SETTINGS[1:]),
        f"- load of the machine at the start: {os.getloadavg()[0]:.1f}",
        "",
    )


def show(cursor, name: str) -> str:
    cursor.execute(f"SHOW {name}")
    return cursor.fetchone()[0]


def seconds(value: float) -> str:
    """With as many digits as one can compare at a glance; a dash for what was not measured."""
    if isnan(value):
        return "–"
    if value < 1e-3:
        return f"{value * 1e6:.0f} µs"
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"
