"""The suggestions that are stored, and how they become what they are to be: only what differs is written."""

import numpy as np
from django.db import connection

from . import copying
from .judging import FACTORS, Weights
from .ranking import Found

# Candidates are named by one number: volunteers by their keys, self-organisations by theirs below zero.
PAIRS = [("opportunity", ">i8"), ("candidate", ">i8")]

VALUES = ["score", "standing", "appeal", *FACTORS]
# A suggestion as it is compared; NaN where the opportunity does not ask.
SUGGESTION = [
    *PAIRS,
    ("region", ">i8"),
    *((name, ">f8") for name in VALUES),
    ("open_points", ">i4"),
    ("version", ">i4"),
]
FIELDS = [name for name, _kind in SUGGESTION]
STORED = f"""
    SELECT id, opportunity_id, coalesce(volunteer_id, -organisation_id), region_id, score, standing, appeal,
        {", ".join(f"coalesce({factor}, 'NaN')" for factor in FACTORS)}, open_points, rule_version
    FROM matching_suggestion WHERE {{own}}
"""
# Of the keys in a suggestion the database takes no care (see Suggestion), so whoever is in a new one is held for the
# rest of the transaction; who is being erased is not found.
HELD = """
    WITH opportunity AS MATERIALIZED (
        SELECT id FROM organisations_opportunity WHERE id = ANY(%(opportunities)s) FOR KEY SHARE
    ), volunteer AS MATERIALIZED (
        SELECT id FROM volunteers_volunteer WHERE id = ANY(%(volunteers)s) FOR KEY SHARE
    ), organisation AS MATERIALIZED (
        SELECT id FROM organisations_organisation WHERE id = ANY(%(organisations)s) FOR KEY SHARE
    )
    SELECT id, TRUE FROM opportunity UNION ALL SELECT id, FALSE FROM volunteer
    UNION ALL SELECT -id, FALSE FROM organisation
"""


def stored(own: str, params: dict) -> np.ndarray:
    """The suggestions for which the SQL ``own`` is true, as rows of SUGGESTION that begin with their keys."""
    return copying.columns(STORED.format(own=own), params, [("id", ">i8"), *SUGGESTION])


def suggestions(found: Found, weights: Weights, opportunities, candidates) -> np.ndarray:
    """What was found among these columns (see ``records.py``), as rows of SUGGESTION."""
    rows = np.zeros(len(found.total), SUGGESTION)
    rows["opportunity"] = opportunities.keys[found.opportunity]
    rows["candidate"] = candidates.keys[found.candidate]
    rows["region"] = candidates.regions[found.candidate]
    rows["score"], rows["standing"], rows["appeal"] = found.total, found.standing, found.appeal
    for factor, points in zip(FACTORS, found.points.T, strict=True):
        rows[factor] = points
    rows["open_points"], rows["version"] = found.open_points, weights.version
    return rows


def undecided(fresh: np.ndarray, sql: str, params: dict) -> np.ndarray:
    """Without the pairs on which somebody has decided while they were scored."""
    pairs = fresh[["opportunity", "candidate"]].astype(PAIRS)
    return fresh[~_are_among(pairs, copying.columns(sql, params, PAIRS))]


def swap(fresh: np.ndarray, stored: np.ndarray) -> None:
    """Make what is stored what is fresh. Rows that are right already are left alone."""
    before = stored[FIELDS].astype(SUGGESTION)
    forget(stored["id"][~_are_among(before, fresh)])
    _store(fresh[~_are_among(fresh, before)])


def _are_among(rows, others) -> np.ndarray:
    """Which rows are equal to one of the others, byte for byte."""
    return np.isin(*(side.view(f"V{side.itemsize}") for side in (rows, others)))


def forget(pks: np.ndarray) -> None:
    if len(pks):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM matching_suggestion WHERE id = ANY(%s)", [pks.tolist()])


def _store(rows) -> None:
    if not len(rows):
        return
    rows = rows[_are_held(rows)]
    is_person = rows["candidate"] > 0
    columns = {
        "opportunity_id": rows["opportunity"],
        "volunteer_id": np.ma.masked_array(rows["candidate"], ~is_person),
        "organisation_id": np.ma.masked_array(-rows["candidate"], is_person),
        "region_id": rows["region"],
        **{name: np.ma.masked_array(rows[name], np.isnan(rows[name])) for name in VALUES},
        "open_points": rows["open_points"],
        "rule_version": rows["version"],
    }
    copying.write("matching_suggestion", columns)


def _are_held(rows) -> np.ndarray:
    """Which rows are of two who are still there, and stay until the end of the transaction."""
    candidates = np.unique(rows["candidate"])
    params = {
        "opportunities": np.unique(rows["opportunity"]).tolist(),
        "volunteers": candidates[candidates > 0].tolist(),
        "organisations": (-candidates[candidates < 0]).tolist(),
    }
    held = copying.columns(HELD, params, [("key", ">i8"), ("is_opportunity", "?")])
    is_opportunity = held["is_opportunity"]
    is_held = np.isin(rows["opportunity"], held["key"][is_opportunity])
    return is_held & np.isin(rows["candidate"], held["key"][~is_opportunity])
