"""Distances and areas on the ground. Positions are WGS 84 degrees; a plane is near enough for a town."""

from math import asin, cos, radians, sin, sqrt

import numpy as np

EARTH_KM = 6371.0
DEGREE_KM = 111.195
# Borders are drawn with a tolerance and do not meet to the metre.
TOUCHING_KM = 0.06


def distance_km(one, other) -> float:
    """The distance as the crow flies between two rows that have a latitude and a longitude."""
    south, north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


def rings_of(geometry: dict) -> list[list]:
    """All rings of a Polygon or MultiPolygon; a Point has none."""
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return [ring for polygon in polygons.get(geometry["type"], []) for ring in polygon]


def in_km(ring, latitude: float) -> np.ndarray:
    """Positions (longitude, latitude) as kilometres east and north on a plane that fits around ``latitude``."""
    return np.asarray(ring, dtype=float)[:, :2] * [DEGREE_KM * cos(radians(latitude)), DEGREE_KM]


def centroid_and_area(geometry: dict) -> tuple[float, float, float | None]:
    """Longitude, latitude and, for polygons, the area in km²."""
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        return longitude, latitude, None
    latitude = rings_of(geometry)[0][0][1]
    area = moments = 0
    for polygon in [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]:
        for number, ring in enumerate(polygon):
            # The first ring is the outside; the others are holes.
            ring_area, ring_moments = shoelace(in_km(ring, latitude))
            sign = (-1 if number else 1) * (1 if ring_area > 0 else -1)
            area, moments = area + sign * ring_area, moments + sign * ring_moments
    if area <= 0:
        raise ValueError("the polygon has no area.")
    east, north = (float(moment / area) for moment in moments)
    return round(east / DEGREE_KM / cos(radians(latitude)), 5), round(north / DEGREE_KM, 5), round(float(area), 2)


def shoelace(corners: np.ndarray) -> tuple[float, np.ndarray]:
    """The signed area of a closed ring, and that area times its centroid."""
    origin = corners[0]
    here, there = corners[:-1] - origin, corners[1:] - origin
    crosses = here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]
    area = crosses.sum() / 2
    return area, ((here + there) * crosses[:, None]).sum(axis=0) / 6 + area * origin


def touches(one: dict, other: dict) -> bool:
    """Whether the borders of two polygons meet: a corner of one lies on a side of the other."""
    latitude = rings_of(one)[0][0][1]
    here, there = ([in_km(ring, latitude) for ring in rings_of(geometry)] for geometry in (one, other))
    return has_corner_on(here, there) or has_corner_on(there, here)


def has_corner_on(rings: list[np.ndarray], others: list[np.ndarray]) -> bool:
    corners = np.concatenate([ring[:-1] for ring in rings])
    starts = np.concatenate([ring[:-1] for ring in others])
    along = np.concatenate([ring[1:] for ring in others]) - starts
    reach = [TOUCHING_KM, TOUCHING_KM]
    near = (corners >= starts.min(axis=0) - reach) & (corners <= starts.max(axis=0) + reach)
    offsets = corners[near.all(axis=1)][:, None] - starts
    share = np.clip((offsets * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    gaps = np.linalg.norm(offsets - share[..., None] * along, axis=2)
    return bool((gaps <= TOUCHING_KM).any())
