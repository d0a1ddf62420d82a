"""The page of one opportunity: what it says, how far it is from the reader, and what is like it nearby."""

from dataclasses import dataclass

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.utils import timezone

from . import board
from .browsing import reader_of, without_nulls
from .facts import Facts
from .models import Opportunity
from .models.opportunity import shown_facts

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


def find_notices(pk, request) -> list[Facts]:
    """The open opportunity, and those that are like it; nothing where it is not open.

    Six queries, once the process has shown the board and knows the place that was asked for.
    """
    opportunity = told_at_length(Opportunity.objects.open()).filter(pk=pk).first()
    if opportunity is None:
        return []
    now = board.current()
    origin, here = origin_of(request, now), place_of(opportunity, now)
    keys = similar_to(opportunity, here, now)
    rows = Opportunity.objects.open().with_owners().in_bulk(keys)
    similar = [rows[key] for key in keys if key in rows]
    prefetch_related_objects([opportunity, *similar], *shown_facts())
    measure([opportunity], origin, now)
    measure(similar, here, now)
    return [Facts(opportunity, origin), *(Facts(other, here) for other in similar)]


def told_at_length(opportunities):
    """With the words of the vocabulary that an opportunity uses, as columns of the same row."""
    return opportunities.with_owners().annotate(
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


def place_of(opportunity, now) -> Origin | None:
    """Where an opportunity itself is, to say how far others are from it: the first of its neighbourhoods."""
    row = now.rows.get(opportunity.pk)
    places = sorted((now.words.hoods[key] for key in row.hoods.tolist()), key=lambda place: place.name) if row else []
    return Origin(places[0].latitude, places[0].longitude, places[0].name) if places else None


def measure(opportunities, origin, now):
    """Note how far they are from there: ``distance`` in kilometres, None where one of the places is not known."""
    far = now.distances(origin.latitude, origin.longitude) if origin else np.full(now.size, np.inf)
    for opportunity in opportunities:
        kilometres = far[now.key == opportunity.pk].min(initial=np.inf)
        opportunity.distance = float(kilometres) if np.isfinite(kilometres) else None


# --- What is like it --------------------------------------------------------------------------------------------------


def similar_to(opportunity, here, now) -> list[int]:
    """Keys of open opportunities of the same or a related field: the nearest first, the newest of those equally near.

    Something from home is like what is done from home; something in a whole town like all in that town.
    """
    fits = np.isin(now.field, related_fields(opportunity.field, now)) & (now.key != opportunity.pk)
    fits &= now.until >= timezone.localdate().toordinal()
    from_home, far = now.place == Opportunity.Place.REMOTE, np.zeros(now.size)
    if opportunity.place == Opportunity.Place.REMOTE:
        fits &= from_home
    elif here:
        far = now.distances(here.latitude, here.longitude)
        fits &= ~from_home & (far <= NEARBY_KM)
    else:
        fits &= ~from_home & in_town(opportunity.city_id, now)
    found = np.flatnonzero(fits)
    return now.key[found[np.argsort(far[found], kind="stable")]][:MOST_SIMILAR].tolist()


def related_fields(field, now):
    """A field, and those of its category; without one it stands alone."""
    kin = [pk for pk, other in now.words.fields.items() if field.category and other.category == field.category]
    return [field.pk, *kin]


def in_town(city, now):
    hoods = [key for key, place in now.words.hoods.items() if place.city == city]
    return (now.city == (city or 0)) | now.hoods.having(hoods)
