"""The vocabulary by code, as primary keys, and the places of each town."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from engagement.models import City, Field, Language, Neighbourhood, Postcode, Proof, Skill

FILES = Path(__file__).parent / "files"
# Inhabitants in thousands, rounded: the towns in which the demo plays.
TOWNS = {
    "Köln": 1087,
    "Düsseldorf": 631,
    "Dortmund": 595,
    "Essen": 574,
    "Duisburg": 503,
    "Bochum": 366,
    "Wuppertal": 358,
    "Bielefeld": 338,
    "Bonn": 336,
    "Münster": 322,
    "Mönchengladbach": 268,
    "Gelsenkirchen": 263,
    "Aachen": 252,
    "Krefeld": 228,
    "Oberhausen": 210,
    "Hagen": 189,
    "Hamm": 180,
    "Mülheim an der Ruhr": 172,
    "Leverkusen": 165,
    "Solingen": 160,
    "Herne": 157,
    "Paderborn": 154,
    "Neuss": 153,
    "Bottrop": 117,
    "Remscheid": 112,
    "Bergisch Gladbach": 112,
    "Recklinghausen": 111,
    "Moers": 105,
    "Siegen": 102,
    "Witten": 95,
}


@cache
def read_file(name: str) -> dict:
    return json.loads((FILES / name).read_text(encoding="utf-8"))


@dataclass
class Words:
    languages: dict[str, int]
    skills: dict[str, int]
    proofs: dict[str, int]
    fields: dict[str, int]
    # The typical skills of each field, by the field's key.
    typical: dict[int, list[int]]
    cities: dict[str, int]
    # Key, code and name of the neighbourhoods of each town.
    hoods: dict[str, list[tuple[int, str, str]]]
    postcodes: dict[str, list[int]]

    @classmethod
    def read(cls) -> "Words":
        typical, hoods, postcodes = defaultdict(list), defaultdict(list), defaultdict(list)
        for field, skill in Field.typical_skills.through.objects.order_by("pk").values_list("field_id", "skill_id"):
            typical[field].append(skill)
        places = Neighbourhood.objects.in_use().filter(city__name__in=TOWNS).order_by("code")
        for city, *place in places.values_list("city__name", "pk", "code", "name"):
            hoods[city].append(tuple(place))
        for city, key in Postcode.objects.order_by("code").values_list("city__name", "pk"):
            postcodes[city].append(key)
        terms = [dict(model.objects.values_list("code", "pk")) for model in (Language, Skill, Proof, Field)]
        cities = dict(City.objects.filter(name__in=TOWNS).values_list("name", "pk"))
        return cls(*terms, typical, cities, hoods, postcodes)


def some_town(rng: Random) -> str:
    return rng.choices(list(TOWNS), weights=TOWNS.values())[0]


def phone(rng: Random) -> str:
    """One of the thousand numbers that are set aside for films and books."""
    return f"0221 4710{rng.randrange(1000):03}"
