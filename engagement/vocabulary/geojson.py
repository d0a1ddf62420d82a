"""Features of GeoJSON files (RFC 7946): every position is checked before anything is stored."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from .reading import VocabularyError, read_text

KINDS = ("Point", "Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Feature:
    """One place of a file: its number counted from 1, its properties, its geometry."""

    file: str
    number: int
    properties: dict
    geometry: dict

    def fault(self, words: str) -> VocabularyError:
        name = self.properties.get("name")
        return VocabularyError(self.file, f"feature {self.number}" + (f" ({name})" if name else ""), words)

    def text(self, key: str, longest: int) -> str:
        value = self.properties.get(key)
        if value is None:
            return ""
        if not isinstance(value, str | int) or len(str(value)) > longest:
            raise self.fault(f"“{key}” is not a text of at most {longest} characters.")
        return str(value).strip()

    def number_of(self, key: str) -> float | None:
        value = self.properties.get(key)
        if value is not None and (not is_number(value) or value < 0):
            raise self.fault(f"“{key}” is not a number.")
        return value


def read_features(path: Path) -> list[Feature]:
    return features_in(path.name, read_text(path))


def features_in(file: str, text: str) -> list[Feature]:
    try:
        collection = json.loads(text, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise VocabularyError(file, f"line {error.lineno}", f"this is not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:
        raise VocabularyError(file, "", f"this is not JSON ({error}).") from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise VocabularyError(file, "", "this is not a GeoJSON FeatureCollection.")
    return [feature_of(file, number, raw) for number, raw in enumerate(collection["features"], 1)]


def refuse_constant(name: str):
    raise ValueError(f"{name} is not a number")


def feature_of(file: str, number: int, raw) -> Feature:
    parts = raw if isinstance(raw, dict) else {}
    properties, geometry = parts.get("properties"), parts.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise VocabularyError(file, f"feature {number}", "it needs properties and a geometry.")
    if "\\u0000" in json.dumps(properties):
        raise VocabularyError(file, f"feature {number}", "a NUL character is not text.")
    feature = Feature(file, number, properties, geometry)
    check_geometry(feature)
    return feature


def check_geometry(feature: Feature):
    kind, coordinates = feature.geometry.get("type"), feature.geometry.get("coordinates")
    if kind not in KINDS or not isinstance(coordinates, list):
        raise feature.fault(f"the geometry is none of {', '.join(KINDS)}.")
    if kind == "Point":
        return check_position(feature, coordinates)
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not polygons or not all(isinstance(polygon, list) and polygon for polygon in polygons):
        raise feature.fault("the polygon is empty.")
    for ring in (ring for polygon in polygons for ring in polygon):
        check_ring(feature, ring)
    return None


def check_ring(feature: Feature, ring):
    if not isinstance(ring, list) or len(ring) < 4:
        raise feature.fault("a ring of the polygon has fewer than four positions.")
    for position in ring:
        check_position(feature, position)
    if ring[0] != ring[-1]:
        raise feature.fault("the polygon is not closed: its first and last positions differ.")


def check_position(feature: Feature, position):
    if not isinstance(position, list) or not 2 <= len(position) <= 3 or not all(map(is_number, position)):
        raise feature.fault(f"{json.dumps(position)[:60]} is not a position.")
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        raise feature.fault(f"{position[:2]} is not a longitude and a latitude in degrees (WGS 84).")


def is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
