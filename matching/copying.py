"""Many rows at once between PostgreSQL and NumPy: binary COPY, without a Python object for each value.

All columns are of fixed size and none is null. In the stream each row is the number of its columns, and before each
value stands its length (https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from django.db import connection

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
FEW = 200


def columns(sql: str, params: dict, layout: list[tuple]) -> np.ndarray:
    """What a SELECT finds, as one structured array. ``layout`` names each column with its NumPy type.

    Numbers are big-endian in the stream (``">i8"``); a record of bytes may be a structured type of its own.
    """
    stream = BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", stream)
    found = np.frombuffer(stream.getbuffer()[len(HEADER) : -len(END)], _row(layout))
    return found[[name for name, *_ in layout]]


@contextmanager
def staged(table: str, columns: str, values: dict[str, np.ndarray]) -> Iterator[None]:
    """A temporary table with exactly these rows, for the length of the block.

    It stays for the session: to make it anew, or to let PostgreSQL empty it at each commit, takes longer than a small
    change. A large one is counted, lest PostgreSQL plan for a small one, and cut off at the end, rather than left full
    of rows to be deleted by the next.
    """
    number = len(next(iter(values.values()), ()))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({columns}); DELETE FROM {table}")
        if number:
            write(table, values)
        if number > FEW:
            cursor.execute(f"ANALYZE {table}")
        yield
        if number > FEW:
            cursor.execute(f"TRUNCATE {table}")


def write(table: str, values: dict[str, np.ndarray]) -> None:
    """Append rows to a table, given by column, all of one length."""
    layout = [(name, *_big_endian(column)) for name, column in values.items()]
    number = len(next(iter(values.values())))
    rows = np.zeros(number, _row(layout))
    rows["columns"] = len(layout)
    for name, column in values.items():
        rows[f"length of {name}"] = rows.dtype[name].itemsize
        rows[name] = column
    with connection.cursor() as cursor:
        names = ", ".join(values)
        stream = BytesIO(HEADER + rows.tobytes() + END)
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", stream)


def _row(layout) -> np.dtype:
    pairs = [[(f"length of {name}", ">i4"), (name, *kind)] for name, *kind in layout]
    return np.dtype([("columns", ">i2"), *(column for pair in pairs for column in pair)])


def _big_endian(column):
    """The type of one value as PostgreSQL reads it; bytes of fixed length (``V``) stay as they are."""
    kind = column.dtype if column.dtype.kind == "V" else column.dtype.newbyteorder(">")
    return (kind, column.shape[1:])
