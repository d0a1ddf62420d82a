"""The rule as a loop over people with queries inside, the way it is written first.

It asks ``tests/matching/reference.py``, the rule told as plainly as possible, so it is also what the engine is
checked against: nothing of the engine is used here, neither its records nor its queries.
"""

from collections import defaultdict
from functools import reduce
from itertools import chain
from math import inf
from operator import or_

from django.db.models import Count, F, Q
from django.utils import timezone

from engagement.models import Adjacency, Field, Language, Neighbourhood, Postcode, Skill
from matching.geography import CROSSES, TOUCHES
from matching.judging import UNTOLD, Gender, Motive, Role, Trait
from organisations.models import Opportunity
from tests.matching.reference import Offer, Person, World, reference
from volunteers.models import Volunteer

ROLES = {"required": Role.REQUIRED, "one_of": Role.ONE_OF, "wanted": Role.WANTED}
TRAITS = {
    "serves_newcomers": Trait.NEWCOMERS,
    "gives_certificate": Trait.CERTIFICATE,
    "is_accompanied": Trait.ACCOMPANIED,
    "is_in_team": Trait.TEAM,
}
MOTIVES = {
    "give_back": Motive.GIVE_BACK,
    "use_qualification": Motive.USE_QUALIFICATION,
    "way_into_work": Motive.WAY_INTO_WORK,
    "meet_people": Motive.MEET_PEOPLE,
}
GENDERS = {"": Gender.UNTOLD, "woman": Gender.WOMAN}
NONE = -1
UNDER_WAY = ("proposed", "interested", "trial", "placed")


class Loop:
    """The rule with what it needs to know about places and words, read once."""

    def __init__(self):
        self.world = read_world()
        self.german = Language.objects.get(code="de").pk

    def ranked(self, opportunity: Opportunity) -> list[tuple[int, float]]:
        """Keys and totals of the volunteers who may be suggested, best first. Four queries for each person."""
        offer = offer_of(opportunity)
        totals = {
            volunteer.pk: self.total(offer, volunteer)
            for volunteer in unoccupied().exclude(matches__opportunity=opportunity)
        }
        return sorted(((pk, total) for pk, total in totals.items() if total), key=lambda pair: (-pair[1], pair[0]))

    def total(self, offer: Offer, volunteer: Volunteer) -> float:
        """From 0 to 100; nothing for who is excluded."""
        _points, total, obstacles, _open_points = reference(offer, self.person_of(volunteer), self.world)
        return 0.0 if obstacles else total

    def person_of(self, volunteer: Volunteer) -> Person:
        levels = dict(volunteer.spoken_languages.values_list("language", "level"))
        skills = dict(volunteer.competences.values_list("skill", "has_evidence"))
        return Person(
            languages={language: level or UNTOLD for language, level in levels.items()},
            german=levels.get(self.german) or 0,
            skills=set(skills),
            evidence={skill for skill, has_evidence in skills.items() if has_evidence},
            spots=home_of(volunteer),
            reach=volunteer.reach_km or inf,
            times=set(volunteer.times),
            fields=set(volunteer.fields.values_list("pk", flat=True)),
            refused=set(volunteer.refused_fields.values_list("pk", flat=True)),
            motives=reduce(or_, (MOTIVES.get(motive, Motive.ANOTHER) for motive in volunteer.motives), 0),
            age=timezone.localdate().year - volunteer.birth_year if volunteer.birth_year else 0,
            gender=GENDERS.get(volunteer.gender, Gender.ANOTHER),
        )


def unoccupied():
    load = Count("matches", Q(matches__state__in=UNDER_WAY))
    return Volunteer.objects.available().annotate(load=load).filter(load__lt=F("max_load"))


def offer_of(opportunity: Opportunity) -> Offer:
    traits = sum(trait for name, trait in TRAITS.items() if getattr(opportunity, name))
    return Offer(
        languages={
            needed.language_id: (needed.level or 0, ROLES[needed.role]) for needed in opportunity.needed_languages.all()
        },
        german=opportunity.german_needed or 0,
        required={skill.pk for skill in opportunity.skills_required.all()},
        wanted={skill.pk for skill in opportunity.skills_wanted.all()},
        spots=spots_of(opportunity),
        is_remote=opportunity.place == Opportunity.Place.REMOTE,
        times=set(opportunity.times),
        field=opportunity.field_id,
        traits=traits + Trait.REGULAR * (opportunity.frequency in ("weekly", "biweekly")),
        is_interpreting=opportunity.field.code == "SPRACHMITTLUNG",
        min_age=opportunity.min_age or 0,
        is_for_women=opportunity.only_for == "women",
    )


def spots_of(opportunity):
    hoods = opportunity.neighbourhoods.all() if opportunity.place == Opportunity.Place.NEIGHBOURHOOD else []
    return [("hood", hood.pk) for hood in hoods] or [("town", opportunity.city_id)]


def home_of(volunteer):
    if volunteer.neighbourhood_id:
        return [("hood", volunteer.neighbourhood_id)]
    return [("postcode", volunteer.postcode_id)] if volunteer.postcode_id else []


def read_world() -> World:
    """All places, which of them lie side by side, and which words belong together."""
    hoods = {("hood", hood.pk): place(hood, hood.pk) for hood in Neighbourhood.objects.all()}
    postcodes = {("postcode", row.pk): place(row, row.neighbourhood_id or NONE) for row in Postcode.objects.all()}
    known = defaultdict(list)
    for latitude, longitude, town, *_ in chain(hoods.values(), postcodes.values()):
        known[town].append((latitude, longitude))
    towns = {
        ("town", town): (*(sum(column) / len(column) for column in zip(*points, strict=True)), town, NONE, True)
        for town, points in known.items()
    }
    return World(
        spots=hoods | postcodes | towns,
        pairs={(row.one_id, row.other_id): relation_of(row) for row in Adjacency.objects.all()},
        skill_group=dict(Skill.objects.values_list("pk", "group")),
        field_group={field.pk: field.category or field.code for field in Field.objects.all()},
    )


def place(row, hood):
    return row.latitude, row.longitude, row.city_id, hood, False


def relation_of(row):
    if row.crosses_rhine:
        return CROSSES
    return TOUCHES if row.relation == Adjacency.Relation.TOUCHES else 0
