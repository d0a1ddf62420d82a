"""Volunteers and self-organisations, drawn in columns and written by COPY."""

import numpy as np

from matching.demo.copying import copy_rows, take_keys
from matching.demo.volunteers import MOTIVES, PROOFS, REACHES
from organisations.models import MemberLanguage, Organisation
from volunteers import consents
from volunteers.models import Competence, Consent, SpokenLanguage, Volunteer

from .drawing import NOT_SPOKEN, Ground, pick, some_of, some_times, sometimes

HOMELESS, KNOWS_HOOD, REFUSES = 0.02, 0.88, 0.05
GENDERS = {Volunteer.Gender.WOMAN.value: 37, Volunteer.Gender.MAN.value: 23, "": 40}


def store_volunteers(ground: Ground, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Write so many volunteers with all that they told; their keys and their towns."""
    rng = ground.rng
    keys, places = np.array(take_keys(Volunteer, number)), ground.places.draw(rng, number)
    copy_rows(Volunteer, rows_of_volunteers(ground, keys, places))
    store_languages(SpokenLanguage, "volunteer_id", keys, ground)
    fields, skills = some_skills(ground, number, most=6)
    store_competences(ground, keys, skills)
    refused = some_of(rng, rng.integers(1, 3, number), len(ground.fields)) & (rng.random((number, 1)) < REFUSES)
    for name, column, members, chosen in (
        ("fields", "field_id", ground.fields, fields),
        ("refused_fields", "field_id", ground.fields, refused & ~fields),
        ("proofs", "proof_id", ground.proofs_of(PROOFS), sometimes(rng, PROOFS.values(), number)),
    ):
        copy_rows(getattr(Volunteer, name).through, links(chosen, "volunteer_id", keys, column, members))
    copy_rows(Consent, [consent_of(key) for key in keys.tolist()])
    return keys, ground.places.towns[places]


def rows_of_volunteers(ground, keys, places) -> list[dict]:
    rng, number = ground.rng, len(keys)
    has_home, knows_hood = rng.random(number) >= HOMELESS, rng.random(number) < KNOWS_HOOD
    hoods = ground.places.some_hood(rng, places) * (has_home & knows_hood)
    ages = rng.triangular(16, 36, 79, number).astype(int) * (rng.random(number) < 0.7)
    motives = sometimes(rng, MOTIVES.values(), number) & (rng.random(number) < 0.92)[:, None]
    names = np.array([motive.value for motive in MOTIVES])
    columns = {
        "id": keys,
        "neighbourhood_id": hoods,
        "postcode_id": np.where(hoods, 0, ground.places.postcodes[places] * has_home),
        "reach_km": pick(rng, REACHES, number),
        "birth_year": np.where(ages, ground.now.year - ages, 0),
    }
    rows = [
        {name: value or None for name, value in zip(columns, values, strict=True)}
        for values in zip(*(column.tolist() for column in columns.values()), strict=True)
    ]
    told = zip(rows, some_times(rng, number), motives, pick(rng, GENDERS, number), strict=True)
    for row, times, motive, gender in told:
        row |= {"first_name": f"Person {row['id']}", "gender": str(gender)}
        row |= {"times": np.flatnonzero(times).tolist(), "motives": names[motive].tolist()}
        row |= {"max_load": int(rng.integers(1, 4)), "is_paused": bool(rng.random() < 0.03)}
    return rows


def some_skills(ground, number, *, most) -> tuple[np.ndarray, np.ndarray]:
    """Fields wished, one to three, and skills that mostly belong to them; some told neither."""
    rng = ground.rng
    fields = some_of(rng, rng.integers(1, 4, number), len(ground.fields))
    likely = 0.8 * (fields @ ground.typical > 0)
    skills = some_of(rng, rng.integers(1, most + 1, number), len(ground.skills), preference=likely)
    return fields & (rng.random((number, 1)) < 0.85), skills & (rng.random((number, 1)) < 0.9)


def store_languages(model, owner, keys, ground) -> None:
    levels = ground.speech.draw(ground.rng, len(keys))
    rows = links(levels != NOT_SPOKEN, owner, keys, "language_id", ground.speech.keys)
    for row, level in zip(rows, levels[levels != NOT_SPOKEN].tolist(), strict=True):
        row["level"] = level or None
    copy_rows(model, rows)


def store_competences(ground, keys, skills) -> None:
    rows = links(skills, "volunteer_id", keys, "skill_id", ground.skills)
    for row, has_evidence in zip(rows, (ground.rng.random(len(rows)) < 0.35).tolist(), strict=True):
        row["has_evidence"] = has_evidence
    copy_rows(Competence, rows)


def consent_of(key: int) -> dict:
    given = {"purpose": Consent.Purpose.PROFILE.value, "given_how": Consent.Given.WEBSITE.value}
    return {"volunteer_id": key, "text_version": consents.VERSION, **given}


def store_self_organisations(ground: Ground, agencies: dict[int, int], number: int) -> tuple[np.ndarray, np.ndarray]:
    """Write so many verified self-organisations with their potential; their keys and their towns."""
    rng = ground.rng
    keys, places = np.array(take_keys(Organisation, number)), ground.places.draw(rng, number)
    towns = ground.places.towns[places]
    hoods = [np.unique(ground.places.some_hood(rng, np.repeat(place, rng.integers(1, 7)))) for place in places]
    copy_rows(Organisation, rows_of_self_organisations(ground, keys, towns, agencies))
    store_languages(MemberLanguage, "organisation_id", keys, ground)
    fields, skills = some_skills(ground, number, most=10)
    through = Organisation.fields.through, Organisation.skills.through, Organisation.reached.through
    copy_rows(through[0], links(fields, "organisation_id", keys, "field_id", ground.fields))
    copy_rows(through[1], links(skills, "organisation_id", keys, "skill_id", ground.skills))
    reached = [(key, hood) for key, some in zip(keys.tolist(), hoods, strict=True) for hood in some.tolist() if hood]
    copy_rows(through[2], [{"organisation_id": key, "neighbourhood_id": hood} for key, hood in reached])
    return keys, towns


def rows_of_self_organisations(ground, keys, towns, agencies) -> list[dict]:
    kind = {"kind": Organisation.Kind.MSO.value, "verified_at": ground.now}
    columns = zip(keys.tolist(), towns.tolist(), some_times(ground.rng, len(keys)), strict=True)
    return [
        {"id": key, "name": f"Group {key}", "city_id": town, "agency_id": agencies[town], **kind}
        | {"times": np.flatnonzero(times).tolist(), "group_size": int(ground.rng.integers(3, 26))}
        for key, town, times in columns
    ]


def links(chosen: np.ndarray, owner: str, owners: np.ndarray, member: str, members: np.ndarray) -> list[dict]:
    """Rows of a table between two: ``chosen`` (owners, members) says who has what."""
    rows, columns = np.nonzero(chosen)
    pairs = zip(owners[rows].tolist(), members[columns].tolist(), strict=True)
    return [{owner: one, member: other} for one, other in pairs]
