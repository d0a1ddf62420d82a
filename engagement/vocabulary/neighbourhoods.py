"""Towns, neighbourhoods, who is next to whom, and postcodes: from files to rows."""

import re
from itertools import combinations
from pathlib import Path

from django.utils.text import slugify

from engagement.geometry import centroid_and_area, distance_km, touches
from engagement.models import Adjacency, City, Neighbourhood, Postcode

from .geojson import Feature, read_features
from .reading import Row, by_code, read_rows
from .storing import Changes, Entry, store, withdraw

NEAR_KM = 2.5
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def load_shipped_neighbourhoods(folder: Path, changes: Changes):
    features = [
        feature
        for file in ("neighbourhoods.geojson", "neighbourhoods_osm.geojson")
        for feature in read_features(folder / file)
    ]
    rows = read_rows(folder / "postcodes.csv", ["plz", "city", "ags_or_kreis", "lat", "lon", "neighbourhood_id"])
    cities = store_cities([city_of(feature) for feature in features] + [city_in(row) for row in rows], changes)
    places = store_features(features, cities, changes)
    pairs = read_rows(
        folder / "adjacency.csv", ["from_id", "to_id", "relation", "centroid_distance_km", "crosses_rhine"]
    )
    store_pairs(places, dict(pair_of(row, places) for row in pairs), changes)
    store_postcodes(by_code(rows, "plz"), cities, places, changes)


def load_own_neighbourhoods(features: list[Feature], city: str, changes: Changes):
    """Neighbourhoods that somebody else drew; ``city`` is the town where a feature names none."""
    cities = store_cities([city_of(feature, city) for feature in features], changes)
    places = store_features(features, cities, changes, default_city=city)
    store_pairs(places, computed_pairs(places), changes)


def city_of(feature: Feature, default: str = "") -> tuple[str, str]:
    """The name and the official key of the town."""
    name = feature.text("city", 100) or default
    if not name:
        raise feature.fault("the town is missing: add a property “city”, or name it with --city.")
    return name, feature.text("ags", 8)


def city_in(row: Row) -> tuple[str, str]:
    return row.text("city"), row.cells["ags_or_kreis"]


def store_cities(keys: list[tuple[str, str]], changes: Changes) -> dict[tuple[str, str], City]:
    """Towns by name and key. One that is known by its name alone is the town of that name, if there is just one."""
    known = list(City.objects.all())
    found = {(city.name, city.ags): city for city in known}
    for key in dict.fromkeys(keys):
        same_name = [city for city in known if city.name == key[0]]
        if key not in found and not key[1] and len(same_name) == 1:
            found[key] = same_name[0]
    new = [key for key in dict.fromkeys(keys) if key not in found]
    created = City.objects.bulk_create([City(name=name, ags=ags) for name, ags in new])
    changes.note(City, "added", len(created))
    return found | dict(zip(new, created, strict=True))


def store_features(
    features: list[Feature], cities: dict, changes: Changes, default_city=""
) -> dict[str, Neighbourhood]:
    """Neighbourhoods by code; those that left their files are withdrawn."""
    entries: dict[str, Entry] = {}
    for feature in features:
        values = neighbourhood_values(feature, cities[city_of(feature, default_city)])
        if values["code"] in entries:
            first = entries[values["code"]].at
            raise feature.fault(
                f"the code {values['code']} occurs twice, first as feature {first.number} of {first.file}."
            )
        entries[values["code"]] = Entry(values, feature)
    stored = store(Neighbourhood, entries, changes)
    withdraw(Neighbourhood, {feature.file for feature in features}, set(entries), changes)
    return stored


def neighbourhood_values(feature: Feature, city: City) -> dict:
    name = feature.text("name", 100)
    if not name:
        raise feature.fault("the property “name” is missing.")
    try:
        longitude, latitude, area = centroid_and_area(feature.geometry)
    except ValueError as error:
        raise feature.fault(str(error)) from error
    stated = [feature.number_of(key) for key in ("centroid_lon", "centroid_lat", "area_km2", "population")]
    return {
        "code": code_of(feature, city, name),
        "name": name,
        "city_id": city.pk,
        "district": feature.text("district", 100),
        "level": feature.text("level", 20),
        "longitude": longitude if stated[0] is None else stated[0],
        "latitude": latitude if stated[1] is None else stated[1],
        "area_km2": area if stated[2] is None else stated[2],
        "population": stated[3],
        "geometry": None if feature.geometry["type"] == "Point" else feature.geometry,
        "source": feature.text("source", 200),
        "attribution": feature.text("attribution", 200),
        "licence": feature.text("licence", 200),
        "is_active": True,
        "loaded_from": feature.file,
    }


def code_of(feature: Feature, city: City, name: str) -> str:
    """The file's own code where it is one for the whole country, such as "koeln-vingst"; never a running number."""
    own = str(feature.properties.get("id") or "")
    code = own if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", own) else slug(f"{city.name} {name}")
    if not 0 < len(code) <= 60:
        raise feature.fault("no code of at most 60 letters can be made of its town and its name.")
    return code


def slug(text: str) -> str:
    return slugify(text.translate(UMLAUTS)) or slugify(text, allow_unicode=True)


def pair_of(row: Row, places: dict[str, Neighbourhood]) -> tuple[tuple[str, str], dict]:
    codes = sorted([row.text("from_id"), row.text("to_id")])
    for code in codes:
        if code not in places:
            raise row.fault(f"the neighbourhood {code} is unknown.")
    if codes[0] == codes[1]:
        raise row.fault(f"{codes[0]} cannot be next to itself.")
    return tuple(codes), {
        "relation": row.choice("relation", {value: value for value in Adjacency.Relation.values}),
        "distance_km": row.decimal("centroid_distance_km", 0, 100),
        "crosses_rhine": row.choice("crosses_rhine", {"yes": True, "no": False}),
    }


def computed_pairs(places: dict[str, Neighbourhood]) -> dict[tuple[str, str], dict]:
    """Polygons that touch, and centres that are near where a border is unknown."""
    pairs = {}
    for (code, one), (other_code, other) in combinations(sorted(places.items()), 2):
        relation = relation_of(one, other)
        if relation:
            distance = round(distance_km(one, other), 2)
            pairs[code, other_code] = {"relation": relation, "distance_km": distance, "crosses_rhine": False}
    return pairs


def relation_of(one: Neighbourhood, other: Neighbourhood) -> str:
    if one.geometry and other.geometry:
        return Adjacency.Relation.TOUCHES if touches(one.geometry, other.geometry) else ""
    return Adjacency.Relation.NEAR if distance_km(one, other) <= NEAR_KM else ""


def store_pairs(places: dict[str, Neighbourhood], pairs: dict[tuple[str, str], dict], changes: Changes):
    """Make the adjacencies among ``places`` equal to ``pairs``."""
    keys = [place.pk for place in places.values()]
    stored = {(row.one_id, row.other_id): row for row in Adjacency.objects.filter(one__in=keys, other__in=keys)}
    wanted = {(places[one].pk, places[other].pk): values for (one, other), values in pairs.items()}
    fresh = {
        pair: Adjacency(one_id=pair[0], other_id=pair[1], **values)
        for pair, values in wanted.items()
        if pair not in stored or any(getattr(stored[pair], name) != value for name, value in values.items())
    }
    outdated = [row.pk for pair, row in stored.items() if pair not in wanted or pair in fresh]
    if outdated:
        Adjacency.objects.filter(pk__in=outdated).delete()
    Adjacency.objects.bulk_create(fresh.values())
    changes.note(Adjacency, "changed", len(set(fresh) | (set(stored) - set(wanted))))


def store_postcodes(rows: dict[str, Row], cities: dict, places: dict[str, Neighbourhood], changes: Changes):
    """Postcodes are added and changed, never removed: people live there."""
    store(Postcode, {code: postcode_entry(row, cities, places) for code, row in rows.items()}, changes)


def postcode_entry(row: Row, cities: dict, places: dict[str, Neighbourhood]) -> Entry:
    code, place = row.text("plz"), row.cells["neighbourhood_id"]
    if not (code.isascii() and code.isdigit() and len(code) == 5):
        raise row.fault(f"plz: “{code}” is not five digits.")
    if place and place not in places:
        raise row.fault(f"neighbourhood_id: {place} is unknown.")
    values = {
        "code": code,
        "city_id": cities[city_in(row)].pk,
        "latitude": row.decimal("lat", -90, 90),
        "longitude": row.decimal("lon", -180, 180),
        "neighbourhood_id": places[place].pk if place else None,
    }
    return Entry(values, row)
