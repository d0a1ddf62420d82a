"""Rows of the database as records for scoring. The number of queries does not depend on the number of rows."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

import numpy as np
from django.db.models import Count, Q
from django.utils import timezone

from engagement.models import GOOD_CONDUCT, Adjacency, City, Field, Language, Neighbourhood, Postcode, Proof, Skill
from organisations.models import MemberLanguage, NeededLanguage, Opportunity, Organisation
from volunteers.models import Competence, Motive, ProofInspection, SpokenLanguage, Volunteer

from . import scoring
from .geography import CROSSES, TOUCHES, Geography
from .models import Match
from .scoring import Gender, Obstacle, Role, Sizes, Trait, add_bits

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
        hoods = list(Neighbourhood.objects.order_by("pk").values_list("pk", "city_id", "latitude", "longitude"))
        postcodes = list(
            Postcode.objects.order_by("pk").values_list("pk", "city_id", "latitude", "longitude", "neighbourhood_id")
        )
        towns = list(City.objects.order_by("pk").values_list("pk", flat=True))
        self.hoods = _places(pk for pk, *_ in hoods)
        self.postcodes = _places((pk for pk, *_ in postcodes), start=len(hoods))
        self.towns = _places(towns, start=len(hoods) + len(postcodes))
        self.spots = [*self.hoods, *self.postcodes, *self.towns]
        centres = _centres(chain(hoods, postcodes))
        points = [row[1:4] for row in chain(hoods, postcodes)] + [(pk, *centres.get(pk, (np.nan,) * 2)) for pk in towns]
        inside = [self.hoods.get(row[4], -1) for row in postcodes]
        pairs = Adjacency.objects.values_list("one_id", "other_id", "relation", "crosses_rhine")
        one, other, relations, crosses = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((),) * 4
        self.geography = Geography(
            latitude=np.array([latitude for _, latitude, _ in points], dtype=float),
            longitude=np.array([longitude for *_, longitude in points], dtype=float),
            town=np.array([town for town, *_ in points], dtype=int),
            hood=np.array([*range(len(hoods)), *inside, *[-1] * len(towns)], dtype=int),
            is_town=np.arange(len(points)) >= len(hoods) + len(postcodes),
            one=np.array([self.hoods[pk] for pk in one], dtype=int),
            other=np.array([self.hoods[pk] for pk in other], dtype=int),
            relation=np.array(
                [
                    CROSSES if rhine else TOUCHES if relation == Adjacency.Relation.TOUCHES else 0
                    for relation, rhine in zip(relations, crosses, strict=True)
                ],
                dtype=np.uint8,
            ),
        )

    def sizes(self, **lists) -> Sizes:
        numbers = {"languages": len(self.languages), "skills": len(self.skills), "fields": len(self.fields)}
        return Sizes(**{name: max(1, number) for name, number in (numbers | lists).items()}, proofs=len(self.proofs))


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
    spots = [_opportunity_spots(row, through["neighbourhoods"][row["pk"]], vocabulary) for row in rows]
    records = vocabulary.sizes(
        needed_languages=max(map(len, languages.values()), default=1), opportunity_spots=max(map(len, spots), default=1)
    ).opportunities(len(rows))
    for record, row, places in zip(records, rows, spots, strict=True):
        _fill_opportunity(record, row, vocabulary, timezone.localdate(now))
        record["spots"][: len(places)] = places
        for k, (language, level, role) in enumerate(languages[row["pk"]]):
            record["languages"][k], record["levels"][k], record["roles"][k] = language, level, role
    _fill(records["related_fields"], [vocabulary.related_fields[row["field_id"]] for row in rows])
    _fill(records["required"], _indices(through["skills_required"], pks, vocabulary.skills))
    _fill(records["wanted"], _indices(through["skills_wanted"], pks, vocabulary.skills))
    _fill(records["proofs"], _indices(through["proofs"], pks, vocabulary.proofs))
    return pks, records


def _needed_languages(of, vocabulary):
    """For each opportunity its languages as (number, level or 0, role)."""
    languages = defaultdict(list)
    needed = NeededLanguage.objects.filter(**of).order_by("language_id")
    for pk, language, level, role in needed.values_list("opportunity_id", "language_id", "level", "role"):
        languages[pk].append((vocabulary.languages[language], level or 0, ROLES[role]))
    return languages


def _fill_opportunity(record, row, vocabulary, today):
    traits = sum(trait for name, trait in TRAITS if row[name])
    record["obstacles"] = _opportunity_obstacles(row, today)
    record["host"] = row["host_id"]
    record["field"] = vocabulary.fields[row["field_id"]]
    record["is_interpreting"] = row["field_id"] in vocabulary.interpreting
    record["german"] = row["german_needed"] or 0
    record["times"] = _mask(row["times"])
    record["min_age"] = min(row["min_age"] or 0, 255)
    record["is_for_women"] = row["only_for"] == Opportunity.OnlyFor.WOMEN
    record["is_remote"] = row["place"] == Opportunity.Place.REMOTE
    record["traits"] = traits + (Trait.REGULAR if row["frequency"] in REGULAR else 0)


def _opportunity_obstacles(row, today):
    if row["status"] == Opportunity.Status.FILLED or (row["places"] and row["taken"] >= row["places"]):
        return Obstacle.FULL
    if row["status"] != Opportunity.Status.PUBLISHED or row["host__verified_at"] is None:
        return Obstacle.CLOSED
    return Obstacle.EXPIRED if row["valid_until"] and row["valid_until"] < today else 0


def _opportunity_spots(row, hoods, vocabulary):
    """Where it takes place: in neighbourhoods, or else anywhere in a town. Nowhere for what is done from home."""
    if row["place"] == Opportunity.Place.REMOTE:
        return []
    if row["place"] == Opportunity.Place.NEIGHBOURHOOD and hoods:
        return sorted(vocabulary.hoods[pk] for pk in hoods)
    return [vocabulary.towns[row["city_id"]]] if row["city_id"] else []


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
    spots = [_candidate_spots(row, vocabulary) for row in rows]
    records = vocabulary.sizes(candidate_spots=max(map(len, spots), default=1)).candidates(len(rows))
    for record, row, places in zip(records, rows, spots, strict=True):
        record["obstacles"] = (Obstacle.PAUSED if row["is_paused"] else 0) | (
            Obstacle.LOADED if row["load"] >= row["max_load"] else 0
        )
        record["organisation"] = row["organisation"]
        for language, level in row["languages"]:
            record["levels"][vocabulary.languages[language]] = level or scoring.UNTOLD
            if language == vocabulary.german:
                record["german"] = level or 0
        record["times"] = _mask(row["times"])
        record["age"] = min(max(row["age"], 0), 255)
        record["gender"] = _gender(row["gender"])
        record["reach"] = np.inf if row["reach_km"] is None else row["reach_km"]
        record["motives"] = np.bitwise_or.reduce([0, *(_motive(motive) for motive in row["motives"])])
        record["spots"][: len(places)] = places
    skills = [[vocabulary.skills[pk] for pk in row["skills"]] for row in rows]
    _fill(records["skills"], skills)
    _fill(
        records["related_skills"], [{n for pk in row["skills"] for n in vocabulary.related_skills[pk]} for row in rows]
    )
    _fill(records["evidence"], [[vocabulary.skills[pk] for pk in row["evidence"]] for row in rows])
    _fill(records["fields"], [[vocabulary.fields[pk] for pk in row["fields"]] for row in rows])
    _fill(records["proofs"], [[vocabulary.proofs[pk] for pk in row["proofs"]] for row in rows])
    return records


def _candidate_spots(row, vocabulary):
    if row.get("reached"):
        return sorted(vocabulary.hoods[pk] for pk in row["reached"])
    if row["neighbourhood_id"]:
        return [vocabulary.hoods[row["neighbourhood_id"]]]
    return [vocabulary.postcodes[row["postcode_id"]]] if row.get("postcode_id") else []


def _gender(value):
    if not value:
        return Gender.UNTOLD
    return Gender.WOMAN if value == Volunteer.Gender.WOMAN else Gender.ANOTHER


def _motive(value):
    return int(MOTIVES.get(value, scoring.Motive.ANOTHER))


def _places(keys, start=0):
    return {key: place for place, key in enumerate(keys, start)}


def _families(group_of, places):
    """For each key, the places of all keys of its group."""
    groups = defaultdict(list)
    for key, group in group_of.items():
        groups[group].append(places[key])
    return {key: groups[group] for key, group in group_of.items()}


def _centres(points):
    """The middle of each town: the mean of the places known in it."""
    found = defaultdict(list)
    for _, town, latitude, longitude, *_ in points:
        found[town].append((latitude, longitude))
    return {town: tuple(np.mean(places, axis=0)) for town, places in found.items()}


def _grouped(queryset, key, *values):
    """Lists of ``values`` (bare, if it is one) by ``key``."""
    found = defaultdict(list)
    for owner, *rest in queryset.order_by("pk").values_list(key, *values):
        found[owner].append(rest[0] if len(values) == 1 else tuple(rest))
    return found


def _indices(members, pks, places):
    return [[places[member] for member in members[pk]] for pk in pks]


def _fill(column, members_of_rows):
    rows = [row for row, members in enumerate(members_of_rows) for _ in members]
    add_bits(column, rows, [member for members in members_of_rows for member in members])


def _mask(slots):
    return sum(1 << slot for slot in set(slots))
