"""Taking a file over: one transaction, with as few statements for thousands of offers as for three."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import NeededLanguage, Opportunity, OpportunityText, Organisation, Origin
from ..posting import CLOSABLE, obstacles
from ..signals import opportunities_saved
from ..texts import TEXT_PARTS
from .checking import OF_THE_DAY, SCALARS, settled
from .comparing import Preview, Row, State
from .hosting import Hosts
from .stored import values_of

BATCH = 500
MANY = {"skills_required": "skill", "skills_wanted": "skill", "proofs": "proof"}
Status = Opportunity.Status


@dataclass
class Choices:
    """What staff answered: ``theirs`` are (number of the row, column) of conflicts that the file wins, ``fields`` the
    code for each word of the file ("" for all others), ``close`` the keys of opportunities to take off the board."""

    publish: bool = False
    theirs: set[tuple[int, str]] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    close: set[int] = field(default_factory=set)


@dataclass
class Result:
    new: list[Opportunity] = field(default_factory=list)
    changed: list[Opportunity] = field(default_factory=list)
    published: int = 0
    closed: int = 0
    # (line, why) of what could not be taken over.
    left_out: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def take_over(preview: Preview, choices: Choices, *, by, now=None) -> Result:
    """Store what is new and what has changed, and close what was chosen.

    Consequences: new offers are drafts, or published where ``posting.obstacles`` finds nothing; organisations that are
    not known here are created, not verified; what is or was shown is announced, so that it is scored again. Call it
    with a preview that was made in this transaction, after ``lock``.
    """
    taking = Taking(preview, choices, by, now or timezone.now())
    for row in preview.rows:
        taking.decide(row)
    taking.store()
    return taking.result


def lock(agency: Organisation) -> None:
    """Only one file of an agency is taken over at a time."""
    Organisation.objects.select_for_update().get(pk=agency.pk)


def new_hosts(preview: Preview) -> list[str]:
    """The names of the organisations that would be created, each once, in their order."""
    hosts = Hosts(preview.agency, preview.places)
    for row in preview.rows:
        if row.state in (State.NEW, State.CHANGED):
            hosts.find(row.offer.values.get("host", ""), {}, None)
    return [host.name for host in hosts.new]


class Taking:
    def __init__(self, preview: Preview, choices: Choices, by, now):
        self.preview, self.choices, self.by, self.now = preview, choices, by, now
        self.result = Result()
        self.hosts = Hosts(preview.agency, preview.places)
        # (row, opportunity, all its values, the columns that are written)
        self.work: list[tuple[Row, Opportunity, dict, set]] = []

    # --- What is to be done

    def decide(self, row: Row) -> None:
        if row.state in (State.WRONG, State.UNCHANGED):
            return
        values = dict(row.offer.values) if row.state == State.NEW else row.values_with(self.chosen(row))
        if row.state == State.NEW and not values.get("field"):
            values["field"] = self.field_for(row)
        ours = values_of(row.opportunity, self.preview.places) if row.opportunity else {}
        plain, faults = settled(ours | values)
        if row.state == State.NEW and not values["field"]:
            faults.append(_("Nobody said what it is about."))
        if faults:
            self.result.left_out.append((row.offer.line, " ".join(faults)))
        else:
            opportunity = row.opportunity or Opportunity(created_by=self.by, coordinator=self.by, created_at=self.now)
            self.fill(opportunity, values, plain, row.offer)
            self.work.append((row, opportunity, ours | values, set(values)))

    def chosen(self, row: Row) -> set[str]:
        return {change.column for change in row.conflicts if (row.number, change.column) in self.choices.theirs}

    def field_for(self, row: Row) -> str:
        answers = (self.choices.fields.get(word) for word in [*row.offer.fields, ""])
        return next((code for code in answers if code in self.preview.words.keys["field"]), "")

    def fill(self, opportunity: Opportunity, values: dict, plain: dict, offer) -> None:
        told = {*values, *(OF_THE_DAY if {*OF_THE_DAY} & {*values} else ())}
        for name in SCALARS:
            if name in plain and (name in told or opportunity._state.adding):
                setattr(opportunity, name, plain[name])
        if "field" in values:
            opportunity.field_id = self.preview.words.keys["field"][values["field"]]
        if "city" in values or opportunity._state.adding:
            opportunity.city_id = self.city_of(values)
        if "host" in values or opportunity._state.adding:
            opportunity.host = self.hosts.find(values.get("host", ""), offer.host, opportunity.city_id)
            opportunity.agency = self.preview.agency
        opportunity.changed_at = self.now

    def city_of(self, values: dict) -> int | None:
        places = self.preview.places
        hoods = values.get("neighbourhoods")
        return places.town(values.get("city", "")) or (places.hoods[hoods[0]].city_id if hoods else None)

    # --- Doing it

    def store(self) -> None:
        self.hosts.create()
        for row, opportunity, *_rest in self.work:
            # A new host has its key only now.
            opportunity.host = opportunity.host
            if row.state == State.NEW:
                self.show(row, opportunity)
        new = [opportunity for row, opportunity, *_rest in self.work if row.state == State.NEW]
        self.result.new = Opportunity.objects.bulk_create(new, batch_size=BATCH)
        self.result.changed = [row for line, row, *_rest in self.work if line.state == State.CHANGED]
        self.update_columns()
        self.store_relations()
        self.store_origins()
        closed = self.close()
        shown = [row for row in [*self.result.new, *self.result.changed] if row.status == Status.PUBLISHED]
        if shown or closed:
            opportunities_saved.send(Opportunity, opportunities=[*shown, *closed], by=self.by)

    def update_columns(self) -> None:
        """Of the rows that change only the columns that do, and in each the time of it."""
        names = {
            name for row, _opportunity, _values, names in self.work if row.state == State.CHANGED for name in names
        }
        names |= {*OF_THE_DAY} if names & {*OF_THE_DAY} else set()
        written = names & {*SCALARS, "field", "city", "host"}
        if written:
            Opportunity.objects.bulk_update(self.result.changed, written, batch_size=BATCH)
        Opportunity.objects.filter(pk__in=[row.pk for row in self.result.changed]).update(changed_at=self.now)

    def show(self, row: Row, opportunity: Opportunity) -> None:
        hoods = row.offer.values.get("neighbourhoods")
        if self.choices.publish and not obstacles(opportunity, neighbourhoods=hoods, now=self.now):
            opportunity.status, opportunity.published_at = Status.PUBLISHED, self.now
            self.result.published += 1

    def store_relations(self) -> None:
        words, places = self.preview.words, self.preview.places
        hoods = {code: hood.pk for code, hood in places.hoods.items()}
        self.swap("neighbourhoods", "neighbourhood", hoods)
        for name, kind in MANY.items():
            self.swap(name, kind, words.keys[kind])
        self.swap_languages()
        self.swap_texts()

    def swap(self, name: str, kind: str, keys: dict[str, int]) -> None:
        """The rows of a many-to-many column, of all opportunities at once."""
        through = getattr(Opportunity, name).through
        work = [(opportunity, values) for _row, opportunity, values, names in self.work if name in names]
        through.objects.filter(opportunity__in=[opportunity.pk for opportunity, _values in work]).delete()
        rows = [
            through(opportunity_id=opportunity.pk, **{f"{kind}_id": keys[code]})
            for opportunity, values in work
            for code in values[name] or []
            if code in keys
        ]
        through.objects.bulk_create(rows, batch_size=BATCH * 4)

    def swap_languages(self) -> None:
        work = [(row, values["languages"] or []) for _row, row, values, names in self.work if "languages" in names]
        NeededLanguage.objects.filter(opportunity__in=[row.pk for row, _languages in work]).delete()
        keys = self.preview.words.keys["language"]
        rows = [
            NeededLanguage(opportunity_id=row.pk, language_id=keys[code], level=level, role=role)
            for row, languages in work
            for code, level, role in languages
            if code in keys
        ]
        NeededLanguage.objects.bulk_create(rows, batch_size=BATCH * 4)

    def swap_texts(self) -> None:
        """The texts of a language in which something changed are written anew; those of others stay as they are."""
        gone, rows = [], []
        for _row, opportunity, values, names in self.work:
            for language in {name.partition("_")[2] for name in names if name.partition("_")[0] in TEXT_PARTS}:
                text = {part: values.get(f"{part}_{language}") or "" for part in TEXT_PARTS}
                gone.append((opportunity.pk, language))
                if text["title"]:
                    rows.append(OpportunityText(opportunity_id=opportunity.pk, language=language, **text))
        changed = {row.pk for row in self.result.changed}
        for language in {language for _key, language in gone}:
            keys = [key for key, code in gone if code == language and key in changed]
            OpportunityText.objects.filter(opportunity__in=keys, language=language).delete()
        OpportunityText.objects.bulk_create(rows, batch_size=BATCH)

    def store_origins(self) -> None:
        """What the source said this time, also where nothing changed by it, or staff kept what is here."""
        stored = {row.number: opportunity for row, opportunity, *_rest in self.work}
        left_out = {line for line, _why in self.result.left_out}
        rows = [
            Origin(
                opportunity=stored.get(row.number) or row.opportunity,
                agency=self.preview.agency,
                source=self.preview.source,
                external_id=row.offer.key,
                values=row.offer.values,
                record=row.offer.record,
                taken_at=self.now,
            )
            for row in self.preview.rows
            if row.state != State.WRONG and not row.offer.number and row.offer.line not in left_out
        ]
        names = ["values", "record", "taken_at"]
        unique = ["agency", "source", "external_id"]
        Origin.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=names
        )

    def close(self) -> list[Opportunity]:
        """Those of the vanished that staff chose, and no other."""
        gone = [row.opportunity for row in self.preview.vanished() if row.opportunity_id in self.choices.close]
        rows = Opportunity.objects.filter(pk__in=[row.pk for row in gone], status__in=CLOSABLE)
        self.result.closed = rows.update(status=Status.CLOSED, changed_at=self.now)
        return gone
