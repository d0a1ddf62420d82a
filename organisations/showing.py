"""The page of one opportunity: what it says, how far it is from the reader, and what is like it nearby."""

from dataclasses import dataclass

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from .board import Board
from .browsing import reader_of, without_nulls
from .facts import Facts, how_far_from
from .hanging import Hanging, hang_rows, unwritten
from .models import Opportunity

MOST_SIMILAR = 3
NEARBY_KM = 15
WORD = ("code", "names", "descriptions")
WORDS = ("skills_required", "skills_wanted", "proofs")


@dataclass(frozen=True)
class Origin:
    """From where the reader measures; without a name it is where they live."""

    latitude: float
    longitude: float
    name: str = ""


def find_notice(pk, request, now: Board) -> tuple[Facts, list[Hanging]] | None:
    """The open opportunity, and the notices of those that are like it; None where it is not open.

    Five queries, once the process has shown the board and knows the place that was asked for.
    """
    if pk not in now.rows:
        return None
    here, keys = place_of(pk, now), similar_to(pk, now)
    rows = told_at_length(Opportunity.objects.open()).in_bulk([pk, *unwritten(now, keys)])
    if pk not in rows:
        return None
    opportunity, origin = rows.pop(pk), origin_of(request, now)
    opportunity.distance = kilometres_from(origin, [pk], now).get(pk)
    away = {key: how_far_from(kilometres, here) for key, kilometres in kilometres_from(here, keys, now).items()}
    return Facts(opportunity, origin), hang_rows(now, keys, rows, away, request.GET.urlencode())


def told_at_length(opportunities):
    """With all that a notice shows, and the words of the vocabulary that it uses as columns of the same row."""
    return opportunities.with_facts().annotate(
        **{f"words_of_{name}": together(getattr(Opportunity, name), *WORD) for name in WORDS}
    )


def together(relation, *names):
    """All rows of a relation of an opportunity as one column: a list of objects with these ``names``."""
    row = relation.field.m2m_reverse_field_name()
    rows = relation.through.objects.filter(opportunity=OuterRef("pk"))
    ordered = rows.order_by(*(f"{row}__{name}" for name in relation.rel.model._meta.ordering))
    return ArraySubquery(ordered.values(row=JSONObject(**{name: f"{row}__{name}" for name in names})))


# --- Where it is ------------------------------------------------------------------------------------------------------


def origin_of(request, now) -> Origin | None:
    """The place of the search that the reader came from, else their home; None where neither is known."""
    asked = without_nulls(request.GET).get("place", "")[:100]
    spots = now.words.find_spots(asked) if asked else []
    if len(spots) == 1 and spots[0].latitude is not None:
        return Origin(spots[0].latitude, spots[0].longitude, spots[0].name)
    home = reader_of(request.user).home
    return Origin(*home) if home else None


def place_of(pk, now) -> Origin | None:
    """Where an opportunity itself is, to say how far others are from it: the first of its neighbourhoods."""
    places = sorted((now.words.hoods[key] for key in now.rows[pk].hoods.tolist()), key=lambda place: place.name)
    return Origin(places[0].latitude, places[0].longitude, places[0].name) if places else None


def kilometres_from(origin: Origin | None, keys: list[int], now) -> dict[int, float]:
    """How far these opportunities are from there, in kilometres, where both places are known."""
    if origin is None:
        return {}
    near = np.isin(now.key, keys)
    near &= np.isfinite(far := now.distances(origin.latitude, origin.longitude))
    return dict(zip(now.key[near].tolist(), far[near].tolist(), strict=True))


# --- What is like it --------------------------------------------------------------------------------------------------


def similar_to(pk, now) -> list[int]:
    """Keys of open opportunities of the same or a related field: the nearest first, the newest of those equally near.

    Something from home is like what is done from home; something in a whole town like all in that town.
    """
    row, here = now.rows[pk], place_of(pk, now)
    fits = np.isin(now.field, related_fields(now.words.fields[row.field], now)) & (now.key != pk)
    fits &= now.until >= timezone.localdate().toordinal()
    from_home, far = now.place == Opportunity.Place.REMOTE, np.zeros(now.size)
    if row.place == Opportunity.Place.REMOTE:
        fits &= from_home
    elif here:
        far = now.distances(here.latitude, here.longitude)
        fits &= ~from_home & (far <= NEARBY_KM)
    else:
        fits &= ~from_home & in_town(row.city, now)
    found = np.flatnonzero(fits)
    return now.key[found[np.argsort(far[found], kind="stable")]][:MOST_SIMILAR].tolist()


def related_fields(field, now):
    """A field, and those of its category; without one it stands alone."""
    kin = [pk for pk, other in now.words.fields.items() if field.category and other.category == field.category]
    return [field.pk, *kin]


def in_town(city, now):
    hoods = [key for key, place in now.words.hoods.items() if place.city == city]
    return (now.city == city) | now.hoods.having(hoods)
