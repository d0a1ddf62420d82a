"""Opportunities: the invented ones of the demonstration with other places, languages, times and numbers of places."""

from collections import defaultdict
from random import Random

import numpy as np

from engagement.models import Level
from matching.demo.communities import some_community, some_languages
from matching.demo.copying import copy_rows, take_keys
from matching.demo.opportunities import facts_of
from matching.demo.words import read_file
from organisations.models import NeededLanguage, Opportunity

from .drawing import Ground

REMOTE, IN_THE_WHOLE_TOWN, OTHER_LANGUAGES, BY_A_GROUP = 0.03, 0.05, 0.6, 0.2
PLACES = [1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12]
SHIFTS = [0, 0, 3, 6, 9, 12]
LINKS = [("skills_required", "skill_id"), ("skills_wanted", "skill_id"), ("proofs", "proof_id")]
LINKS = [(getattr(Opportunity, name).through, name, column) for name, column in LINKS]
HOODS = Opportunity.neighbourhoods.through
Place = Opportunity.Place


class Offers:
    """Writes opportunities of one copy of the country, each a sample varied."""

    def __init__(self, ground: Ground, agencies: dict[int, int], groups: tuple[np.ndarray, np.ndarray]):
        self.ground, self.agencies = ground, agencies
        self.rng = Random(int(ground.rng.integers(2**32)))
        self.groups = defaultdict(list)
        for key, town in zip(*(column.tolist() for column in groups), strict=True):
            self.groups[town].append(key)
        samples = read_file("opportunities.json")["opportunities"]
        self.remote = [sample for sample in samples if sample["location_mode"] == "remote"]
        self.local = [sample for sample in samples if sample["location_mode"] != "remote"]

    def store(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Write so many opportunities; their keys and their towns."""
        places = self.ground.places
        keys, where = take_keys(Opportunity, number), places.draw(self.ground.rng, number)
        towns, hoods = places.towns[where], places.some_hood(self.ground.rng, where)
        rows = defaultdict(list)
        for key, town, hood in zip(keys, towns.tolist(), hoods.tolist(), strict=True):
            self.add(key, town, hood, rows)
        for model, batch in rows.items():
            copy_rows(model, batch)
        return np.array(keys), towns

    def add(self, key: int, town: int, hood: int, rows: dict) -> None:
        sample = self.some_sample()
        place = self.some_place(sample, hood)
        groups, agency = self.groups[town], self.agencies[town]
        host = self.rng.choice(groups) if groups and self.rng.random() < BY_A_GROUP else agency
        of = {"id": key, "host_id": host, "agency_id": agency, "city_id": town, "place": place.value}
        rows[Opportunity].append(facts_of(sample, self.ground.words) | of)
        if place == Place.NEIGHBOURHOOD:
            rows[HOODS].append({"opportunity_id": key, "neighbourhood_id": hood})
        for through, name, column in LINKS:
            terms = self.ground.words.proofs if column == "proof_id" else self.ground.words.skills
            rows[through] += [{"opportunity_id": key, column: terms[code]} for code in sample.get(name, ())]
        rows[NeededLanguage] += [self.needed(key, language) for language in sample["languages"]]

    def some_sample(self) -> dict:
        """The same task with another level of German, other languages, other times and another number of places."""
        rng = self.rng
        sample = rng.choice(self.remote if rng.random() < REMOTE else self.local)
        german = Level[sample["german_min_level"]] + rng.choice([-1, 0, 0, 0, 1])
        languages = sample["languages"]
        return sample | {
            "german_min_level": Level(min(max(german, Level.A1), Level.C1)).name,
            "languages": self.others(languages) if rng.random() < OTHER_LANGUAGES else languages,
            "shift": rng.choice(SHIFTS),
            "slots": rng.choice(PLACES),
            "mixed_team": rng.choice([True, False, None]),
            "proofs": sample["certificates"],
        }

    def some_place(self, sample: dict, hood: int) -> Place:
        if sample["location_mode"] == "remote":
            return Place.REMOTE
        return Place.NEIGHBOURHOOD if hood and self.rng.random() >= IN_THE_WHOLE_TOWN else Place.CITY

    def others(self, needed: list[dict]) -> list[dict]:
        """Languages of people by their frequency in place of those needed."""
        rng = self.rng
        codes = [code for _ in needed for code in some_languages(rng, some_community(rng)) if code != "de"]
        return [language | {"code": code} for code, language in zip(dict.fromkeys(codes), needed, strict=False)]

    def needed(self, key: int, language: dict) -> dict:
        keys = self.ground.words.languages
        level = {"level": Level[language["min_level"]].value, "role": language["role"]}
        return {"opportunity_id": key, "language_id": keys[language["code"]], **level}
