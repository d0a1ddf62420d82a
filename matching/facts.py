"""What the database holds of both sides, as facts for packing: one query a side, however many rows there are."""

from collections import namedtuple
from collections.abc import Iterator
from datetime import date
from functools import cache, reduce
from math import inf
from operator import or_

from django.db import connection
from django.utils import timezone

from organisations.models import NeededLanguage, Opportunity, Organisation
from volunteers.models import Consent, Motive, Volunteer

from . import judging
from .geography import POSTCODE, TOWN, spot_number
from .judging import Gender, Obstacle, Role, Trait
from .models import Match
from .packing import CANDIDATE_SPOTS, OPPORTUNITY_SPOTS, CandidateFacts, Facts, OpportunityFacts
from .vocabulary import Vocabulary, hood_spot
from .waiting import UNDER_WAY

REGULAR = (Opportunity.Frequency.WEEKLY, Opportunity.Frequency.BIWEEKLY)
TRAITS = (
    ("serves_newcomers", Trait.NEWCOMERS),
    ("gives_certificate", Trait.CERTIFICATE),
    ("is_accompanied", Trait.ACCOMPANIED),
    ("is_in_team", Trait.TEAM),
)
MOTIVES = {
    Motive.GIVE_BACK: judging.Motive.GIVE_BACK,
    Motive.USE_QUALIFICATION: judging.Motive.USE_QUALIFICATION,
    Motive.WAY_INTO_WORK: judging.Motive.WAY_INTO_WORK,
    Motive.MEET_PEOPLE: judging.Motive.MEET_PEOPLE,
}
ROLES = {
    NeededLanguage.Role.REQUIRED: Role.REQUIRED,
    NeededLanguage.Role.ONE_OF: Role.ONE_OF,
    NeededLanguage.Role.WANTED: Role.WANTED,
}
OPPORTUNITIES = """
    SELECT id, host_id, status, valid_until < %(today)s AS is_expired, places, place, city_id, field_id,
        german_needed,
        coalesce(city_id, (
            SELECT min(n.city_id) FROM organisations_opportunity_neighbourhoods l
            JOIN engagement_neighbourhood n ON n.id = l.neighbourhood_id WHERE l.opportunity_id = o.id
        )) AS town,
        times, frequency, min_age, only_for, serves_newcomers, gives_certificate, is_accompanied, is_in_team,
        (SELECT verified_at FROM organisations_organisation WHERE id = host_id) AS verified_at,
        (SELECT count(*) FROM matching_match WHERE opportunity_id = o.id AND state = ANY(%(takes_a_place)s)) AS taken,
        ARRAY(SELECT skill_id FROM organisations_opportunity_skills_required WHERE opportunity_id = o.id) AS required,
        ARRAY(SELECT skill_id FROM organisations_opportunity_skills_wanted WHERE opportunity_id = o.id) AS wanted,
        ARRAY(SELECT proof_id FROM organisations_opportunity_proofs WHERE opportunity_id = o.id) AS proofs,
        ARRAY(
            SELECT neighbourhood_id FROM organisations_opportunity_neighbourhoods WHERE opportunity_id = o.id
        ) AS hoods,
        ARRAY(
            SELECT concat_ws(' ', language_id, coalesce(level, 0), role)
            FROM organisations_neededlanguage WHERE opportunity_id = o.id ORDER BY language_id
        ) AS languages
    FROM organisations_opportunity o WHERE {condition} ORDER BY id
"""
VOLUNTEERS = """
    SELECT id, 0 AS organisation, birth_year, gender, neighbourhood_id, postcode_id, reach_km, times, motives, max_load,
        is_paused OR coalesce(paused_until > %(today)s, FALSE) AS is_paused,
        (created_at AT TIME ZONE %(zone)s)::date AS since, m.load, m.acted_on,
        coalesce(
            (SELECT city_id FROM engagement_neighbourhood WHERE id = neighbourhood_id),
            (SELECT city_id FROM engagement_postcode WHERE id = postcode_id)
        ) AS town, ARRAY[]::bigint[] AS reached,
        ARRAY(SELECT ARRAY[language_id, coalesce(level, 0)] FROM volunteers_spokenlanguage WHERE volunteer_id = v.id)
            AS languages,
        ARRAY(SELECT skill_id FROM volunteers_competence WHERE volunteer_id = v.id) AS skills,
        ARRAY(SELECT skill_id FROM volunteers_competence WHERE volunteer_id = v.id AND has_evidence) AS evidence,
        ARRAY(SELECT field_id FROM volunteers_volunteer_fields WHERE volunteer_id = v.id) AS fields,
        ARRAY(SELECT field_id FROM volunteers_volunteer_refused_fields WHERE volunteer_id = v.id) AS refused,
        ARRAY(
            SELECT proof_id FROM volunteers_volunteer_proofs WHERE volunteer_id = v.id
            UNION SELECT proof_id FROM volunteers_proofinspection WHERE volunteer_id = v.id
        ) AS proofs
    FROM volunteers_volunteer v, LATERAL (
        SELECT count(*) FILTER (WHERE state = ANY(%(under_way)s)) AS load,
            max((changed_at AT TIME ZONE %(zone)s)::date) FILTER (WHERE state <> '') AS acted_on
        FROM matching_match WHERE volunteer_id = v.id
    ) m
    WHERE {condition} ORDER BY id
"""
ORGANISATIONS = """
    SELECT id, id AS organisation, NULL AS birth_year, '' AS gender, neighbourhood_id, NULL AS postcode_id,
        NULL AS reach_km, times, ARRAY[]::text[] AS motives, max_load,
        is_paused OR kind <> %(mso)s OR verified_at IS NULL AS is_paused,
        (created_at AT TIME ZONE %(zone)s)::date AS since, m.load, m.acted_on,
        city_id AS town,
        ARRAY(SELECT neighbourhood_id FROM organisations_organisation_reached WHERE organisation_id = o.id) AS reached,
        ARRAY(
            SELECT ARRAY[language_id, coalesce(level, 0)] FROM organisations_memberlanguage WHERE organisation_id = o.id
        ) AS languages,
        ARRAY(SELECT skill_id FROM organisations_organisation_skills WHERE organisation_id = o.id) AS skills,
        ARRAY[]::bigint[] AS evidence,
        ARRAY(SELECT field_id FROM organisations_organisation_fields WHERE organisation_id = o.id) AS fields,
        ARRAY[]::bigint[] AS refused,
        ARRAY[]::bigint[] AS proofs
    FROM organisations_organisation o, LATERAL (
        SELECT count(*) FILTER (WHERE state = ANY(%(under_way)s)) AS load,
            max((changed_at AT TIME ZONE %(zone)s)::date) FILTER (WHERE state <> '') AS acted_on
        FROM matching_match WHERE organisation_id = o.id
    ) m
    WHERE {condition} ORDER BY id
"""
WORDS = {
    "takes_a_place": list(Match.TAKES_A_PLACE),
    "under_way": list(UNDER_WAY),
    "mso": Organisation.Kind.MSO,
    "profile": Consent.Purpose.PROFILE,
    "published": Opportunity.Status.PUBLISHED,
}


# A row of each query, and the key of the town to which it belongs.
Located = tuple[Facts, int | None]


def of_opportunities(condition: str, vocabulary: Vocabulary, today: date, **params) -> Iterator[Located]:
    """The facts of the opportunities for which the SQL ``condition`` is true, in the order of their keys."""
    for row in _rows(OPPORTUNITIES, condition, today, params):
        yield _opportunity(row, vocabulary), row.town


def of_volunteers(condition: str, vocabulary: Vocabulary, today: date, **params) -> Iterator[Located]:
    """The facts of volunteers, likewise."""
    for row in _rows(VOLUNTEERS, condition, today, params):
        yield _candidate(row, vocabulary, today), row.town


def of_organisations(condition: str, vocabulary: Vocabulary, today: date, **params) -> Iterator[Located]:
    """The facts of self-organisations: the union of what their members bring, wherever they reach people."""
    for row in _rows(ORGANISATIONS, condition, today, params):
        yield _candidate(row, vocabulary, today), row.town


def _rows(sql, condition, today, params):
    zone = timezone.get_default_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(sql.format(condition=condition), WORDS | params | {"today": today, "zone": zone})
        yield from map(_row_of(tuple(column.name for column in cursor.description))._make, cursor)


@cache
def _row_of(names):
    return namedtuple("Row", names)  # noqa: PYI024 (the names are those of the query)


def _opportunity(row, vocabulary):
    traits = sum(trait for name, trait in TRAITS if getattr(row, name))
    return OpportunityFacts(
        pk=row.id,
        host=row.host_id,
        obstacles=_obstacles_of_opportunity(row),
        places=max(row.places - row.taken, 0) if row.places else 0,
        field=vocabulary.fields[row.field_id],
        is_interpreting=row.field_id in vocabulary.interpreting,
        is_remote=row.place == Opportunity.Place.REMOTE,
        is_for_women=row.only_for == Opportunity.OnlyFor.WOMEN,
        min_age=min(row.min_age or 0, 255),
        german=row.german_needed or 0,
        traits=traits + (Trait.REGULAR if row.frequency in REGULAR else 0),
        times=frozenset(row.times),
        related_fields=frozenset(vocabulary.related_fields[row.field_id]),
        proofs=_numbers(row.proofs, vocabulary.proofs),
        required=_numbers(row.required, vocabulary.skills),
        wanted=_numbers(row.wanted, vocabulary.skills),
        needed=tuple(_needed(words.split(), vocabulary) for words in row.languages),
        spots=_fitting(_spots_of_opportunity(row), OPPORTUNITY_SPOTS, vocabulary),
    )


def _obstacles_of_opportunity(row):
    if row.status == Opportunity.Status.FILLED or (row.places and row.taken >= row.places):
        return Obstacle.FULL
    if row.status != Opportunity.Status.PUBLISHED or row.verified_at is None:
        return Obstacle.CLOSED
    return Obstacle.EXPIRED if row.is_expired else 0


def _needed(words, vocabulary):
    language, level, role = words
    return vocabulary.languages[int(language)], int(level), ROLES[role]


def _spots_of_opportunity(row):
    """Where it takes place: in neighbourhoods, or else anywhere in a town. Nowhere for what is done from home."""
    if row.place == Opportunity.Place.REMOTE:
        return ()
    if row.place == Opportunity.Place.NEIGHBOURHOOD and row.hoods:
        return tuple(sorted(map(hood_spot, row.hoods)))
    return (spot_number(TOWN, row.city_id),) if row.city_id else ()


def _candidate(row, vocabulary, today):
    levels = {vocabulary.languages[language]: level or judging.UNTOLD for language, level in row.languages}
    motives = (MOTIVES.get(motive, judging.Motive.ANOTHER) for motive in row.motives)
    return CandidateFacts(
        volunteer=0 if row.organisation else row.id,
        organisation=row.organisation,
        obstacles=(Obstacle.PAUSED if row.is_paused else 0) | (Obstacle.LOADED if row.load >= row.max_load else 0),
        german=dict(row.languages).get(vocabulary.german) or 0,
        age=min(max(today.year - row.birth_year, 0), 255) if row.birth_year else 0,
        gender=_gender(row.gender),
        motives=int(reduce(or_, motives, 0)),
        reach=inf if row.reach_km is None else row.reach_km,
        # Who has something under way is not waiting.
        waiting_since=0 if row.load else max(row.since, row.acted_on or row.since).toordinal(),
        times=frozenset(row.times),
        fields=_numbers(row.fields, vocabulary.fields),
        refused=_numbers(row.refused, vocabulary.fields),
        proofs=_numbers(row.proofs, vocabulary.proofs),
        skills=_numbers(row.skills, vocabulary.skills),
        related_skills=frozenset(number for pk in row.skills for number in vocabulary.related_skills[pk]),
        evidence=_numbers(row.evidence, vocabulary.skills),
        levels=tuple(sorted(levels.items())),
        spots=_fitting(_spots_of_candidate(row), CANDIDATE_SPOTS, vocabulary),
    )


def _spots_of_candidate(row):
    if row.reached:
        return tuple(sorted(map(hood_spot, row.reached)))
    if row.neighbourhood_id:
        return (hood_spot(row.neighbourhood_id),)
    return (spot_number(POSTCODE, row.postcode_id),) if row.postcode_id else ()


def _fitting(spots, room, vocabulary):
    """More places than a record has room for become the towns in which they lie."""
    return spots if len(spots) <= room else vocabulary.towns_of(spots)


def _gender(value):
    if not value:
        return Gender.UNTOLD
    return Gender.WOMAN if value == Volunteer.Gender.WOMAN else Gender.ANOTHER


def _numbers(keys, places):
    return frozenset(places[key] for key in keys)
