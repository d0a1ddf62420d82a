"""The XML of Freinet-Online, with which many volunteer centres keep and publish their offers.

The shape, as its answers look that the public projects cismet/wupp-ehrenamt-data-aquisition, tilweb/ehrenamtagentur-poc
and the map of volunteering of the city of Leipzig read: ``<angebotsliste agenturId="…">`` holds an
``<angebot angebotsId="…">`` for each offer. In the list its fields follow at once (``angebotsname``, ``beschreibung``,
``plz``, ``geo_breite`` …); in the full export they stand in ``<angebot_details>`` and those of the organisation in
``<einrichtung_details>``. Fields with several values (``zielgruppen``, ``handlungsfelder`` or ``globalbereiche``,
``kenntnisse``, ``stadtteile``) hold an ``<element>`` for each. Texts are escaped HTML; 0.000000 is no position.
"""

from xml.parsers import expat

from django.utils.translation import gettext as _

from .reading import LONGEST_CELL, PARTING, Fault, Record

OFFER = "angebot"
DEEPEST = 20


class Reader:
    """Listens to the parser. A document type is refused: only with one are there entities that grow or fetch."""

    def __init__(self):
        self.records: list[Record] = []
        self.path: list[str] = []
        self.text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text.append

    def refuse(self, *_declaration):
        raise Fault(_("A document type is not accepted."), self.parser.CurrentLineNumber)

    def begin(self, name, attributes):
        if len(self.path) >= DEEPEST:
            raise Fault(_("This is not a list of offers of Freinet."), self.parser.CurrentLineNumber)
        self.path.append(name)
        self.text.clear()
        if self.is_offer():
            self.records.append(Record(self.parser.CurrentLineNumber))
            self.note("angebotsid", attributes.get("angebotsId") or attributes.get("angebotsid") or "")

    def end(self, _name):
        parts = self.path[2:]
        if parts and self.path[1] == OFFER:
            self.note(".".join(part for part in parts if part not in ("angebot_details", "element")), self.words())
        self.path.pop()
        self.text.clear()

    def is_offer(self):
        return len(self.path) == 2 and self.path[1] == OFFER

    def words(self) -> str:
        return "".join(self.text).strip()

    def note(self, name, value):
        record = self.records[-1]
        if len(value) > LONGEST_CELL:
            record.fault = _("“%(name)s” is longer than %(number)s signs.") % {"name": name, "number": LONGEST_CELL}
        elif value:
            before = record.cells.get(name)
            record.cells[name] = f"{before}{PARTING}{value}" if before else value


def read(data: bytes) -> list[Record]:
    """The offers of a file. Raises Fault with the line where it is no XML, or not Freinet's."""
    reader = Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        words = _("This is not XML (%(fault)s).") % {"fault": expat.ErrorString(error.code)}
        raise Fault(words, error.lineno) from error
    except (LookupError, ValueError) as error:
        raise Fault(_("The encoding of this file is not known."), 1) from error
    if not reader.records:
        raise Fault(_("There are no offers of Freinet in this file (no “angebot” in its outermost element)."))
    return reader.records
