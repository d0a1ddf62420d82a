"""Invented volunteers, self-organisations and opportunities by the million, the same for the same seed.

Everything is drawn in columns and written by COPY into the tables of the house, so that whoever is measured reads the
same rows. The shares are those of the demonstration: languages of North Rhine-Westphalia by frequency, German
from A1 to first language, one to six skills, when people have time, how far they go; some of each untold. The
opportunities vary the 81 invented ones.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from tqdm import tqdm

from matching.demo.copying import copy_rows, take_keys
from matching.demo.words import Words
from matching.models import Match
from organisations.models import Organisation

from .database import count_rows
from .drawing import Ground
from .offers import Offers
from .people import store_self_organisations, store_volunteers
from .places import Places, copy_the_country

SEED = 20261122
BATCH = 10_000
SELF_ORGANISATIONS, DECIDED = 0.01, 0.05


@dataclass(frozen=True)
class Size:
    """How many there are in each copy of the country, or in one town of it."""

    volunteers: int
    opportunities: int
    town: str = ""
    copies: int = 1


# Germany is ten times North Rhine-Westphalia here: of other states no postcodes are shipped.
SIZES = {
    "S": Size(10_000, 1_000, town="Köln"),
    "M": Size(100_000, 10_000),
    "L": Size(100_000, 10_000, copies=10),
}


def populate(size: Size) -> None:
    """Fill a fresh database with people and opportunities, none of them scored yet."""
    copy_the_country(size.copies)
    words = Words.read()
    for copy in range(size.copies):
        rng = np.random.default_rng(SEED + copy)
        store(size, Ground(rng, words, Places.read(only=size.town, copy=copy)))
    count_rows()


def store(size: Size, ground: Ground) -> None:
    """One copy of the country. Of the people, one in twenty has had an answer about something in their town."""
    agencies = store_agencies(ground)
    self_organisations = round(size.volunteers * SELF_ORGANISATIONS)
    groups = in_batches(partial(store_self_organisations, ground, agencies), self_organisations)
    volunteers = in_batches(partial(store_volunteers, ground), size.volunteers)
    offers = Offers(ground, agencies, groups)
    opportunities = in_batches(offers.store, size.opportunities)
    store_matches(ground.rng, volunteers, opportunities)


def in_batches(store, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The keys and the towns of all that ``store`` wrote."""
    sizes = [min(BATCH, number - start) for start in range(0, number, BATCH)]
    keys, towns = zip(*(store(size) for size in tqdm(sizes, desc="Population", disable=None)), strict=True)
    return np.concatenate(keys), np.concatenate(towns)


def store_agencies(ground: Ground) -> dict[int, int]:
    """An agency for each town, which looks after everything there; by the key of the town."""
    towns = np.unique(ground.places.towns).tolist()
    agencies = dict(zip(towns, take_keys(Organisation, len(towns)), strict=True))
    kind = {"kind": Organisation.Kind.AGENCY.value, "verified_at": ground.now}
    rows = [{"id": key, "name": f"Agency {key}", "city_id": town, **kind} for town, key in agencies.items()]
    copy_rows(Organisation, rows)
    return agencies


def store_matches(rng, volunteers, opportunities) -> None:
    """Some volunteers decided, or were placed, in one opportunity of their town."""
    keys, towns = volunteers
    order = np.argsort(opportunities[1], kind="stable")
    start, end = (np.searchsorted(opportunities[1][order], towns, side) for side in ("left", "right"))
    decides = (rng.random(len(keys)) < DECIDED) & (end > start)
    place = start + (rng.random(len(keys)) * (end - start)).astype(int)
    pairs = zip(keys[decides].tolist(), opportunities[0][order][place[decides]].tolist(), strict=True)
    copy_rows(Match, [row_of_match(rng.random() < 0.4, *pair) for pair in pairs])


def row_of_match(is_placed: bool, volunteer: int, opportunity: int) -> dict:
    row = {"volunteer_id": volunteer, "opportunity_id": opportunity, "origin": Match.Origin.SUGGESTION.value}
    if is_placed:
        return row | {"state": Match.State.PLACED.value}
    reason = {"declined_by": Match.Side.CANDIDATE.value, "reason": Match.Reason.NO_COMMON_TIME.value}
    return row | {"state": Match.State.DECLINED.value} | reason
