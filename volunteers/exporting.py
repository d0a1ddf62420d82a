"""People as a table, for their own agency: letters, lists for a meeting, one's own statistics."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement import times
from engagement.exporting import CHUNK
from engagement.sheets import PARTING

from .models import Motive, Volunteer

MANY = ["fields", "spoken_languages__language", "competences__skill", "inspections__proof"]
# The fields whose cell is what the row says of them.
PLAIN = ["first_name", "last_name", "phone", "call_times", "email", "address"]
CHOSEN = ["channel", "language", "reach_km"]


def sheet_of(volunteers) -> Iterator[list[str]]:
    """The rows of cells, the header first; the words are the reader's. Notes of colleagues stay at the desk."""
    label = {field.name: capfirst(str(field.verbose_name)) for field in Volunteer._meta.get_fields() if field.concrete}
    names = [*PLAIN, *CHOSEN, "neighbourhood", "postcode", "times", "motives", "fields"]
    yield [
        *(label[name] for name in names),
        capfirst(_("languages")),
        capfirst(_("skills")),
        capfirst(_("proofs")),
        label["max_load"],
        label["is_paused"],
        label["paused_until"],
        label["created_at"],
    ]
    rows = volunteers.select_related("neighbourhood__city", "postcode__city").prefetch_related(*MANY)
    for volunteer in rows.iterator(chunk_size=CHUNK):
        yield [*plain_cells(volunteer), *many_cells(volunteer), *cells_of_load(volunteer)]


def plain_cells(volunteer) -> list[str]:
    return [
        *(getattr(volunteer, name) for name in PLAIN),
        *(str(getattr(volunteer, f"get_{name}_display")() or "") for name in CHOSEN),
        str(volunteer.neighbourhood or ""),
        str(volunteer.postcode or ""),
    ]


def many_cells(volunteer) -> list[str]:
    motives = dict(Motive.choices)
    return [
        joined(times.label(slot) for slot in volunteer.times),
        joined(motives[motive] for motive in volunteer.motives if motive in motives),
        joined(volunteer.fields.all()),
        joined(volunteer.spoken_languages.all()),
        joined(volunteer.competences.all()),
        joined(inspection.proof for inspection in volunteer.inspections.all()),
    ]


def cells_of_load(volunteer) -> list[str]:
    return [
        str(volunteer.max_load),
        _("yes") if volunteer.is_paused else _("no"),
        volunteer.paused_until.isoformat() if volunteer.paused_until else "",
        f"{volunteer.created_at:%Y-%m-%d}",
    ]


def joined(values) -> str:
    return PARTING.join(str(value) for value in values)
