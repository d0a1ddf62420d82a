"""Tables (CSV): separated by semicolons, commas or tabs, with several lines in a cell."""

import csv
import io

from django.utils.translation import gettext as _

from .reading import LONGEST_CELL, Fault, Record

SEPARATORS = ";\t,"
MOST_COLUMNS = 300


def read(text: str) -> tuple[list[str], list[Record]]:
    """The names of the columns and the records. Raises Fault with the line where it is no table."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    header, records, line = [], [], 1
    try:
        for cells in reader:
            if not header and any(cells):
                header = checked_header(cells, line)
            elif any(cell.strip() for cell in cells):
                records.append(record_of(header, cells, line))
            line = reader.line_num + 1
    except csv.Error as error:
        words = _("This is not a table (CSV): a quotation mark is missing or too much, or a cell is too long.")
        raise Fault(words, line) from error
    if not records:
        raise Fault(_("There are no rows below the names of the columns."), line)
    return header, records


def separator_of(text: str) -> str:
    """What parts the names of the columns: the most frequent outside of quotation marks."""
    begin = text.lstrip("\ufeff\n")
    first = begin[: begin.find("\n")] if "\n" in begin else begin
    bare = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


def checked_header(cells: list[str], line: int) -> list[str]:
    header = [cell.strip().lstrip("\ufeff") for cell in cells]
    while header and not header[-1]:
        header.pop()
    doubled = [name for name in header if name and header.count(name) > 1]
    if doubled:
        raise Fault(_("The column “%(name)s” occurs twice.") % {"name": doubled[0][:80]}, line)
    if len(header) > MOST_COLUMNS:
        raise Fault(_("There are more than %(number)s columns.") % {"number": MOST_COLUMNS}, line)
    return header


def record_of(header: list[str], cells: list[str], line: int) -> Record:
    """A row may leave out what would be empty at its end; more cells than columns are a fault."""
    record = Record(line, {name: cell for name, cell in zip(header, cells, strict=False) if name})
    if any(cell.strip() for cell in cells[len(header) :]):
        values = {"expected": len(header), "found": len(cells)}
        record.fault = _("%(expected)s columns expected, %(found)s found.") % values
    elif len(cells) < len(header):
        record.cells |= dict.fromkeys(filter(None, header[len(cells) :]), "")
    long = [name for name, cell in record.cells.items() if len(cell) > LONGEST_CELL]
    if long:
        record.fault = _("“%(name)s” is longer than %(number)s signs.") % {"name": long[0], "number": LONGEST_CELL}
        record.cells |= dict.fromkeys(long, "")
    return record
