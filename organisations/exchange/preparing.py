"""From the bytes of a file to what waits for somebody to take it over."""

import hashlib
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Organisation, Origin
from . import columns, freinet, offers, reading, tables
from .columns import Table, unknown_words
from .offers import Offer
from .reading import Fault
from .whereabouts import Places
from .words import Words, fold

PURPOSE = "opportunities"
# The columns whose names tell a table out of Freinet from others.
FREINETS = {"angebotsid", "einrichtungsname", "angebotsname"}


def read(data: bytes, agency: Organisation) -> dict:
    """What a file says, ready to be kept: source, agency and offers. Raises Fault where it cannot be read."""
    reading.check_size(len(data))
    words, places = Words(), Places()
    if reading.is_markup(data):
        source, read_offers, unknown = Origin.Source.FREINET, foreign(freinet.read(data), words, places), []
    else:
        source, read_offers, unknown = read_table(reading.decoded(data), words, places)
    for offer in read_offers:
        give_key(offer)
    return {
        "agency": agency.pk,
        "source": str(source),
        "offers": [asdict(offer) for offer in read_offers],
        "unknown_columns": unknown[:50],
    }


def read_table(text: str, words: Words, places: Places) -> tuple[str, list[Offer], list[str]]:
    header, records = tables.read(text)
    reading.check_number(records)
    names = columns.column_names()
    ours = {name: names[fold(name)] for name in header if fold(name) in names}
    theirs = offers.meanings_of(header)
    if columns.NUMBER in ours.values() or any(name.startswith("title_") for name in ours.values()):
        table = Table(words)
        found = [columns.offer_of(record, ours, table) for record in records]
        for offer in found:
            settle_places(offer, places)
        return Origin.Source.TABLE, found, [name for name in header if name and name not in ours]
    if "title" not in theirs:
        words_found = ", ".join(filter(None, header))[:300]
        raise Fault(_("There is no column with the title of the offers. Found: %(words)s") % {"words": words_found}, 1)
    is_freinets = len(FREINETS & {offers.squeezed(name) for name in header}) > 1
    source = Origin.Source.FREINET if is_freinets else Origin.Source.TABLE
    return source, foreign(records, words, places), [name for name in header if name and name not in theirs.values()]


def foreign(records, words, places) -> list[Offer]:
    reading.check_number(records)
    return [offers.offer_of(record, words, places) for record in records]


def settle_places(offer: Offer, places: Places) -> None:
    """Towns and neighbourhoods as they are written here; what we do not know is a fault."""
    town, hoods = offer.values.get("city"), offer.values.get("neighbourhoods")
    city = places.town(town) if town else None
    if town and city is None:
        offer.faults += unknown_words("city", [town]).messages
    elif town:
        offer.values["city"] = places.labels[city]
    if hoods:
        codes = {name: [name] if name in places.hoods else places.hoods_named(name, city) for name in hoods}
        unknown = [name for name, found in codes.items() if not found]
        offer.faults += unknown_words("neighbourhoods", unknown).messages if unknown else []
        offer.values["neighbourhoods"] = sorted({code for found in codes.values() for code in found})


def give_key(offer: Offer) -> None:
    """An offer without a number of its own is known by its title and who posts it."""
    if not offer.key and offer.number is None:
        name = f"{fold(offer.title)}|{fold(offer.values.get('host', ''))}"
        offer.key = "title:" + hashlib.sha256(name.encode()).hexdigest()[:32]


def messages_of(error: ValidationError) -> list[str]:
    return list(error.messages)
