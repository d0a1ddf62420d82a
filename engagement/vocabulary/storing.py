"""Making the rows of a table equal to the entries of a file, with as few statements as that takes."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import translation

from .geojson import Feature
from .reading import Row


@dataclass
class Entry:
    """What one row of a table should be, and where its file says so."""

    values: dict
    at: Row | Feature


@dataclass
class Changes:
    """How many rows were added, changed, withdrawn (no longer offered) and removed."""

    counts: Counter = field(default_factory=Counter)

    def note(self, model: type[Model], what: str, number: int):
        if number:
            # As the loader's faults, in English.
            with translation.override("en"):
                self.counts[f"{model._meta.verbose_name_plural}: {what}"] += number

    def __str__(self):
        return "\n".join(f"{what} {number}" for what, number in self.counts.items()) or "Nothing has changed."


def store(model: type[Model], entries: dict[str, Entry], changes: Changes) -> dict[str, Model]:
    """Create and update the rows of ``entries`` (by code), and return them by code.

    A row without ``loaded_from`` is in the hands of administrators and stays as it is.
    """
    rows = {row.code: row for row in model._default_manager.all()}
    created = {code: model(**entry.values) for code, entry in entries.items() if code not in rows}
    changed = {code: rows[code] for code, entry in entries.items() if code in rows and differs(rows[code], entry)}
    for code, row in changed.items():
        for name, value in entries[code].values.items():
            setattr(row, name, value)
    for code, row in (created | changed).items():
        check(row, entries[code])
    model._default_manager.bulk_create(created.values(), batch_size=500)
    if changed:
        names = [name for name in next(iter(entries.values())).values if name != "code"]
        model._default_manager.bulk_update(changed.values(), names, batch_size=500)
    changes.note(model, "added", len(created))
    changes.note(model, "changed", len(changed))
    return {code: created.get(code) or rows[code] for code in entries}


def differs(row: Model, entry: Entry) -> bool:
    if getattr(row, "loaded_from", None) == "":
        return False
    return any(getattr(row, name) != value for name, value in entry.values.items())


def check(row: Model, entry: Entry):
    """The model's own rules for each column; references were looked up and need no query each."""
    references = [column.name for column in row._meta.fields if column.is_relation]
    # Whoever repairs a file reads the loader's English.
    with translation.override("en"):
        try:
            row.clean_fields(exclude=references)
        except ValidationError as error:
            column, messages = next(iter(error.message_dict.items()))
            raise entry.at.fault(f"{column}: {' '.join(messages)}") from error


def withdraw(model: type[Model], files: set[str], keep: set, changes: Changes):
    """Rows that came from ``files`` and have left them are removed or, while something refers to them, not offered."""
    gone = {row.pk: row for row in model._default_manager.filter(loaded_from__in=files) if row.code not in keep}
    used = keys_in_use(model, set(gone))
    retired = [row for pk, row in gone.items() if pk in used and row.is_active]
    for row in retired:
        row.is_active = False
    if retired:
        model._default_manager.bulk_update(retired, ["is_active"])
    removed = set(gone) - used
    if removed:
        model._default_manager.filter(pk__in=removed).delete()
    changes.note(model, "withdrawn", len(retired))
    changes.note(model, "removed", len(removed))


def keys_in_use(model: type[Model], keys: set) -> set:
    """Those of ``keys`` that a row of another table refers to."""
    if not keys:
        return set()
    return {
        key
        for relation in referrers(model)
        for key in relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
        .values_list(relation.field.attname, flat=True)
        .distinct()
    }


def referrers(model: type[Model]):
    """Every foreign key to ``model``, those of many-to-many tables included; not what was computed from it."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            table = relation.related_model._meta
            if table.auto_created is not model and table.model_name not in ("adjacency", "postcode"):
                yield relation
