"""Finding a place by what people type: a postcode, a neighbourhood, a town, with or without umlauts."""

import re
import unicodedata

from django.db.models import Value
from django.db.models.functions import Concat, Replace

from .folding import Fold
from .models import City, Neighbourhood, Postcode

SPELLINGS = [("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u")]
MOST = 10


def fold(text: str) -> str:
    """The text as it is compared: "Köln-Vingst", "koeln vingst" and "KOLN VINGST" are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    for written, meant in SPELLINGS:
        plain = plain.replace(written, meant)
    return " ".join(re.findall(r"\w+", plain))


def find_places(text: str, limit: int | None = MOST) -> list[Neighbourhood | Postcode]:
    """The places that ``text`` may mean, best first; a town stands for all its neighbourhoods.

    An exact hit comes alone. ``limit=None`` gives all.
    """
    digits = re.search(r"\b\d{5}\b", text)
    if digits:
        return list(Postcode.objects.select_related("city", "neighbourhood").filter(code=digits[0]))
    wanted = fold(text[:200])
    return best_neighbourhoods(wanted, limit) or postcodes_of(wanted, limit) if wanted else []


def find_place(text: str) -> Neighbourhood | Postcode | None:
    """The one place that ``text`` means; None where there is none, or more than one."""
    places = find_places(text, limit=2)
    return places[0] if len(places) == 1 else None


def find_whereabouts(text: str, limit: int = MOST, towns=None) -> list[City | Neighbourhood | Postcode]:
    """What somebody may mean who writes where they are: one row where it is clear, a whole town by its own name.

    ``towns``: all of them, for whoever has them at hand.
    """
    cities = find_cities(text, towns)
    if len(cities) == 1 and fold(cities[0].name) == fold(text):
        return cities
    places = find_places(text, limit)
    # One name may be the beginning of another.
    named = [place for place in places if fold(str(place)) == fold(text)]
    return named or places or (cities if len(cities) == 1 else [])


def find_cities(text: str, towns=None) -> list[City]:
    """The towns whose name is, or else begins with, ``text``."""
    wanted = fold(text[:200])
    begins = [city for city in towns or City.objects.all() if wanted and fold(city.name).startswith(wanted)]
    return [city for city in begins if fold(city.name) == wanted] or begins


def best_neighbourhoods(wanted: str, limit: int | None) -> list[Neighbourhood]:
    ranked = []
    for place in with_words(Neighbourhood.objects.in_use(), wanted).select_related("city").defer("geometry"):
        rank = rank_of(wanted, fold(place.name), fold(place.city.name))
        if rank is not None:
            ranked.append((rank, place))
    ranked.sort(key=lambda pair: pair[0])
    # Whoever writes a full name means it, not the longer names that begin with it.
    exact = [place for rank, place in ranked if rank <= 1]
    return (exact or [place for _, place in ranked])[:limit]


def with_words(neighbourhoods, wanted: str):
    """Those in whose name or town all the words occur somewhere: few enough to be looked at one by one."""
    # A hyphen parts words here, and must not join the letters around it to an umlaut: "Neu-Ehrenfeld".
    name = Replace(Concat("city__name", Value(" "), "name"), Value("-"), Value(" "))
    neighbourhoods = neighbourhoods.annotate(folded=Fold(name))
    for word in dict.fromkeys(wanted.split()):
        neighbourhoods = neighbourhoods.filter(folded__contains=word)
    return neighbourhoods


def rank_of(wanted: str, name: str, city: str) -> int | None:
    """0 the same name, 1 the town, 2 the beginning of a name, 3 all words occur; None where it is another place."""
    # "Rüttenscheid (45130)" is Rüttenscheid, and "Altstadt/Nord" may be written with a blank.
    short = re.sub(r" \d{5}$", "", name)
    if wanted in {name, short, f"{city} {name}", f"{city} {short}", f"{name} {city}", f"{short} {city}"}:
        return 0
    # "Mülheim" is also Mülheim an der Ruhr.
    if wanted in {city, re.sub(r" (an der|am|im) .*", "", city)}:
        return 1
    if name.startswith(wanted) or f"{city} {name}".startswith(wanted):
        return 2
    words = f"{city} {name}".split()
    return 3 if all(any(word.startswith(part) for word in words) for part in wanted.split()) else None


def postcodes_of(wanted: str, limit: int | None) -> list[Postcode]:
    """The postcodes of a town whose neighbourhoods nobody has drawn."""
    cities = [city for city in City.objects.all() if fold(city.name) == wanted]
    return list(Postcode.objects.select_related("city", "neighbourhood").filter(city__in=cities)[:limit])
