"""Our own table: its columns, each written for people and read back, in whatever language of the desk.

What somebody empties becomes unknown; a column that is not in the file changes nothing.
"""

import re
from collections.abc import Callable, Iterable
from datetime import time
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from engagement import times
from engagement.models import Level
from engagement.sheets import PARTING, unguarded

from ..models import NeededLanguage, Opportunity
from ..texts import TEXT_PARTS
from .markup import tidy
from .offers import Offer, day_in
from .reading import Record
from .words import Words, fold

TERMS = {"field": "field", "skills_required": "skill", "skills_wanted": "skill", "proofs": "proof"}
NAMES = (
    *("host", "field", "place", "city", "neighbourhoods", "meeting_point", "german_needed", "languages"),
    *("skills_required", "skills_wanted", "proofs", "min_age", "only_for", "only_for_reason", "times", "frequency"),
    *("hours_per_week", "minimum_weeks", "places", "day", "begins_at", "ends_at", "valid_until", "has_trial_visit"),
    *("is_in_team", "is_accompanied", "gives_certificate", "serves_newcomers", "reimbursement", "insured_by"),
    *("contact_name", "contact_phone"),
)
# An opportunity has one always: an empty cell says nothing about it.
NEVER_EMPTY = ("host", "field", "place")
# What stands in the table for people, and for telling what changed here since it was written.
NUMBER, CHANGED, STATUS = "number", "changed_at", "status"
LABELS = {
    NUMBER: gettext_lazy("number in this house"),
    CHANGED: gettext_lazy("last changed here"),
    STATUS: Opportunity._meta.get_field("status").verbose_name,
    "languages": NeededLanguage._meta.verbose_name_plural,
}
YES, NO = gettext_lazy("yes"), gettext_lazy("no")
SAID_YES, SAID_NO = {"1", "x", "true", "wahr", "ja", "j"}, {"0", "false", "falsch", "nein", "n"}


def text_columns(languages: Iterable[str]) -> list[str]:
    return [f"{part}_{code}" for code in languages for part in TEXT_PARTS]


def label_of(column: str) -> str:
    """What stands above the column, in the language of the reader."""
    if column in LABELS:
        return str(LABELS[column])
    part, _sign, code = column.partition("_")
    if part in TEXT_PARTS and code in dict(settings.LANGUAGES):
        return str(TEXT_PARTS[part][0]).replace("{language}", str(dict(settings.LANGUAGES)[code]))
    return str(Opportunity._meta.get_field(column).verbose_name)


def every_column() -> list[str]:
    return [NUMBER, CHANGED, STATUS, *text_columns(code for code, _name in settings.LANGUAGES), *NAMES]


def column_names() -> dict[str, str]:
    """The column behind each name that may stand above it: in any language of the desk, or in our code."""
    found = {fold(column): column for column in every_column()}
    for language in settings.DESK_LANGUAGES:
        with override(language):
            found |= {fold(label_of(column)): column for column in every_column()}
    return found


def choices_of(column: str) -> list[tuple]:
    return [
        (value, label) for value, label in Opportunity._meta.get_field(column).flatchoices if value not in ("", None)
    ]


def in_every_language(pairs: Callable[[], list]) -> dict[str, object]:
    """The value of each folded code and label, in each language of the desk."""
    found = {fold(str(value)): value for value, _label in pairs()}
    for language in settings.DESK_LANGUAGES:
        with override(language):
            found |= {fold(str(label)): value for value, label in pairs()}
    return found


def several(cell: str) -> list[str]:
    """The values of a cell; only what we write between them parts them."""
    return [part.strip() for part in re.split(r"[|\n]", cell) if part.strip()]


class Table:
    """Writes values into cells and reads them out again, with the vocabulary of the moment."""

    def __init__(self, words: Words):
        self.words = words
        self.chosen: dict[str, dict] = {}
        self.written: dict[tuple[str, str], dict] = {}

    # --- Out

    def write(self, column: str, value) -> str:
        """A value as a cell, and as it is shown to people. Unknown is empty."""
        if value in (None, "", []):
            return ""
        if column in TERMS:
            return PARTING.join(self.term(TERMS[column], code) for code in ([value] if column == "field" else value))
        if column == "neighbourhoods":
            return PARTING.join(value)
        if column == "languages":
            return PARTING.join(self.language(*row) for row in value)
        if column == "times":
            return PARTING.join(times.label(slot) for slot in value)
        if isinstance(value, bool):
            return str(YES if value else NO)
        if kind_of(column) == "choice":
            return self.labels(column).get(value, str(value))
        return str(value)

    def labels(self, column: str) -> dict:
        where = (column, get_language() or "")
        if where not in self.written:
            self.written[where] = {value: str(label) for value, label in choices_of(column)}
        return self.written[where]

    def term(self, kind: str, code: str) -> str:
        term = self.words.names[kind].get(code)
        return f"{code} {term.name.replace('|', '/')}" if term else code

    def language(self, code: str, level: int | None, role: str) -> str:
        parts = [code, Level(level).name if level else "", str(NeededLanguage.Role(role).label)]
        return " ".join(filter(None, parts))

    # --- In

    def read(self, column: str, cell: str):
        """The value of a cell. Raises ValidationError where it is none."""
        cell = tidy(unguarded(cell))
        kind = kind_of(column)
        if not cell:
            return [] if kind in ("many", "times", "languages") else None if kind in ("number", "day", "flag") else ""
        return getattr(self, f"read_{kind}")(column, cell)

    def read_text(self, _column, cell):
        return cell

    def read_many(self, column, cell):
        if column == "neighbourhoods":
            return sorted(set(several(cell)))
        codes = {part: self.code(TERMS[column], part) for part in several(cell)}
        unknown = [part for part, code in codes.items() if not code]
        if unknown:
            raise unknown_words(column, unknown)
        return sorted(set(codes.values()))

    def read_term(self, column, cell):
        code = self.code(TERMS[column], cell)
        if not code:
            raise unknown_words(column, [cell])
        return code

    def code(self, kind, part):
        """By all of it, or by the code that it begins with."""
        return self.words.find(kind, part) or next(
            (code for code in self.words.keys[kind] if code == part.split()[0]), ""
        )

    def read_languages(self, column, cell):
        found = {}
        roles = self.choices("role", lambda: NeededLanguage.Role.choices)
        for part in several(cell):
            name, *more = part.split()
            level = more.pop(0) if more and more[0] in Level.__members__ else None
            code = self.words.find("language", name)
            role = roles.get(fold(" ".join(more))) if more else "wanted"
            if not code or not role:
                raise unknown_words(column, [part])
            found[code] = [code, Level[level].value if level else None, role]
        return sorted(found.values(), key=lambda row: row[0])

    def read_choice(self, column, cell):
        choices = self.choices(column, lambda: choices_of(column))
        if fold(cell) not in choices:
            raise unknown_words(column, [cell])
        return choices[fold(cell)]

    def choices(self, name, pairs):
        if name not in self.chosen:
            self.chosen[name] = in_every_language(pairs)
        return self.chosen[name]

    def read_times(self, column, cell):
        labels = self.choices("times", times.choices)
        unknown = [part for part in several(cell) if fold(part) not in labels]
        if unknown:
            raise unknown_words(column, unknown)
        return sorted({labels[fold(part)] for part in several(cell)})

    def read_flag(self, column, cell):
        flags = self.choices("flag", lambda: [(True, YES), (False, NO)])
        flags |= dict.fromkeys(SAID_YES, True) | dict.fromkeys(SAID_NO, False)
        if fold(cell) not in flags:
            raise unknown_words(column, [cell])
        return flags[fold(cell)]

    def read_number(self, column, cell):
        if not re.fullmatch(r"\d{1,5}([.,]0+)?", cell, re.ASCII) or int(re.match(r"\d+", cell)[0]) > 32767:
            raise unknown_words(column, [cell])
        return int(re.match(r"\d+", cell)[0])

    def read_day(self, column, cell):
        if column in ("begins_at", "ends_at"):
            found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(:\d{2})?", cell, re.ASCII)
            if not found or int(found[1]) > 23 or int(found[2]) > 59:
                raise unknown_words(column, [cell])
            return f"{time(int(found[1]), int(found[2])):%H:%M}"
        if not day_in(cell):
            raise unknown_words(column, [cell])
        return day_in(cell).isoformat()


def unknown_words(column: str, words: list[str]) -> ValidationError:
    values = {"column": label_of(column), "words": ", ".join(words)[:200]}
    return ValidationError(_("%(column)s: “%(words)s” is not known."), params=values)


@cache
def kind_of(column: str) -> str:
    """How a column is read: by the field of the model behind it."""
    if column in ("host", "city") or column.partition("_")[0] in TEXT_PARTS:
        return "text"
    if column in ("languages", "times"):
        return column
    field = Opportunity._meta.get_field(column)
    if field.many_to_many:
        return "many"
    if field.is_relation:
        return "term"
    if field.choices:
        return "choice"
    kinds = {models.BooleanField: "flag", models.PositiveSmallIntegerField: "number"}
    kinds |= {models.DateField: "day", models.TimeField: "day"}
    return kinds.get(type(field), "text")


def offer_of(record: Record, columns: dict[str, str], table: Table) -> Offer:
    """The offer of a row; ``columns`` are ours by the names of the file."""
    offer = Offer(record.line, faults=[record.fault] if record.fault else [])
    offer.record = {name: tidy(cell) for name, cell in record.cells.items() if tidy(cell)}
    for name, column in columns.items():
        cell = tidy(unguarded(record.cells[name]))
        if column == NUMBER:
            offer.number = int(cell) if re.fullmatch(r"\d{1,18}", cell, re.ASCII) else None
            offer.faults += [] if offer.number or not cell else unknown_words(column, [cell]).messages
        elif column == CHANGED:
            offer.changed_at = cell
        elif column != STATUS:
            try:
                value = table.read(column, record.cells[name])
            except ValidationError as error:
                offer.faults += error.messages
            else:
                offer.values |= {column: value} if value or column not in NEVER_EMPTY else {}
    if not offer.title and not offer.faults:
        offer.faults.append(_("The title is missing."))
    return offer
