"""The rule as an annotated queryset: one query for one opportunity, computed by PostgreSQL row by row.

Volunteers only: a self-organisation would need a second queryset of the same length.
"""

from functools import reduce
from operator import or_

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Cos, Greatest, Least, Power, Radians, Sqrt
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from engagement.models import Adjacency, Field, Language, Skill
from matching.judging import UNTOLD, Weights
from matching.models import Match
from organisations.models import NeededLanguage, Opportunity
from volunteers.models import Competence, Motive, SpokenLanguage, Volunteer

UNDER_WAY = (Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED)
UNTOLD_REACH_KM = 25
RINGS = ((2.0, 0.85), (5.0, 0.6), (8.0, 0.35))
REGULAR = (Opportunity.Frequency.WEEKLY, Opportunity.Frequency.BIWEEKLY)
Role = NeededLanguage.Role


def ranked(opportunity: Opportunity):
    """Volunteers who may be suggested, with their ``total`` from 0 to 100, best first."""
    volunteers = Volunteer.objects.available().annotate(load=Count("matches", Q(matches__state__in=UNDER_WAY)))
    volunteers = volunteers.filter(load__lt=F("max_load"))
    volunteers = volunteers.exclude(Exists(opportunity.matches.filter(volunteer=OuterRef("pk"))))
    weights, earned, asked = Weights(), Value(0.0), 0.0
    for name, factor in FACTORS.items():
        volunteers, share = factor(opportunity, volunteers)
        if share is not None:
            earned += share * getattr(weights, name)
            asked += getattr(weights, name)
    volunteers = conditions(opportunity, volunteers)
    return volunteers.annotate(total=number(earned) * (100 / asked)).order_by("-total", "pk")


def number(expression):
    return Cast(expression, FloatField())


def choose(*whens, default=0.0):
    return Case(*(When(condition, then=then) for condition, then in whens), default=default, output_field=FloatField())


def told(share):
    return Greatest(share, Value(0.5) + share * 0.2, output_field=FloatField())


def language(opportunity, volunteers):
    alone, one_of, is_met = [], [], Q(pk__in=[])
    is_interpreting = opportunity.field.code == "SPRACHMITTLUNG"
    for needed in opportunity.needed_languages.all():
        name, level = f"level_{needed.language_id}", needed.level or 0
        volunteers = volunteers.annotate(**{name: level_of(needed.language_id)})
        credit = interpreting(name, level) if is_interpreting else plain(name, level)
        (one_of if needed.role == Role.ONE_OF else alone).append(credit)
        if needed.role == Role.REQUIRED:
            volunteers = volunteers.filter(**{f"{name}__gte": level})
        if needed.role == Role.ONE_OF:
            is_met |= Q(**{f"{name}__gte": level})
    volunteers = volunteers.filter(is_met) if one_of else volunteers
    if one_of:
        alone.append(Greatest(*one_of, Value(0.0)))
    if opportunity.german_needed:
        volunteers, share = german(opportunity.german_needed, volunteers)
        alone.append(share)
    return volunteers, sum(alone, Value(0.0)) / float(len(alone)) if alone else None


def level_of(language: int):
    """A level from 1 to 7, UNTOLD if it was not told, nothing if the language was not named."""
    spoken = SpokenLanguage.objects.filter(volunteer=OuterRef("pk"), language=language)
    return Subquery(spoken.values(known=Coalesce("level", UNTOLD))[:1])


def plain(name: str, needed: int):
    if not needed:
        return choose((Q(**{f"{name}__isnull": False}), 1.0))
    share = number(F(name)) / float(needed)
    return choose(
        (Q(**{name: UNTOLD}), min(0.5, 1 / needed)),
        (Q(**{f"{name}__gte": needed}), 1.0),
        (Q(**{f"{name}__isnull": False}), share),
    )


def interpreting(name: str, needed: int):
    """Measured at B2 at least: what is asked earns 0.8, two levels more earn 1."""
    base = max(needed, 4)
    untold = min(0.8 / base, 0.5) if needed else 0.8 / base
    return choose(
        (Q(**{name: UNTOLD}), untold),
        (Q(**{f"{name}__lt": base}), number(F(name)) * (0.8 / base)),
        (Q(**{f"{name}__gte": base}), Least(Value(1.0), Value(0.8) + (number(F(name)) - float(base)) * 0.1)),
    )


def german(needed: int, volunteers):
    key = Language.objects.get(code="de").pk
    volunteers = volunteers.annotate(german=Coalesce(level_of(key), UNTOLD))
    volunteers = volunteers.filter(german__gt=needed - 2)
    share = choose((Q(german=UNTOLD), 0.5), default=Least(Value(1.0), number(F("german")) / float(needed)))
    return volunteers, share


def skills(opportunity, volunteers):
    kinds = ((0.7, opportunity.skills_required), (0.3, opportunity.skills_wanted))
    parts = [(weight, list(needed.all())) for weight, needed in kinds]
    parts = [(weight, needed) for weight, needed in parts if needed]
    if not parts:
        return volunteers, None
    total = sum(weight for weight, _ in parts)
    covered = [has(skill) * (weight / len(needed) / total) for weight, needed in parts for skill in needed]
    return volunteers, told(sum(covered, Value(0.0)))


def has(skill: Skill):
    own = Competence.objects.filter(volunteer=OuterRef("pk"))
    return choose((Exists(own.filter(skill=skill)), 1.0), (Exists(own.filter(skill__group=skill.group_id)), 0.3))


def neighbourhood(opportunity, volunteers):
    if opportunity.place == Opportunity.Place.REMOTE:
        return volunteers, Value(1.0)
    volunteers = volunteers.annotate(
        hood=Coalesce("neighbourhood", "postcode__neighbourhood"),
        town=Coalesce("neighbourhood__city", "postcode__city"),
        latitude=Coalesce("neighbourhood__latitude", "postcode__latitude"),
        longitude=Coalesce("neighbourhood__longitude", "postcode__longitude"),
    )
    nearness = [nearness_to(*spot) for spot in spots_of(opportunity)]
    if not nearness:
        return volunteers, None
    way = nearest([way for way, _share in nearness], Least)
    share = nearest([share for _way, share in nearness], Greatest)
    volunteers = volunteers.annotate(way=way).filter(
        Q(town=None) | Q(way__lte=Coalesce("reach_km", UNTOLD_REACH_KM, output_field=FloatField()))
    )
    return volunteers, choose((Q(town=None), 0.5), default=share)


def nearest(expressions, choice):
    return choice(*expressions) if len(expressions) > 1 else expressions[0]


def spots_of(opportunity):
    """(condition of being in the same place, neighbourhood, town, latitude, longitude) of each place."""
    if opportunity.place == Opportunity.Place.NEIGHBOURHOOD and (hoods := list(opportunity.neighbourhoods.all())):
        return [(Q(hood=hood.pk), hood.pk, hood.city_id, hood.latitude, hood.longitude) for hood in hoods]
    town = opportunity.city
    places = [*town.neighbourhoods.all(), *town.postcodes.all()] if town else []
    latitude, longitude = (
        sum(getattr(place, name) for place in places) / max(len(places), 1) for name in ("latitude", "longitude")
    )
    return [(Q(town=town.pk), None, town.pk, latitude, longitude)] if town else []


def nearness_to(is_same, hood, town, latitude, longitude):
    """The way in km that a reach is compared with, and the share of the points."""
    north = Radians(F("latitude") - latitude)
    east = Radians(F("longitude") - longitude) * Cos(Radians(F("latitude") + latitude) / 2.0)
    km = Sqrt(Power(north, 2) + Power(east, 2)) * 6371.0
    touching, across = neighbours_of(hood)
    way = choose(
        (is_same, 0.0),
        (Q(hood__in=across), Greatest(km, Value(5.0))),
        (Q(hood__in=touching), Least(km, Value(2.0))),
        default=km,
    )
    rings = [(LessThanOrEqual(way, farthest), share) for farthest, share in RINGS]
    return way, choose((is_same, 1.0), *rings, (Q(town=town), 0.2), default=0.05)


def neighbours_of(hood):
    """Neighbourhoods that touch this one on the same bank of the Rhine, and those across it."""
    touching, across = [], []
    for row in Adjacency.objects.filter(Q(one=hood) | Q(other=hood)) if hood else ():
        other = row.other_id if row.one_id == hood else row.one_id
        if row.crosses_rhine:
            across.append(other)
        elif row.relation == Adjacency.Relation.TOUCHES:
            touching.append(other)
    return touching, across


def time(opportunity, volunteers):
    slots = opportunity.times
    if not slots:
        return volunteers, None
    common = sum((choose((Q(times__contains=[slot]), 1.0)) for slot in slots), Value(0.0))
    return volunteers.filter(Q(times=[]) | Q(times__overlap=slots)), told(common / float(len(slots)))


def wished_field(opportunity, volunteers):
    wished = Volunteer.fields.through.objects.filter(volunteer=OuterRef("pk"))
    refused = Volunteer.refused_fields.through.objects.filter(volunteer=OuterRef("pk"), field=opportunity.field_id)
    group = Field.objects.filter(category=opportunity.field.category)
    return volunteers.exclude(Exists(refused)), choose(
        (Exists(wished.filter(field=opportunity.field_id)), 1.0),
        (Exists(wished.filter(field__in=group)), 0.5),
        (~Exists(wished), 0.5),
    )


def motive(opportunity, volunteers):
    needed = [*opportunity.skills_required.all(), *opportunity.skills_wanted.all()]
    regular = opportunity.frequency in REGULAR
    work = (bool(opportunity.gives_certificate) + bool(opportunity.is_accompanied) + regular) / 3
    if not (needed or work or opportunity.serves_newcomers or opportunity.is_in_team):
        return volunteers, None
    spoken = [Q(**{f"level_{needed.language_id}__isnull": False}) for needed in opportunity.needed_languages.all()]
    proven = Competence.objects.filter(volunteer=OuterRef("pk"), skill__in=needed, has_evidence=True)
    answers = [(Q(motives__contains=[Motive.WAY_INTO_WORK]), work)]
    answers += [(Q(motives__contains=[Motive.USE_QUALIFICATION]) & Exists(proven), 1.0)] if needed else []
    if opportunity.is_in_team:
        answers.append((Q(motives__contains=[Motive.MEET_PEOPLE]), 1.0))
    if opportunity.serves_newcomers and spoken:
        answers.append((Q(motives__contains=[Motive.GIVE_BACK]) & reduce(or_, spoken), 1.0))
    return volunteers, told(nearest([choose(answer) for answer in answers], Greatest))


def conditions(opportunity, volunteers):
    if opportunity.min_age:
        born = timezone.localdate().year - opportunity.min_age
        volunteers = volunteers.filter(Q(birth_year=None) | Q(birth_year__lte=born))
    if opportunity.only_for:
        volunteers = volunteers.filter(gender__in=["", Volunteer.Gender.WOMAN])
    return volunteers


FACTORS = {
    "language": language,
    "skills": skills,
    "neighbourhood": neighbourhood,
    "time": time,
    "field": wished_field,
    "motive": motive,
}
