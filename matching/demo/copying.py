"""Many rows at once, the way PostgreSQL likes them: COPY."""

import io
from collections.abc import Iterable
from datetime import date

from django.db import connection, models
from django.utils import timezone

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def take_keys(model: type[models.Model], number: int) -> list[int]:
    """Fresh primary keys for rows that others refer to."""
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [model._meta.db_table, number])
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: Iterable[dict]) -> None:
    """Write rows, given by column; a column that a row leaves out has the model's default.

    All rows name their primary key, or none does.
    """
    rows = list(rows)
    if not rows:
        return
    writable = [field for field in model._meta.concrete_fields if not field.generated]
    fields = [field for field in writable if not field.primary_key or "id" in rows[0]]
    defaults = [(field.attname, default_of(field)) for field in fields]
    text = "".join("\t".join(encode(row.get(name, value)) for name, value in defaults) + "\n" for row in rows)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN', io.StringIO(text))


def default_of(field: models.Field):
    return timezone.now() if getattr(field, "auto_now", False) else field.get_default()


def encode(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)
