"""Rows of CSV files, each with the place it stands at, so that a fault can be named where it is."""

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

EASY = "de-simple"


class VocabularyError(Exception):
    """A file cannot be loaded: which file, where in it, and why."""

    def __init__(self, file: str, place: str, fault: str):
        super().__init__(f"{file}, {place}: {fault}" if place else f"{file}: {fault}")


def read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VocabularyError(path.name, "", f"the file cannot be read ({error.strerror}).") from error
    return text_of(path.name, data)


def text_of(file: str, data: bytes) -> str:
    for fault, position in faulty_bytes(data):
        line = data[:position].count(b"\n") + 1
        raise VocabularyError(file, f"line {line}", fault)
    return data.decode("utf-8-sig")


def faulty_bytes(data: bytes):
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield "this is not UTF-8; save the file with the encoding UTF-8.", error.start
    if b"\0" in data:
        yield "a NUL byte is not text.", data.index(b"\0")


@dataclass(frozen=True)
class Row:
    """One record of a CSV file: its cells by column, and the line it begins at."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, words: str) -> VocabularyError:
        return VocabularyError(self.file, f"line {self.line}", words)

    def text(self, column: str) -> str:
        if not self.cells[column]:
            raise self.fault(f"the column {column} is empty.")
        return self.cells[column]

    def whole(self, column: str) -> int | None:
        """A number from 0, or None where the cell is empty."""
        cell = self.cells[column]
        if cell and not re.fullmatch(r"[0-9]{1,4}", cell):
            raise self.fault(f"{column}: “{cell}” is not a whole number from 0 to 9999.")
        return int(cell) if cell else None

    def decimal(self, column: str, lowest: float, highest: float) -> float:
        try:
            number = float(self.cells[column])
        except ValueError:
            number = math.nan
        if not lowest <= number <= highest:
            raise self.fault(f"{column}: “{self.cells[column]}” is not a number from {lowest} to {highest}.")
        return number

    def choice(self, column: str, choices: dict):
        if self.cells[column] not in choices:
            raise self.fault(f"{column}: “{self.cells[column]}” is none of {', '.join(choices)}.")
        return choices[self.cells[column]]

    def parts(self, column: str) -> list[str]:
        return [part.strip() for part in self.cells[column].split(";") if part.strip()]

    def texts(self, prefix: str) -> dict[str, str]:
        """The cells of ``prefix_de``, ``prefix_en``, … by language code; an empty cell is no text."""
        texts = {
            column.removeprefix(prefix).replace("_", "-").lower(): cell
            for column, cell in self.cells.items()
            if re.fullmatch(rf"{prefix}[a-z]{{2,3}}(_[A-Za-z]+)*", column)
        }
        return {code: text for code, text in texts.items() if text}


def read_rows(path: Path, columns: list[str]) -> list[Row]:
    """All records of a CSV file that has at least ``columns``."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows, line = [], 0
    try:
        for cells in reader:
            if not line:
                header = checked_header(path.name, [cell.strip() for cell in cells], columns)
            elif cells:
                rows.append(row_of(path.name, line + 1, header, cells))
            line = reader.line_num
    except csv.Error as error:
        raise VocabularyError(path.name, f"line {reader.line_num}", f"this is not CSV ({error}).") from error
    if not line:
        raise VocabularyError(path.name, "line 1", f"the columns are missing: {', '.join(columns)}.")
    return rows


def checked_header(file: str, header: list[str], columns: list[str]) -> list[str]:
    missing = [column for column in columns if column not in header]
    if missing:
        raise VocabularyError(file, "line 1", f"the column {missing[0]} is missing; found: {', '.join(header)}.")
    doubled = [column for column in header if header.count(column) > 1]
    if doubled:
        raise VocabularyError(file, "line 1", f"the column {doubled[0]} occurs twice.")
    return header


def row_of(file: str, line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise VocabularyError(file, f"line {line}", f"{len(header)} columns expected, {len(cells)} found.")
    return Row(file, line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def by_code(rows: list[Row], column: str = "code") -> dict[str, Row]:
    """The rows by their code, each of which may occur once."""
    found: dict[str, Row] = {}
    for row in rows:
        code = row.text(column)
        if code in found:
            raise row.fault(f"the {column} {code} occurs twice, first in line {found[code].line}.")
        found[code] = row
    return found
