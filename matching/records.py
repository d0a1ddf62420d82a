"""The packed records of both sides as columns: made on the spot, or read from where ``refreshing.py`` keeps them."""

from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from . import copying, facts, vocabulary
from .geography import Geography
from .packing import CANDIDATE, OPPORTUNITY, pack
from .vocabulary import Stale, Vocabulary

# Who is meant: ("volunteer", pk) or ("organisation", pk).
Candidate = tuple[str, int]

THESE = "id = ANY(%(pks)s)"


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
    """Read three querysets as records made on the spot, with all that stands in the way of somebody.

    Self-organisations follow the volunteers; each side is in order of its keys. Raises CannotPack.
    """
    words, today = vocabulary.current(), timezone.localdate(now)
    offered = [one for one, _town in facts.of_opportunities(THESE, words, today, pks=_keys(opportunities))]
    people = [one for one, _town in facts.of_volunteers(THESE, words, today, pks=_keys(volunteers))]
    people += [one for one, _town in facts.of_organisations(THESE, words, today, pks=_keys(organisations))]
    return Records(
        np.frombuffer(b"".join(map(pack, offered)), OPPORTUNITY),
        [one.pk for one in offered],
        np.frombuffer(b"".join(map(pack, people)), CANDIDATE),
        [key_of(one.volunteer, one.organisation) for one in people],
        words,
    )


def _keys(queryset):
    return list(queryset.order_by().values_list("pk", flat=True))


# --- Read as columns --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidates:
    """Columns; ``keys`` are those of volunteers, and those of self-organisations below zero."""

    records: np.ndarray
    regions: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        return np.where(self.records["volunteer"] > 0, self.records["volunteer"], -self.records["organisation"])


@dataclass(frozen=True)
class Opportunities:
    """Columns, in the order of their keys."""

    records: np.ndarray
    prices: np.ndarray
    floors: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        return self.records["pk"]


CANDIDATES = "SELECT record, region_id, vocabulary FROM matching_candidaterecord WHERE {condition}"
OPPORTUNITIES = """
    SELECT record, price, floor, vocabulary FROM matching_opportunityrecord o WHERE {condition} ORDER BY opportunity_id
"""
NAME = ("vocabulary", "S16")


def candidates(condition: str, words: Vocabulary, **params) -> Candidates:
    """The candidates for whose records the SQL ``condition`` is true. Raises Stale."""
    layout = [("record", CANDIDATE), ("region", ">i8"), NAME]
    found = _true(copying.columns(CANDIDATES.format(condition=condition), params, layout), words)
    return Candidates(np.array(found["record"]), found["region"])


def opportunities(condition: str, words: Vocabulary, **params) -> Opportunities:
    """The same for opportunities."""
    layout = [("record", OPPORTUNITY), ("price", ">f8"), ("floor", ">f8"), NAME]
    found = _true(copying.columns(OPPORTUNITIES.format(condition=condition), params, layout), words)
    return Opportunities(np.array(found["record"]), found["price"].astype(float), found["floor"].astype(float))


def _true(found, words):
    if (found["vocabulary"] != words.fingerprint.encode()).any():
        raise Stale
    return found
