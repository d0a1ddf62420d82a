"""Files as they come: which encoding, which kind, and where they are at fault.

Nothing in here touches the database: a file that cannot be read is refused before anything else is looked at.
"""

import codecs
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

# More are no office's offers, and would not fit into one request.
MOST_RECORDS = 5000
LONGEST_CELL = 50_000
# Between several values of one cell; no text has it.
PARTING = "\x1f"


class Fault(Exception):
    """Why a file cannot be read, for the person who chose it, and the line where it goes wrong."""

    def __init__(self, reason: str, line: int = 0):
        super().__init__(_("Line %(line)s: %(reason)s") % {"line": line, "reason": reason} if line else reason)


@dataclass
class Record:
    """One offer as its file has it: where it begins, and its cells by the names of the file."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def check_size(number: int) -> None:
    """Refuse a file of ``number`` bytes that is too large, before anything of it is read."""
    most = settings.IMPORT_MAX_MEGABYTES
    if number > most * 1_000_000:
        raise Fault(_("The file is larger than %(number)s megabytes. Divide it.") % {"number": most})
    if not number:
        raise Fault(_("The file is empty."))


def is_markup(data: bytes) -> bool:
    """Whether this is XML, in whatever encoding."""
    head = data[:200].replace(b"\0", b"")
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.lstrip().startswith(b"<")


def decoded(data: bytes) -> str:
    """The text of a table: UTF-8 or UTF-16 where it says so or can be nothing else, Windows-1252 otherwise."""
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Fault(_("These bytes are no text. Save the file with the encoding UTF-8."), line) from error
    if "\0" in text:
        raise Fault(_("These bytes are no text. Save the file with the encoding UTF-8."), line_of(text, "\0"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without its mark, UTF-16 in western letters has a zero in every other byte.
    for encoding, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) / 2:
            return encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def line_of(text: str, sign: str) -> int:
    return text[: text.index(sign)].count("\n") + 1


def check_number(records: list[Record]) -> None:
    if len(records) > MOST_RECORDS:
        words = _("The file has more than %(number)s offers. Divide it.") % {"number": MOST_RECORDS}
        raise Fault(words, records[MOST_RECORDS].line)
