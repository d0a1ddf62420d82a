"""Rows of the database as records for scoring. The number of queries does not depend on the number of rows."""

from collections import defaultdict
from dataclasses import dataclass
from math import inf

import numpy as np
from django.db.models import Count, Q
from django.utils import timezone

from engagement.models import GOOD_CONDUCT, Adjacency, City, Field, Language, Neighbourhood, Postcode, Proof, Skill
from organisations.models import MemberLanguage, NeededLanguage, Opportunity, Organisation
from volunteers.models import Competence, Motive, ProofInspection, SpokenLanguage, Volunteer

from . import scoring
from .geography import APART, CROSSES, NEIGHBOURHOOD, POSTCODE, TOUCHES, TOWN, Geography, lay_out, spot_number
from .models import Match
from .packing import CANDIDATE, NOWHERE, OPPORTUNITY, CandidateFacts, OpportunityFacts, pack
from .scoring import Gender, Obstacle, Role, Trait

GERMAN = "de"
INTERPRETING = "SPRACHMITTLUNG"
REGULAR = (Opportunity.Frequency.WEEKLY, Opportunity.Frequency.BIWEEKLY)
TRAITS = (
    ("serves_newcomers", Trait.NEWCOMERS),
    ("gives_certificate", Trait.CERTIFICATE),
    ("is_accompanied", Trait.ACCOMPANIED),
    ("is_in_team", Trait.TEAM),
)
MOTIVES = {
    Motive.GIVE_BACK: scoring.Motive.GIVE_BACK,
    Motive.USE_QUALIFICATION: scoring.Motive.USE_QUALIFICATION,
    Motive.WAY_INTO_WORK: scoring.Motive.WAY_INTO_WORK,
    Motive.MEET_PEOPLE: scoring.Motive.MEET_PEOPLE,
}
ROLES = {
    NeededLanguage.Role.REQUIRED: Role.REQUIRED,
    NeededLanguage.Role.ONE_OF: Role.ONE_OF,
    NeededLanguage.Role.WANTED: Role.WANTED,
}
# What somebody has in hand with others counts towards their load.
UNDER_WAY = (Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED)

# Who is meant: ("volunteer", pk) or ("organisation", pk).
Candidate = tuple[str, int]


class Vocabulary:
    """The words of both sides, each with its place in the records."""

    def __init__(self):
        self.languages = _places(Language.objects.order_by("pk").values_list("pk", flat=True))
        self.german = Language.objects.filter(code=GERMAN).values_list("pk", flat=True).first()
        skills = dict(Skill.objects.order_by("pk").values_list("pk", "group_id"))
        self.skills = _places(skills)
        self.related_skills = _families(skills, self.skills)
        fields = {pk: (code, category) for pk, code, category in Field.objects.values_list("pk", "code", "category")}
        self.fields = _places(sorted(fields))
        self.interpreting = {pk for pk, (code, _) in fields.items() if code == INTERPRETING}
        self.related_fields = _families({pk: category or code for pk, (code, category) in fields.items()}, self.fields)
        proofs = dict(Proof.objects.order_by("pk").values_list("pk", "code"))
        merged = {pk: GOOD_CONDUCT[0] if code in GOOD_CONDUCT else code for pk, code in proofs.items()}
        places = _places(dict.fromkeys(merged.values()))
        self.proofs = {pk: places[code] for pk, code in merged.items()}
        self._read_places()

    def _read_places(self):
        hoods = Neighbourhood.objects.values_list("pk", "latitude", "longitude", "city_id")
        postcodes = Postcode.objects.values_list("pk", "latitude", "longitude", "city_id", "neighbourhood_id")
        rows = [(_hood(pk), *place, _hood(pk)) for pk, *place in hoods]
        rows += [(spot_number(POSTCODE, pk), *place, _hood(hood)) for pk, *place, hood in postcodes]
        centres = _centres(rows)
        towns = City.objects.values_list("pk", flat=True)
        rows += [(spot_number(TOWN, pk), *centres.get(pk, (np.nan, np.nan)), pk, NOWHERE) for pk in towns]
        pairs = Adjacency.objects.values_list("one_id", "other_id", "relation", "crosses_rhine")
        relations = [(_hood(one), _hood(other), _relation(relation, rhine)) for one, other, relation, rhine in pairs]
        self.geography = lay_out(*(zip(*rows, strict=True) if rows else ((),) * 5), relations)


@dataclass(frozen=True)
class Records:
    """Both sides as columns, and who stands in which row."""

    opportunities: np.ndarray
    opportunity_pks: list[int]
    candidates: np.ndarray
    candidate_keys: list[Candidate]
    vocabulary: Vocabulary

    @property
    def geography(self) -> Geography:
        return self.vocabulary.geography


def _hood(pk):
    return spot_number(NEIGHBOURHOOD, pk) if pk else NOWHERE


def _relation(relation, crosses_rhine):
    if crosses_rhine:
        return CROSSES
    return TOUCHES if relation == Adjacency.Relation.TOUCHES else APART


def key_of(volunteer: int | None, organisation: int | None) -> Candidate:
    return ("volunteer", volunteer) if volunteer else ("organisation", organisation)


def fetch(opportunities, volunteers, organisations, *, now=None) -> Records:
    """Read three querysets as records. Self-organisations follow the volunteers; each side is in order of its keys."""
    vocabulary = Vocabulary()
    opportunity_pks, opportunity_records = _opportunities(opportunities, vocabulary, now)
    volunteer_pks, volunteer_rows = _volunteers(volunteers, now)
    organisation_pks, organisation_rows = _organisations(organisations)
    rows = volunteer_rows + organisation_rows
    return Records(
        opportunity_records,
        opportunity_pks,
        _candidates(rows, vocabulary),
        [("volunteer", pk) for pk in volunteer_pks] + [("organisation", pk) for pk in organisation_pks],
        vocabulary,
    )


# The columns of an opportunity that its record takes over, and its relations with the column of the other side.
COLUMNS = ["pk", "host_id", "host__verified_at", "status", "valid_until", "places", "place", "city_id", "field_id"]
COLUMNS += ["german_needed", "times", "frequency", "min_age", "only_for", *(name for name, _trait in TRAITS)]
RELATIONS = {
    "skills_required": "skill_id",
    "skills_wanted": "skill_id",
    "proofs": "proof_id",
    "neighbourhoods": "neighbourhood_id",
}


def _opportunities(queryset, vocabulary, now):
    queryset = Opportunity.objects.filter(pk__in=queryset.values("pk")).order_by("pk")
    taken = Count("matches", filter=Q(matches__state__in=Match.TAKES_A_PLACE))
    rows = list(queryset.values(*COLUMNS, taken=taken))
    pks = [row["pk"] for row in rows]
    of = {"opportunity__in": queryset.values("pk")}
    through = {
        name: _grouped(getattr(Opportunity, name).through.objects.filter(**of), "opportunity_id", member)
        for name, member in RELATIONS.items()
    }
    languages = _needed_languages(of, vocabulary)
    today = timezone.localdate(now)
    facts = (_opportunity(row, through, languages[row["pk"]], vocabulary, today) for row in rows)
    return pks, np.frombuffer(b"".join(map(pack, facts)), OPPORTUNITY)


def _opportunity(row, through, languages, vocabulary, today):
    pk, traits = row["pk"], sum(trait for name, trait in TRAITS if row[name])
    return OpportunityFacts(
        pk=pk,
        host=row["host_id"],
        obstacles=_opportunity_obstacles(row, today),
        field=vocabulary.fields[row["field_id"]],
        is_interpreting=row["field_id"] in vocabulary.interpreting,
        is_remote=row["place"] == Opportunity.Place.REMOTE,
        is_for_women=row["only_for"] == Opportunity.OnlyFor.WOMEN,
        min_age=min(row["min_age"] or 0, 255),
        german=row["german_needed"] or 0,
        traits=traits + (Trait.REGULAR if row["frequency"] in REGULAR else 0),
        times=frozenset(row["times"]),
        related_fields=frozenset(vocabulary.related_fields[row["field_id"]]),
        proofs=_numbers(through["proofs"][pk], vocabulary.proofs),
        required=_numbers(through["skills_required"][pk], vocabulary.skills),
        wanted=_numbers(through["skills_wanted"][pk], vocabulary.skills),
        needed=tuple(languages),
        spots=_opportunity_spots(row, through["neighbourhoods"][pk]),
    )


def _needed_languages(of, vocabulary):
    """For each opportunity its languages as (number, level or 0, role)."""
    languages = defaultdict(list)
    needed = NeededLanguage.objects.filter(**of).order_by("language_id")
    for pk, language, level, role in needed.values_list("opportunity_id", "language_id", "level", "role"):
        languages[pk].append((vocabulary.languages[language], level or 0, ROLES[role]))
    return languages


def _opportunity_obstacles(row, today):
    if row["status"] == Opportunity.Status.FILLED or (row["places"] and row["taken"] >= row["places"]):
        return Obstacle.FULL
    if row["status"] != Opportunity.Status.PUBLISHED or row["host__verified_at"] is None:
        return Obstacle.CLOSED
    return Obstacle.EXPIRED if row["valid_until"] and row["valid_until"] < today else 0


def _opportunity_spots(row, hoods):
    """Where it takes place: in neighbourhoods, or else anywhere in a town. Nowhere for what is done from home."""
    if row["place"] == Opportunity.Place.REMOTE:
        return ()
    if row["place"] == Opportunity.Place.NEIGHBOURHOOD and hoods:
        return tuple(sorted(map(_hood, hoods)))
    return (spot_number(TOWN, row["city_id"]),) if row["city_id"] else ()


def _volunteers(queryset, now):
    """Plain rows of volunteers: who they are, then what they bring, by the vocabulary's keys."""
    today = timezone.localdate(now)
    queryset = Volunteer.objects.filter(pk__in=queryset.values("pk")).order_by("pk")
    names = (
        *("pk", "birth_year", "gender", "neighbourhood_id", "postcode_id", "reach_km", "times", "motives"),
        *("max_load", "is_paused", "paused_until"),
    )
    rows = list(queryset.values(*names, load=Count("matches", filter=Q(matches__state__in=UNDER_WAY))))
    of = {"volunteer__in": queryset.values("pk")}
    languages = _grouped(SpokenLanguage.objects.filter(**of), "volunteer_id", "language_id", "level")
    skills = _grouped(Competence.objects.filter(**of), "volunteer_id", "skill_id", "has_evidence")
    fields = _grouped(Volunteer.fields.through.objects.filter(**of), "volunteer_id", "field_id")
    proofs = _grouped(Volunteer.proofs.through.objects.filter(**of), "volunteer_id", "proof_id")
    for pk, seen in _grouped(ProofInspection.objects.filter(**of), "volunteer_id", "proof_id").items():
        proofs[pk] += seen
    for row in rows:
        pk = row["pk"]
        row["languages"], row["fields"], row["proofs"] = languages[pk], fields[pk], proofs[pk]
        row["skills"] = [skill for skill, _ in skills[pk]]
        row["evidence"] = [skill for skill, has_evidence in skills[pk] if has_evidence]
        row["is_paused"] |= row["paused_until"] is not None and row["paused_until"] > today
        row["age"] = today.year - row["birth_year"] if row["birth_year"] else 0
        row["organisation"] = 0
    return [row["pk"] for row in rows], rows


def _organisations(queryset):
    """The same for self-organisations: the union of what their members bring, wherever they reach people."""
    queryset = Organisation.objects.filter(pk__in=queryset.values("pk")).order_by("pk")
    names = ("pk", "kind", "neighbourhood_id", "times", "max_load", "is_paused", "verified_at")
    rows = list(queryset.values(*names, load=Count("matches", filter=Q(matches__state__in=UNDER_WAY))))
    of = {"organisation__in": queryset.values("pk")}
    languages = _grouped(MemberLanguage.objects.filter(**of), "organisation_id", "language_id", "level")
    through = {
        name: _grouped(getattr(Organisation, name).through.objects.filter(**of), "organisation_id", member)
        for name, member in (("skills", "skill_id"), ("fields", "field_id"), ("reached", "neighbourhood_id"))
    }
    for row in rows:
        pk = row["pk"]
        row["languages"] = languages[pk]
        row.update({name: members[pk] for name, members in through.items()})
        row["is_paused"] |= row["kind"] != Organisation.Kind.MSO or row["verified_at"] is None
        row["organisation"] = pk
        row |= {"evidence": [], "proofs": [], "motives": [], "age": 0, "gender": "", "reach_km": None}
    return [row["pk"] for row in rows], rows


def _candidates(rows, vocabulary):
    return np.frombuffer(b"".join(pack(_candidate(row, vocabulary)) for row in rows), CANDIDATE)


def _candidate(row, vocabulary):
    levels = {vocabulary.languages[language]: level or scoring.UNTOLD for language, level in row["languages"]}
    return CandidateFacts(
        volunteer=0 if row["organisation"] else row["pk"],
        organisation=row["organisation"],
        obstacles=(Obstacle.PAUSED if row["is_paused"] else 0)
        | (Obstacle.LOADED if row["load"] >= row["max_load"] else 0),
        german=dict(row["languages"]).get(vocabulary.german) or 0,
        age=min(max(row["age"], 0), 255),
        gender=_gender(row["gender"]),
        motives=np.bitwise_or.reduce([0, *map(_motive, row["motives"])]),
        reach=inf if row["reach_km"] is None else row["reach_km"],
        times=frozenset(row["times"]),
        fields=_numbers(row["fields"], vocabulary.fields),
        proofs=_numbers(row["proofs"], vocabulary.proofs),
        skills=_numbers(row["skills"], vocabulary.skills),
        related_skills=frozenset(n for pk in row["skills"] for n in vocabulary.related_skills[pk]),
        evidence=_numbers(row["evidence"], vocabulary.skills),
        levels=tuple(sorted(levels.items())),
        spots=_candidate_spots(row),
    )


def _candidate_spots(row):
    if row.get("reached"):
        return tuple(sorted(map(_hood, row["reached"])))
    if row["neighbourhood_id"]:
        return (_hood(row["neighbourhood_id"]),)
    return (spot_number(POSTCODE, row["postcode_id"]),) if row.get("postcode_id") else ()


def _gender(value):
    if not value:
        return Gender.UNTOLD
    return Gender.WOMAN if value == Volunteer.Gender.WOMAN else Gender.ANOTHER


def _motive(value):
    return int(MOTIVES.get(value, scoring.Motive.ANOTHER))


def _places(keys):
    return {key: place for place, key in enumerate(keys)}


def _numbers(keys, places):
    return frozenset(places[key] for key in keys)


def _families(group_of, places):
    """For each key, the places of all keys of its group."""
    groups = defaultdict(list)
    for key, group in group_of.items():
        groups[group].append(places[key])
    return {key: groups[group] for key, group in group_of.items()}


def _centres(points):
    """The middle of each town: the mean of the places known in it."""
    found = defaultdict(list)
    for _, latitude, longitude, town, _ in points:
        found[town].append((latitude, longitude))
    return {town: tuple(np.mean(places, axis=0)) for town, places in found.items()}


def _grouped(queryset, key, *values):
    """Lists of ``values`` (bare, if it is one) by ``key``."""
    found = defaultdict(list)
    for owner, *rest in queryset.order_by("pk").values_list(key, *values):
        found[owner].append(rest[0] if len(values) == 1 else tuple(rest))
    return found
