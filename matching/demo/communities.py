"""Which languages people bring, in the proportions of North Rhine-Westphalia.

Nationals in thousands (IT.NRW, Ausländerzentralregister, 31 December 2024), turned into languages by estimate:
nationality is not language. People whose first language is German are a fifth.
"""

from dataclasses import dataclass, field
from random import Random

from engagement.models import Level


@dataclass(frozen=True)
class Community:
    weight: int
    # First languages with their shares, and further ones with their chance.
    first: dict[str, int]
    further: dict[str, float] = field(default_factory=dict)


# By the names of names.json.
COMMUNITIES = {
    "tuerkisch": Community(417, {"tr": 1}, {"en": 0.3}),
    "arabisch": Community(330, {"ar": 1}, {"en": 0.4, "fr": 0.12, "ku": 0.08}),
    "ukrainisch": Community(280, {"uk": 1}, {"ru": 0.7, "en": 0.4}),
    "polnisch": Community(218, {"pl": 1}, {"en": 0.3, "ru": 0.1}),
    "rumaenisch": Community(170, {"ro": 1}, {"en": 0.3, "it": 0.1, "rom": 0.08, "hu": 0.04}),
    "kurdisch": Community(143, {"ku": 7, "ckb": 3}, {"tr": 0.45, "ar": 0.45, "zza": 0.06}),
    "bks": Community(170, {"sr": 4, "bs": 3, "hr": 3}, {"en": 0.3, "rom": 0.07, "mk": 0.04}),
    "italienisch": Community(139, {"it": 1}, {"en": 0.3, "fr": 0.1}),
    "persisch_dari": Community(113, {"fa-AF": 11, "fa": 7, "ps": 2}, {"en": 0.4, "ps": 0.25, "ur": 0.1}),
    "albanisch": Community(111, {"sq": 1}, {"en": 0.3, "sr": 0.15, "it": 0.1}),
    "bulgarisch": Community(106, {"bg": 1}, {"tr": 0.4, "ru": 0.2, "rom": 0.08}),
    "griechisch": Community(96, {"el": 1}, {"en": 0.4}),
    "russisch": Community(80, {"ru": 1}, {"en": 0.3, "uk": 0.1, "kk": 0.05}),
    "tamil_hindi_urdu": Community(70, {"ur": 3, "hi": 3, "ta": 2, "pa": 2}, {"en": 0.7}),
    "westafrikanisch": Community(60, {"ak": 3, "ff": 3, "ig": 2, "yo": 2}, {"en": 0.6, "fr": 0.45}),
    "tigrinya_amharisch": Community(35, {"ti": 3, "am": 1}, {"en": 0.4, "ar": 0.25, "om": 0.1, "so": 0.1}),
    "deutsch": Community(634, {"de": 1}, {"en": 0.75, "fr": 0.2, "es": 0.1, "nl": 0.08, "he": 0.01, "gsg": 0.01}),
}
WEIGHTS = [community.weight for community in COMMUNITIES.values()]
# The German of those who learned it later; None: they have not told it.
GERMAN = {Level.A1: 8, Level.A2: 17, Level.B1: 28, Level.B2: 23, Level.C1: 12, Level.C2: 7, None: 5}
FURTHER = {Level.A2: 15, Level.B1: 30, Level.B2: 30, Level.C1: 20, None: 5}
FIRST = {Level.NATIVE: 82, Level.C1: 8, Level.B2: 6, None: 4}


def some_community(rng: Random) -> str:
    return rng.choices(list(COMMUNITIES), weights=WEIGHTS)[0]


def some_languages(rng: Random, community: str) -> dict[str, Level | None]:
    """Languages with their levels; one in thirty has not said anything about German."""
    speaks = COMMUNITIES[community]
    languages = {code: draw(rng, FURTHER) for code, chance in speaks.further.items() if rng.random() < chance}
    languages[draw(rng, speaks.first)] = draw(rng, FIRST)
    if community != "deutsch" and rng.random() < 0.97:
        languages["de"] = draw(rng, GERMAN)
    return languages


def draw(rng: Random, shares: dict):
    return rng.choices(list(shares), weights=shares.values())[0]
