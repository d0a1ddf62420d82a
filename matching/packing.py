"""Profiles and opportunities in numbers, packed into records of fixed size, and back. No Django, no database.

``OpportunityFacts`` and ``CandidateFacts`` say in plain Python what the rule looks at. ``pack`` makes the record of
one of them, as bytes in the layout ``OPPORTUNITY`` or ``CANDIDATE``, and ``unpack(pack(facts)) == facts``.
Columns of many records are ``np.frombuffer(b"".join(packed), CANDIDATE)``.

The members of a set are numbers that the vocabulary gives to its words (see ``records.py``). Whatever has no room in a
record raises ``CannotPack`` with the reason.
"""

from dataclasses import dataclass, fields
from math import inf
from typing import Any

import numpy as np

# Change it together with the layout: records of another layout are packed anew.
LAYOUT = 1
LANGUAGES, SKILLS = 128, 192
NEEDED_LANGUAGES, OPPORTUNITY_SPOTS, CANDIDATE_SPOTS = 12, 8, 12
NOWHERE = -1

Numbers = frozenset[int]


class CannotPack(ValueError):
    """Something has no room in its record."""


@dataclass(frozen=True)
class OpportunityFacts:
    """What an opportunity asks and offers.

    ``needed`` are triples of a language, its level or 0, and its role. ``places`` are the free ones, 0 if unknown.
    """

    pk: int = 0
    host: int = NOWHERE
    obstacles: int = 0
    places: int = 0
    field: int = 0
    is_interpreting: bool = False
    is_remote: bool = False
    is_for_women: bool = False
    min_age: int = 0
    german: int = 0
    traits: int = 0
    times: Numbers = frozenset()
    related_fields: Numbers = frozenset()
    proofs: Numbers = frozenset()
    required: Numbers = frozenset()
    wanted: Numbers = frozenset()
    needed: tuple[tuple[int, int, int], ...] = ()
    spots: tuple[int, ...] = ()


@dataclass(frozen=True)
class CandidateFacts:
    """What a candidate told: a volunteer, or a self-organisation (one of the two keys is 0).

    ``levels`` maps a language to a level or UNTOLD, in the order of the languages; ``reach`` is in km, infinite when
    it was not told. ``waiting_since`` is the day (a proleptic ordinal) since which nobody acted on a suggestion, or 0.
    """

    volunteer: int = 0
    organisation: int = 0
    obstacles: int = 0
    german: int = 0
    age: int = 0
    gender: int = 0
    motives: int = 0
    reach: float = inf
    waiting_since: int = 0
    times: Numbers = frozenset()
    fields: Numbers = frozenset()
    proofs: Numbers = frozenset()
    skills: Numbers = frozenset()
    related_skills: Numbers = frozenset()
    evidence: Numbers = frozenset()
    levels: tuple[tuple[int, int], ...] = ()
    spots: tuple[int, ...] = ()


Facts = OpportunityFacts | CandidateFacts

SKILL_SET = (SKILLS // 64,)
OPPORTUNITY = np.dtype(
    [
        ("pk", "<i8"),
        ("host", "<i8"),
        ("obstacles", "<u2"),
        ("places", "<u2"),
        ("field", "u1"),
        ("is_interpreting", "u1"),
        ("is_remote", "u1"),
        ("is_for_women", "u1"),
        ("min_age", "u1"),
        ("german", "u1"),
        ("traits", "u1"),
        ("times", "<u4"),
        ("related_fields", "<u8"),
        ("proofs", "<u8"),
        ("required", "<u8", SKILL_SET),
        ("wanted", "<u8", SKILL_SET),
        ("languages", "u1", NEEDED_LANGUAGES),
        ("levels", "u1", NEEDED_LANGUAGES),
        ("roles", "u1", NEEDED_LANGUAGES),
        ("spots", "<i4", OPPORTUNITY_SPOTS),
    ]
)
CANDIDATE = np.dtype(
    [
        ("volunteer", "<i8"),
        ("organisation", "<i8"),
        ("obstacles", "<u2"),
        ("german", "u1"),
        ("age", "u1"),
        ("gender", "u1"),
        ("motives", "u1"),
        ("reach", "<f4"),
        ("waiting_since", "<i4"),
        ("times", "<u4"),
        ("fields", "<u8"),
        ("proofs", "<u8"),
        ("skills", "<u8", SKILL_SET),
        ("related_skills", "<u8", SKILL_SET),
        ("evidence", "<u8", SKILL_SET),
        ("levels", "u1", LANGUAGES),
        ("spots", "<i4", CANDIDATE_SPOTS),
    ]
)


def pack(facts: Facts) -> bytes:
    """The record of an opportunity or a candidate; raises ``CannotPack``."""
    record = np.zeros((), OPPORTUNITY if isinstance(facts, OpportunityFacts) else CANDIDATE)
    for name, value in vars(facts).items():
        try:
            _put(record, name, value)
        except (OverflowError, IndexError, ValueError) as error:
            raise CannotPack(f"{name}: {error}") from error
    return record.tobytes()


def unpack(packed: bytes, layout: np.dtype) -> Any:
    """The facts in a record of this layout."""
    record = np.frombuffer(packed, layout)[0]
    kind = OpportunityFacts if layout is OPPORTUNITY else CandidateFacts
    return kind(**{column.name: _read(record, column.name, column.type) for column in fields(kind)})


def _put(record, name, value) -> None:
    if name == "needed":
        if any(language >= LANGUAGES for language, _level, _role in value):
            raise IndexError(f"languages are numbered below {LANGUAGES}")
        for column, values in zip(("languages", "levels", "roles"), zip(*value, strict=True), strict=False):
            record[column][: len(value)] = _fitting(values, NEEDED_LANGUAGES)
    elif name == "levels":
        for language, level in value:
            record["levels"][language] = level
    elif name == "spots":
        record["spots"] = NOWHERE
        record["spots"][: len(value)] = _fitting(value, record["spots"].size)
    elif isinstance(value, frozenset):
        column = record.dtype[name]
        bits = sum(1 << number for number in value).to_bytes(column.itemsize, "little")
        record[name] = np.frombuffer(bits, column.base)
    else:
        record[name] = value


def _fitting(values, room):
    if len(values) > room:
        raise IndexError(f"{len(values)} entries, there is room for {room}")
    return values


def _read(record, name, kind):
    if name == "needed":
        columns = (record[column].tolist() for column in ("languages", "levels", "roles"))
        return tuple(needed for needed in zip(*columns, strict=True) if needed[2])
    if name == "levels":
        return tuple((language, level) for language, level in enumerate(record["levels"].tolist()) if level)
    if name == "spots":
        return tuple(spot for spot in record["spots"].tolist() if spot != NOWHERE)
    if kind is Numbers:
        bits = int.from_bytes(record[name].tobytes(), "little")
        return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)
    return kind(record[name])
