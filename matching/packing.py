"""Profiles and opportunities in numbers, packed into records of fixed size, and back. No Django, no database.

``OpportunityFacts`` and ``CandidateFacts`` say in plain Python what the rule looks at. ``pack`` makes the record of
one of them, as bytes in the layout ``OPPORTUNITY`` or ``CANDIDATE``, and ``unpack(pack(facts)) == facts``.
Columns of many records are ``np.frombuffer(b"".join(packed), CANDIDATE)``.

The members of a set are numbers that the vocabulary gives to its words (see ``vocabulary.py``). Whatever has no room in
a record raises ``CannotPack`` with the reason.
"""

from dataclasses import dataclass, fields
from math import inf
from struct import Struct
from typing import Any

import numpy as np

# Change it together with the layout: records of another layout are packed anew.
LAYOUT = 2
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
    refused: Numbers = frozenset()
    proofs: Numbers = frozenset()
    skills: Numbers = frozenset()
    related_skills: Numbers = frozenset()
    evidence: Numbers = frozenset()
    levels: tuple[tuple[int, int], ...] = ()
    spots: tuple[int, ...] = ()


Facts = OpportunityFacts | CandidateFacts

FLOAT = Struct("<f")
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
        ("refused", "<u8"),
        ("proofs", "<u8"),
        ("skills", "<u8", SKILL_SET),
        ("related_skills", "<u8", SKILL_SET),
        ("evidence", "<u8", SKILL_SET),
        ("levels", "u1", LANGUAGES),
        ("spots", "<i4", CANDIDATE_SPOTS),
    ]
)


# How many bytes each column takes, and whether it knows numbers below zero.
ROOM = {
    kind: {name: (layout[name].itemsize, layout[name].base.kind == "i") for name in layout.names or ()}
    for kind, layout in ((OpportunityFacts, OPPORTUNITY), (CandidateFacts, CANDIDATE))
}


def pack(facts: Facts) -> bytes:
    """The record of an opportunity or a candidate, column after column; raises ``CannotPack``."""
    columns = []
    for name, value in vars(facts).items():
        try:
            columns.append(_packed(value, name, *ROOM[type(facts)].get(name, (0, False))))
        except (OverflowError, IndexError, ValueError) as error:
            raise CannotPack(f"{name}: {error}") from error
    return b"".join(columns)


def unpack(packed: bytes, layout: np.dtype) -> Any:
    """The facts in a record of this layout."""
    record = np.frombuffer(packed, layout)[0]
    kind = OpportunityFacts if layout is OPPORTUNITY else CandidateFacts
    return kind(**{column.name: _read(record, column.name, column.type) for column in fields(kind)})


def _packed(value, name, size, is_signed) -> bytes:
    if isinstance(value, frozenset):
        bits = 0
        for number in value:
            bits |= 1 << number
        return bits.to_bytes(size, "little")
    if name == "needed":
        return _packed_languages(value)
    if name == "levels":
        levels = bytearray(size)
        for language, level in value:
            levels[language] = level
        return bytes(levels)
    if name == "spots":
        spots = [spot.to_bytes(4, "little", signed=True) for spot in _fitting(value, size // 4)]
        return b"".join(spots).ljust(size, NOWHERE.to_bytes(1, signed=True))
    if name == "reach":
        return FLOAT.pack(value)
    return int(value).to_bytes(size, "little", signed=is_signed)


def _packed_languages(needed) -> bytes:
    """Three columns: the languages, their levels and their roles."""
    if any(language >= LANGUAGES for language, _level, _role in needed):
        raise IndexError(f"languages are numbered below {LANGUAGES}")
    columns = zip(*_fitting(needed, NEEDED_LANGUAGES), strict=True)
    return b"".join(bytes(column).ljust(NEEDED_LANGUAGES, b"\0") for column in columns).ljust(
        3 * NEEDED_LANGUAGES, b"\0"
    )


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
