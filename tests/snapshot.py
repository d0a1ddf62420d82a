"""The loaded vocabulary as PostgreSQL's own copies of its tables, so that many tests can have it."""

import io

from django.db import connection

from engagement.models import (
    Adjacency,
    City,
    Field,
    Language,
    Neighbourhood,
    Postcode,
    Proof,
    Skill,
    SkillGroup,
)
from engagement.vocabulary.loading import load_vocabulary

MODELS = [Language, SkillGroup, Skill, Proof, Field, Field.typical_skills.through, Field.typical_proofs.through]
MODELS += [City, Neighbourhood, Adjacency, Postcode]
_copies: dict[str, bytes] = {}


def restore_vocabulary():
    if _copies:
        with connection.cursor() as cursor:
            for table, copy in _copies.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT binary)", io.BytesIO(copy))
    else:
        load_vocabulary()
        with connection.cursor() as cursor:
            _copies.update({model._meta.db_table: dump(cursor, model._meta.db_table) for model in MODELS})


def dump(cursor, table: str) -> bytes:
    buffer = io.BytesIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT binary)", buffer)
    return buffer.getvalue()
