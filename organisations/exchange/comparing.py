"""A file beside what is stored: what is new, what has changed there, here, or on both sides, and what is wrong."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Opportunity, Organisation, Origin
from ..posting import CLOSABLE
from .checking import EMPTY, same, settled
from .columns import Table, label_of
from .offers import Offer
from .stored import values_of, with_values
from .whereabouts import Places
from .words import Words


class State(TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("with changes")
    UNCHANGED = "unchanged", gettext_lazy("unchanged")
    WRONG = "wrong", gettext_lazy("wrong")


@dataclass(frozen=True)
class Change:
    """One column that is not the same; ``is_conflict`` where it was changed here as well."""

    column: str
    old: object
    new: object
    is_conflict: bool = False

    @property
    def label(self) -> str:
        return label_of(self.column)


@dataclass
class Row:
    """An offer of the file with what it means here; ``number`` counts from 0."""

    number: int
    offer: Offer
    state: str = State.NEW
    opportunity: Opportunity | None = None
    origin: Origin | None = None
    changes: list[Change] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.is_conflict]

    def values_with(self, chosen: set[str]) -> dict:
        """What changes: all that nobody changed here, and of the conflicts the ``chosen`` columns."""
        return {
            change.column: change.new for change in self.changes if not change.is_conflict or change.column in chosen
        }


class Preview:
    """Everything that a file would do; nothing is done."""

    def __init__(self, content: dict, agency: Organisation):
        self.agency, self.source = agency, content["source"]
        self.unknown_columns = content["unknown_columns"]
        self.words, self.places = Words(), Places()
        self.table = Table(self.words)
        offers = [Offer(**values) for values in content["offers"]]
        self.stored = self.opportunities_of(offers)
        self.origins = self.origins_of()
        self.rows = [Row(number, offer) for number, offer in enumerate(offers)]
        seen: dict = {}
        for row in self.rows:
            self.judge(row, seen)

    def opportunities_of(self, offers) -> dict[int, Opportunity]:
        numbers = {offer.number for offer in offers if offer.number}
        own = Opportunity.objects.filter(agency=self.agency)
        known = Origin.objects.filter(agency=self.agency, source=self.source).values_list("opportunity", flat=True)
        wanted = set(known) | set(own.filter(pk__in=numbers).values_list("pk", flat=True))
        return with_values(own).in_bulk(wanted)

    def origins_of(self) -> dict[str, Origin]:
        found = Origin.objects.filter(agency=self.agency, source=self.source)
        return {origin.external_id: origin for origin in found if origin.opportunity_id in self.stored}

    def judge(self, row: Row, seen: dict) -> None:
        offer = row.offer
        row.faults = list(offer.faults)
        known = offer.number or offer.key
        if known in seen:
            row.faults.append(_("It occurs twice, first in line %(line)s.") % {"line": seen[known]})
        seen.setdefault(known, offer.line)
        if offer.number:
            row.opportunity = self.stored.get(offer.number)
            if row.opportunity is None:
                row.faults.append(_("Your agency has no opportunity with the number %(n)s.") % {"n": offer.number})
        else:
            row.origin = self.origins.get(offer.key)
            row.opportunity = self.stored[row.origin.opportunity_id] if row.origin else None
        if not row.faults:
            self.compare(row)
        row.state = State.WRONG if row.faults else row.state

    def compare(self, row: Row) -> None:
        ours = values_of(row.opportunity, self.places) if row.opportunity else {}
        row.changes = list(changes_of(row, ours)) if row.opportunity else []
        if row.opportunity:
            row.state = State.CHANGED if row.changes else State.UNCHANGED
        if row.state != State.UNCHANGED:
            # With all that the file says. What staff leave out of it is looked at once more when it is stored.
            _plain, row.faults = settled(ours | row.offer.values)

    # --- What the page asks and shows

    @property
    def counts(self) -> Counter:
        return Counter(row.state for row in self.rows)

    @property
    def conflicts(self) -> list[Row]:
        return [row for row in self.rows if row.state == State.CHANGED and row.conflicts]

    def without_field(self) -> list[Row]:
        return [row for row in self.rows if row.state == State.NEW and not row.offer.values.get("field")]

    def asked_fields(self) -> Counter:
        """The words for fields of engagement that are none of ours, in offers that have no other."""
        return Counter(word for row in self.without_field() for word in dict.fromkeys(row.offer.fields))

    def vanished(self) -> list[Origin]:
        """Those that the same source brought before, that are still shown here, and are no longer in the file."""
        if all(row.offer.number for row in self.rows):
            return []
        keys = {row.offer.key for row in self.rows}
        gone = [origin for key, origin in self.origins.items() if key not in keys]
        for origin in gone:
            origin.opportunity = self.stored[origin.opportunity_id]
        return [origin for origin in gone if origin.opportunity.status in CLOSABLE]

    def shown(self, column: str, value) -> str:
        return self.table.write(column, value)


def changes_of(row: Row, ours: dict):
    """The columns that differ. Who has not said before what a thing was cannot know that it changed here since."""
    base = base_of(row, ours)
    for column, theirs in row.offer.values.items():
        own = ours.get(column)
        if same(own, theirs) or (column in base and same(base[column], theirs)):
            continue
        is_known = same(base[column], own) if column in base else own in EMPTY
        yield Change(column, own, theirs, is_conflict=not is_known)


def base_of(row: Row, ours: dict) -> dict:
    """What both sides said when they last agreed: what was taken over, or what our own table was written with."""
    if row.origin:
        return row.origin.values
    is_fresh = row.offer.changed_at == row.opportunity.changed_at.isoformat()
    return ours if is_fresh else {}
