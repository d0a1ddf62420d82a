"""Processor time of other processes: unlike the time on the clock, it hardly depends on what else a machine does."""

import os
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Seconds that the children of a process, and the connections to the database, took since the last look."""

    def __init__(self, parent: int):
        self.parent = parent
        self.seen: dict[int, float] = {}
        self.took()

    def took(self) -> tuple[float, float]:
        return self._since([*children_of(self.parent)]), self._since(connections())

    def _since(self, processes):
        now = {process: seconds_of(process) for process in processes}
        before = {process: self.seen.get(process, 0.0) for process in now}
        self.seen |= now
        return sum(now.values()) - sum(before.values())


def children_of(parent: int):
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat_of(int(stat.parent.name))
        if fields and int(fields[1]) == parent:
            yield int(stat.parent.name)


def connections() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [process for (process,) in cursor.fetchall()]


def seconds_of(process: int) -> float:
    fields = stat_of(process)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def stat_of(process: int) -> list[str]:
    """What ``proc_pid_stat(5)`` lists from the third field on, after the name; nothing where it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
