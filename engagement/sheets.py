"""Tables that a spreadsheet opens: UTF-8 with its mark, semicolons as German Excel wants them, and no live formulas.

A cell that a spreadsheet would compute gets an apostrophe in front (OWASP, "CSV Injection"); ``unguarded`` takes it
away again, so that whatever leaves the house can come back the same.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.http import HttpResponse

MARK = "\ufeff"
SEPARATOR = ";"
# Between several values in one cell.
PARTING = " | "
# Full-width signs are signs as well, and blanks in front of a sign are looked through.
LIVE = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
GUARDED = re.compile(r"'+\s*[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if LIVE.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


def lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The text of a table, row by row."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=SEPARATOR)
    yield MARK
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def answer(rows: Iterable[Iterable[str]], name: str) -> HttpResponse:
    """A table to be downloaded. It is complete before the first byte leaves, so nobody takes half of one for all."""
    content = b"".join(line.encode(errors="replace") for line in lines(rows))
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
