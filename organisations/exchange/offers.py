"""The offers of other systems in our words: Freinet's fields, and the columns that other lists are exported with.

Freinet's names also stand above the columns of tables that are made out of its data, such as that of Hamburg's
volunteer centres (codeforhamburg/ehrenamt: ``_angebotsId``, ``einrichtungsname``, ``latitude`` with a decimal comma).
Volunteer centres that feed the Freiwilligendatenbank of Aktion Mensch export a table out of their own database or out
of Excel, after a sample of the bagfa that is not published (bagfa.de, "FAQ zur Freiwilligendatenbank"): such a column
is known by what German lists call it.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from ..models import Opportunity, OpportunityText
from .markup import plain
from .reading import PARTING, Record
from .whereabouts import Places, Spot
from .words import SEVERAL, Words, fold, is_about_newcomers, several

COLUMNS = {
    "key": "angebotsid angebotsnummer angebotsnr angebotid externeid externalid offerid id nr nummer",
    "title": "angebotsname angebotstitel titel title bezeichnung ueberschrift taetigkeit name",
    "lead": "kurzbeschreibung kurztext teaser",
    "body": "beschreibung angebotsbeschreibung taetigkeitsbeschreibung aufgabenbeschreibung aufgaben aufgabe "
    "description langtext text",
    "host": "einrichtungsname einrichtung einrichtungdetailsname organisation organisationsname einsatzstelle traeger "
    "anbieter verein",
    "host_email": "einrichtungdetailsemail organisationemail",
    "host_phone": "einrichtungdetailstelefon organisationtelefon",
    "host_website": "einrichtungdetailshomepage organisationhomepage",
    "host_description": "einrichtungdetailsbeschreibung organisationbeschreibung",
    "host_town": "einrichtungdetailsort",
    "street": "strasse strassehausnummer einsatzadresse adresse",
    "postcode": "plz postleitzahl einsatzortplz plzeinsatzort",
    "town": "ort stadt einsatzort wohnort city",
    "hoods": "stadtteile stadtteil ortsteil ortsteile bezirk",
    "latitude": "geobreite breitengrad latitude lat geox",
    "longitude": "geolaenge laengengrad longitude lon lng geoy",
    "fields": "handlungsfelder handlungsfeld globalbereiche globalbereich bereiche bereich einsatzfelder einsatzfeld "
    "einsatzbereiche einsatzbereich engagementbereiche engagementbereich taetigkeitsbereiche taetigkeitsbereich "
    "taetigkeitsfelder taetigkeitsfeld kategorien kategorie themen thema interessen interesse",
    "targets": "zielgruppen zielgruppe",
    "skills": "kenntnisse faehigkeiten qualifikationen qualifikation",
    "languages": "sprachen sprache sprachkenntnisse",
    "requirements": "anforderungen anforderung voraussetzungen voraussetzung",
    "benefits": "leistungen leistung wirbieten rahmenbedingungen",
    "access": "barrierefreiheit",
    "schedule": "zeitlicherrahmen zeitspenden zeitaufwand zeitumfang einsatzzeiten einsatzzeit zeiten termine",
    "places": "anzahlgesuche anzahlfreiwillige anzahlplaetze plaetze",
    "min_age": "mindestalter alterab",
    "valid_until": "gueltigbis laufzeitbis enddatum ende",
    "first_name": "vorname",
    "last_name": "nachname",
    "contact": "ansprechpartner ansprechpartnerin ansprechperson kontaktperson kontakt",
    "phone": "telefon telefonnummer tel",
    "mobile": "mobil mobiltelefon handy",
}


@lru_cache(maxsize=1000)
def squeezed(name: str) -> str:
    """A column's name without what people write differently: "_angebotsId", "Angebots-ID" and "angebotsid"."""
    return fold(name.replace(".", " ").replace("_", " ")).replace(" ", "")


MEANING = {squeezed(name): meaning for meaning, names in COLUMNS.items() for name in names.split()}
# Prose with a place of its own in the source, under its heading there.
HEADINGS = {"requirements": "Anforderungen", "benefits": "Leistungen", "access": "Barrierefreiheit"}
LONGEST = {name: OpportunityText._meta.get_field(name).max_length or 0 for name in ("title", "body", "schedule")} | {
    name: Opportunity._meta.get_field(name).max_length for name in ("meeting_point", "contact_name", "contact_phone")
}


@dataclass
class Offer:
    """What a record says in our words. A value that is not there is not known, and changes nothing.

    ``fields`` are words for its field of engagement, ours or not; ``host`` what is told about who posts it; ``record``
    the whole of it as text; ``number`` and ``changed_at`` are those of our own tables.
    """

    line: int
    key: str = ""
    values: dict = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    host: dict = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    record: dict = field(default_factory=dict)
    number: int | None = None
    changed_at: str = ""

    @property
    def title(self) -> str:
        titles = (value for name, value in self.values.items() if name.startswith("title_") and value)
        return self.values.get("title_de") or next(titles, "")

    def unknown(self, words: list[str]) -> None:
        if words:
            self.notes.append(_("Unknown: %(words)s") % {"words": ", ".join(words)[:300]})


def meanings_of(header) -> dict[str, str]:
    """The column of each meaning: of several that mean the same the first."""
    found: dict[str, str] = {}
    for name in header:
        meaning = MEANING.get(squeezed(name))
        if meaning:
            found.setdefault(meaning, name)
    return found


def offer_of(record: Record, words: Words, places: Places) -> Offer:
    cells = {meaning: record.cells[name] for meaning, name in meanings_of(record.cells).items()}
    offer = Offer(record.line, faults=[record.fault] if record.fault else [])
    offer.record = recorded(record)
    texts = {meaning: offer.record.get(name, "") for meaning, name in meanings_of(record.cells).items()}
    offer.key = texts.get("key", "")[:100]
    rest = add_words(offer, cells, words)
    add_texts(offer, texts, rest)
    add_place(offer, texts, cells, places)
    add_contact(offer, texts)
    add_numbers(offer, texts)
    if not offer.title:
        offer.faults.append(_("The title is missing."))
    return offer


def recorded(record: Record) -> dict[str, str]:
    """Every cell as text; nothing is lost, and nothing is kept as HTML."""
    cells = {name: plain(cell.replace(PARTING, " | ")) for name, cell in record.cells.items()}
    return {name: cell for name, cell in cells.items() if cell}


def add_words(offer: Offer, cells: dict, words: Words) -> list[tuple[str, list[str]]]:
    """Skills, languages, fields and target groups; what is none of ours is returned, to stay in the text."""
    skills, other = words.find_all("skill", plain_words(cells, "skills"))
    spoken, others = words.find_languages("|".join([*other, plain_words(cells, "languages")]))
    targets = several(plain_words(cells, "targets"))
    offer.fields = several(plain_words(cells, "fields"))
    own = next(filter(None, (words.find("field", word) for word in offer.fields)), "")
    known = {"skills_wanted": skills, "languages": [[*row, "wanted"] for row in spoken], "field": own}
    offer.values |= {name: value for name, value in known.items() if value}
    if is_about_newcomers(targets):
        offer.values["serves_newcomers"] = True
    offer.unknown([*others, *(word for word in offer.fields if not own)])
    return [("Zielgruppen", targets), ("Kenntnisse", others)]


def plain_words(cells: dict, meaning: str) -> str:
    return "|".join(plain(part) for part in SEVERAL.split(cells.get(meaning, "")))


def add_texts(offer: Offer, texts: dict, rest: list[tuple[str, list[str]]]) -> None:
    title = texts.get("title", "").replace("\n", " ")
    schedule = texts.get("schedule", "").replace("\n", ", ")
    parts = [title] if len(title) > LONGEST["title"] else []
    parts += [texts.get("lead", ""), texts.get("body", "")]
    parts += [f"Zeiten: {schedule}"] if len(schedule) > LONGEST["schedule"] else []
    parts += [f"{heading}: {texts[name]}" for name, heading in HEADINGS.items() if texts.get(name)]
    parts += [f"{heading}: {', '.join(words)}" for heading, words in rest if words]
    body = "\n\n".join(dict.fromkeys(filter(None, parts)))
    if len(body) > LONGEST["body"]:
        offer.notes.append(_("The text is longer than fits; its end is only in the record of the source."))
    found = {
        "title_de": shortened(title, LONGEST["title"]),
        "body_de": shortened(body, LONGEST["body"]),
        "schedule_de": schedule if len(schedule) <= LONGEST["schedule"] else "",
    }
    offer.values |= {name: text for name, text in found.items() if text}


def shortened(text: str, most: int) -> str:
    """The text, or as many whole words of it as fit, with a sign that it goes on."""
    if len(text) <= most:
        return text
    return text[: most - 2].rsplit(None, 1)[0] + " …" if " " in text[: most - 2] else text[: most - 1] + "…"


def add_place(offer: Offer, texts: dict, cells: dict, places: Places) -> None:
    spot = spot_of(texts, offer)
    found, unknown = places.locate(
        hoods=plain_words(cells, "hoods"),
        spot=spot,
        postcode=texts.get("postcode", "").removeprefix("D-").strip().zfill(5),
        town=texts.get("town", ""),
    )
    offer.values |= found
    offer.unknown(unknown)
    if not found:
        offer.notes.append(_("No place is known."))
    street = texts.get("street", "").replace("\n", ", ")
    if street and found.get("place") != Opportunity.Place.REMOTE:
        town = " ".join(filter(None, [texts.get("postcode", ""), texts.get("town", "")]))
        offer.values["meeting_point"] = ", ".join(filter(None, [street, town]))[: LONGEST["meeting_point"]]


def spot_of(texts: dict, offer: Offer) -> Spot | None:
    """The position, if there is one in Europe; latitude and longitude that were confused are put right."""
    numbers = [number_in(texts.get(name, "")) for name in ("latitude", "longitude")]
    if None in numbers or numbers == [0, 0]:
        return None
    latitude, longitude = numbers
    if 47 <= longitude <= 56 and 5 <= latitude <= 16:
        latitude, longitude = longitude, latitude
    if 35 <= latitude <= 72 and -11 <= longitude <= 40:
        return Spot(latitude, longitude)
    offer.unknown([f"{texts['latitude']} {texts['longitude']}"])
    return None


def number_in(text: str) -> float | None:
    """A number with a decimal point or comma."""
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d{1,7}([.,]\d{1,20})?", text, re.ASCII) else None


def add_contact(offer: Offer, texts: dict) -> None:
    name = " ".join(filter(None, [texts.get("first_name"), texts.get("last_name")])) or texts.get("contact", "")
    phone = texts.get("phone") or texts.get("mobile", "")
    found = {"contact_name": name.replace("\n", ", "), "contact_phone": phone.replace("\n", " ")}
    for part, text in found.items():
        if text and len(text) <= LONGEST[part]:
            offer.values[part] = text
        elif text:
            offer.unknown([text])
    offer.host = {name.removeprefix("host_"): texts[name] for name in texts if name.startswith("host") and texts[name]}
    if texts.get("host"):
        offer.values["host"] = texts["host"].replace("\n", " ")[:150]


def add_numbers(offer: Offer, texts: dict) -> None:
    for name, lowest, highest in (("places", 1, 500), ("min_age", 10, 99)):
        number = number_in(texts.get(name, ""))
        if number and lowest <= number <= highest:
            offer.values[name] = int(number)
        elif number:
            offer.unknown([texts[name]])
    day = day_in(texts.get("valid_until", ""))
    if day:
        offer.values["valid_until"] = day.isoformat()
    elif texts.get("valid_until"):
        offer.unknown([texts["valid_until"]])


def day_in(text: str) -> date | None:
    """A day as 2026-12-05 or as 5.12.2026."""
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip(), re.ASCII)
    try:
        return date(*map(int, reversed(german.groups()))) if german else date.fromisoformat(text.strip())
    except ValueError:
        return None
