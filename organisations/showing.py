"""The page of one opportunity: what it says, how far it is from the reader, and what is like it nearby."""

from dataclasses import dataclass
from math import cos, radians

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, prefetch_related_objects
from django.db.models.functions import JSONObject

from engagement.geometry import DEGREE_KM
from engagement.places import find_place

from .browsing import reader_of, without_nulls
from .facts import Facts
from .models.opportunity import FROM_HOME, Opportunity, shown_facts

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


def origin_of(request) -> Origin | None:
    """The place of the search that the reader came from, else their home; None where neither is known."""
    place = find_place(without_nulls(request.GET).get("place", "")[:100])
    if place:
        return Origin(place.latitude, place.longitude, str(place))
    home = reader_of(request.user).home
    return Origin(*home) if home else None


def find_notices(pk, origin: Origin | None) -> list[Facts]:
    """The open opportunity, and those that are like it; nothing where it is not open. Five queries, always."""
    open_ones = Opportunity.objects.open()
    opportunity = told_at_length(open_ones, origin).filter(pk=pk).first()
    if opportunity is None:
        return []
    similar = list(similar_to(opportunity)[:MOST_SIMILAR])
    prefetch_related_objects([opportunity, *similar], *shown_facts())
    return [Facts(opportunity, origin), *(Facts(other, place_of(opportunity)) for other in similar)]


def place_of(opportunity) -> Origin | None:
    """Where an opportunity itself is, to say how far others are from it."""
    place = next(iter(opportunity.neighbourhoods.all()), None)
    return Origin(place.latitude, place.longitude, str(place)) if place else None


def told_at_length(opportunities, origin):
    """With the words and the places of an opportunity, as columns of the same row."""
    if origin:
        opportunities = opportunities.with_distance(origin.latitude, origin.longitude)
    return opportunities.with_owners().annotate(
        points=together(Opportunity.neighbourhoods, "latitude", "longitude"),
        **{f"words_of_{name}": together(getattr(Opportunity, name), *WORD) for name in WORDS},
    )


def together(relation, *names):
    """All rows of a relation of an opportunity as one column: a list of objects with these ``names``."""
    row = relation.field.m2m_reverse_field_name()
    rows = relation.through.objects.filter(opportunity=OuterRef("pk"))
    ordered = rows.order_by(*(f"{row}__{name}" for name in relation.rel.model._meta.ordering))
    return ArraySubquery(ordered.values(row=JSONObject(**{name: f"{row}__{name}" for name in names})))


def similar_to(opportunity):
    """Open opportunities of the same or a related field: the nearest first, or the newest where there is no way."""
    is_like = Q(field=opportunity.field_id)
    if opportunity.field.category:
        is_like |= Q(field__category=opportunity.field.category)
    others = Opportunity.objects.open().with_owners().filter(is_like).exclude(pk=opportunity.pk)
    newest = [F("published_at").desc(nulls_last=True), "-pk"]
    if opportunity.place == Opportunity.Place.REMOTE:
        return others.filter(FROM_HOME).order_by(*newest)
    if not opportunity.points:
        return others.in_city(opportunity.city).order_by(*newest)
    point = opportunity.points[0]
    return others.filter(is_near(point)).with_distance(**point).order_by("distance", *newest)


def is_near(point):
    """Within a square around ``point``: a distance is only worked out for the few that are left."""
    high = NEARBY_KM / DEGREE_KM
    wide = high / cos(radians(point["latitude"]))
    places = Opportunity.neighbourhoods.through.objects.filter(
        neighbourhood__latitude__range=(point["latitude"] - high, point["latitude"] + high),
        neighbourhood__longitude__range=(point["longitude"] - wide, point["longitude"] + wide),
    )
    return Q(pk__in=places.values("opportunity"))
