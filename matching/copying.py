"""Many rows at once between PostgreSQL and NumPy: binary COPY, without a Python object for each value.

All columns are of fixed size, and none is null when it is read. In the stream each row is the number of its columns,
and before each value stands its length (https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY).
"""

from io import BytesIO

import numpy as np
from django.db import connection

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


def columns(sql: str, params: dict, layout: list[tuple]) -> np.ndarray:
    """What a SELECT finds, as one structured array. ``layout`` names each column with its NumPy type.

    Numbers are big-endian in the stream (``">i8"``); a record of bytes may be a structured type of its own.
    """
    stream = BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", stream)
    found = np.frombuffer(stream.getbuffer()[len(HEADER) : -len(END)], _row(layout))
    return found[[name for name, *_ in layout]].astype(layout)


def write(table: str, values: dict[str, np.ndarray]) -> None:
    """Append rows to a table, given by column, all of one length. What is masked in a column is null."""
    layout = [(name, *_big_endian(column)) for name, column in values.items()]
    number = len(next(iter(values.values())))
    rows = np.zeros(number, _row(layout))
    rows["columns"] = len(layout)
    is_there = np.ones((number, rows.itemsize), dtype=bool)
    for name, column in values.items():
        kind, start = rows.dtype.fields[name][:2]
        is_null = np.ma.getmaskarray(column)
        rows[f"length of {name}"] = np.where(is_null, -1, kind.itemsize)
        rows[name] = np.ma.getdata(column)
        if is_null.any():
            is_there[is_null, start : start + kind.itemsize] = False
    stream = rows.view(np.uint8).reshape(is_there.shape)[is_there].tobytes()
    with connection.cursor() as cursor:
        names = ", ".join(values)
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", BytesIO(HEADER + stream + END))


def _row(layout) -> np.dtype:
    pairs = [[(f"length of {name}", ">i4"), (name, *kind)] for name, *kind in layout]
    return np.dtype([("columns", ">i2"), *(column for pair in pairs for column in pair)])


def _big_endian(column):
    """The type of one value as PostgreSQL reads it; bytes of fixed length (``V``) stay as they are."""
    kind = column.dtype if column.dtype.kind == "V" else column.dtype.newbyteorder(">")
    return (kind, column.shape[1:])
