"""Keeps the suggestions true: fetches records, calls scoring, swaps the suggestions. Never touches what people decided.

A pair is suggested when nothing stands in its way, it scores at least MINIMUM, and it is among the BEST_PER_OPPORTUNITY
of its opportunity or among the BEST_PER_CANDIDATE of its candidate (equal scores: the older row first). A change of one
row swaps the pairs of that row only, ranked among the suggestions that exist; pairs of others that would now move up or
out follow with the nightly run. On suggestions that are true, every function here changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import contextmanager

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .models import Match, Region, Suggestion
from .records import Candidate, Records, fetch, key_of
from .scoring import FACTORS, RULE_VERSION, Scores, score

# A profile that tells nothing earns 50 at most: a suggestion needs something that fits.
MINIMUM = 55.0
BEST_PER_OPPORTUNITY = 20
BEST_PER_CANDIDATE = 5
# Any number, as long as nothing else locks it.
LOCK = 7_270_331
# As many opportunities are written at a time, so that memory does not grow with the region.
BLOCK = 500

Pair = tuple[int, Candidate]


def rescore_volunteer(pk: int, *, now=None) -> None:
    """Swap the suggestions of one volunteer; of one who is paused, fully loaded or gone, take them away."""
    _rescore_candidate(("volunteer", pk), now)


def rescore_organisation(pk: int, *, now=None) -> None:
    """Swap the suggestions of one self-organisation as a candidate, and of the opportunities an organisation posted.

    Verification opens and closes opportunities, so they are looked at again as well.
    """
    _rescore_candidate(("organisation", pk), now)
    for opportunity in Opportunity.objects.filter(host=pk).order_by("pk").values_list("pk", flat=True):
        rescore_opportunity(opportunity, now=now)


def rescore_opportunity(pk: int, *, now=None) -> None:
    """Swap the suggestions of one opportunity; of one that is closed, expired, full or gone, take them away."""
    with _alone():
        opportunity = Opportunity.objects.open(now).filter(pk=pk)
        records = fetch(opportunity, Volunteer.objects.available(now), Organisation.objects.candidates(), now=now)
        existing = Suggestion.objects.filter(opportunity=pk)
        wanted = {}
        if records.opportunity_pks:
            scores = _score_row(records, 0, _decided(records, Match.objects.filter(opportunity=pk)))
            better = Suggestion.objects.exclude(opportunity=pk)
            rivals = _by_candidate(better.values_list("volunteer_id", "organisation_id", "score", "opportunity_id"))
            ranks = [(-total, pk) for total in scores.total]
            rows = _keep(scores, BEST_PER_OPPORTUNITY, records.candidate_keys, ranks, rivals, BEST_PER_CANDIDATE)
            wanted = {(pk, records.candidate_keys[row]): _values(scores, row) for row in rows}
        _swap(existing, wanted)


def rescore_everything(*, now=None, progress: Callable[[Iterable], Iterable] = iter) -> int:
    """Swap all suggestions and return how many there are. ``progress`` wraps the loop over the opportunities."""
    with _alone():
        volunteers, organisations = Volunteer.objects.available(now), Organisation.objects.candidates()
        records = fetch(Opportunity.objects.open(now), volunteers, organisations, now=now)
        pairs = _best_pairs(records, progress)
        for start in range(0, len(records.opportunity_pks), BLOCK):
            block = pairs[(pairs[:, 0] >= start) & (pairs[:, 0] < start + BLOCK)]
            existing = Suggestion.objects.filter(opportunity__in=records.opportunity_pks[start : start + BLOCK])
            _swap(existing, dict(_values_of(records, block)))
        Suggestion.objects.exclude(opportunity__in=records.opportunity_pks).delete()
    return len(pairs)


@contextmanager
def _alone():
    """One rescoring writes at a time, so that two can neither undo each other nor lock each other out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def _rescore_candidate(candidate: Candidate, now) -> None:
    kind, pk = candidate
    with _alone():
        volunteers = Volunteer.objects.available(now).filter(pk=pk if kind == "volunteer" else None)
        organisations = Organisation.objects.candidates().filter(pk=pk if kind == "organisation" else None)
        records = fetch(Opportunity.objects.open(now), volunteers, organisations, now=now)
        existing = Suggestion.objects.filter(**{kind: pk})
        wanted = {}
        if records.candidate_keys and records.opportunity_pks:
            wanted = _wanted_of_candidate(records, candidate, existing)
        _swap(existing, wanted)


def _wanted_of_candidate(records, candidate, existing):
    kind, pk = candidate
    decided = set(Match.objects.filter(**{kind: pk}).values_list("opportunity_id", flat=True))
    is_decided = np.array([pk in decided for pk in records.opportunity_pks])
    scores = score(records.opportunities, records.candidates, records.geography, decided=is_decided)
    rivals = defaultdict(list)
    others = Suggestion.objects.exclude(pk__in=existing.values("pk"))
    for opportunity, points, volunteer, organisation in others.values_list(
        "opportunity_id", "score", "volunteer_id", "organisation_id"
    ):
        rivals[opportunity].append((-points, *_order(key_of(volunteer, organisation))))
    ranks = [(-total, *_order(candidate)) for total in scores.total]
    rows = _keep(scores, BEST_PER_CANDIDATE, records.opportunity_pks, ranks, rivals, BEST_PER_OPPORTUNITY)
    return {(records.opportunity_pks[row], candidate): _values(scores, row) for row in rows}


def _keep(scores: Scores, best: int, others: list, ranks: list[tuple], rivals: dict, best_of_other: int) -> list[int]:
    """The rows to suggest: the ``best`` of one side, and those among the ``best_of_other`` of the row across.

    ``ranks`` sorts a row among the ``rivals`` it meets there.
    """
    rows = _best_rows(_eligible(scores))
    first, rest = rows[:best], rows[best:]
    return [
        *first,
        *(row for row in rest if sum(rival < ranks[row] for rival in rivals[others[row]]) < best_of_other),
    ]


def _eligible(scores: Scores) -> np.ndarray:
    return np.where(scores.is_excluded | (scores.total < MINIMUM), -np.inf, scores.total)


def _best_rows(totals: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(totals > -np.inf)
    return rows[np.argsort(-totals[rows], kind="stable")]


def _best_pairs(records: Records, progress) -> np.ndarray:
    """(pairs, 2): the rows of opportunities and of candidates that are suggested to each other, sorted."""
    decided = defaultdict(list)
    for pk, candidate in _decided_pairs(Match.objects.all()):
        decided[pk].append(candidate)
    number = len(records.candidate_keys)
    row_of = {key: row for row, key in enumerate(records.candidate_keys)}
    tops = np.full((number, BEST_PER_CANDIDATE), -np.inf)
    top_rows = np.full((number, BEST_PER_CANDIDATE), -1)
    pairs = [np.empty((0, 2), dtype=int)]
    for row in progress(range(len(records.opportunity_pks))):
        is_decided = np.zeros(number, dtype=bool)
        is_decided[[row_of[key] for key in decided[records.opportunity_pks[row]] if key in row_of]] = True
        totals = _eligible(_score_row(records, row, is_decided))
        best = _best_rows(totals)[:BEST_PER_OPPORTUNITY]
        pairs.append(np.stack([np.full(len(best), row), best], axis=-1))
        _push(tops, top_rows, totals, row)
    candidates, places = np.nonzero(top_rows >= 0)
    pairs.append(np.stack([top_rows[candidates, places], candidates], axis=-1))
    return np.unique(np.concatenate(pairs), axis=0)


def _push(tops, top_rows, totals, row) -> None:
    """Let one more opportunity into the lists of the best, which stay sorted; on a tie the earlier one stays ahead."""
    better = np.flatnonzero(totals > tops[:, -1])
    scores = np.column_stack([tops[better], totals[better]])
    rows = np.column_stack([top_rows[better], np.full(len(better), row)])
    order = np.argsort(-scores, axis=1, kind="stable")[:, : tops.shape[1]]
    tops[better] = np.take_along_axis(scores, order, axis=1)
    top_rows[better] = np.take_along_axis(rows, order, axis=1)


def _score_row(records: Records, row: int, is_decided) -> Scores:
    opportunity = records.opportunities[row : row + 1]
    return score(opportunity, records.candidates, records.geography, decided=is_decided)


def _values_of(records: Records, pairs: np.ndarray):
    opportunities, candidates = pairs[:, 0], pairs[:, 1]
    scores = score(records.opportunities[opportunities], records.candidates[candidates], records.geography)
    for number, (row, column) in enumerate(pairs):
        yield (records.opportunity_pks[row], records.candidate_keys[column]), _values(scores, number)


def _values(scores: Scores, row: int) -> dict:
    points = {
        factor: None if np.isnan(value) else float(value)
        for factor, value in zip(FACTORS, scores.points[row], strict=True)
    }
    return points | {
        "score": float(scores.total[row]),
        "standing": float(scores.total[row]),
        "appeal": float(scores.total[row]),
        "open_points": int(scores.open_points[row]),
        "rule_version": RULE_VERSION,
    }


def _swap(existing, wanted: dict[Pair, dict]) -> None:
    """Make ``existing`` hold exactly ``wanted``. Rows that are right already are not written."""
    superfluous, changed, missing = [], [], dict(wanted)
    for suggestion in existing.order_by().iterator():
        values = missing.pop(
            (suggestion.opportunity_id, key_of(suggestion.volunteer_id, suggestion.organisation_id)), None
        )
        if values is None:
            superfluous.append(suggestion.pk)
        elif any(getattr(suggestion, name) != value for name, value in values.items()):
            suggestion.__dict__ |= values | {"computed_at": timezone.now()}
            changed.append(suggestion)
    Suggestion.objects.filter(pk__in=superfluous).delete()
    fields = [*FACTORS, "score", "standing", "appeal", "open_points", "rule_version", "computed_at"]
    Suggestion.objects.bulk_update(changed, fields, batch_size=1000)
    region, _made = Region.objects.get_or_create(city=None)
    rows = (
        Suggestion(region=region, opportunity_id=opportunity, **{f"{kind}_id": pk}, **values)
        for (opportunity, (kind, pk)), values in missing.items()
    )
    Suggestion.objects.bulk_create(rows, batch_size=1000)


def _decided(records: Records, matches) -> np.ndarray:
    decided = {candidate for _, candidate in _decided_pairs(matches)}
    return np.array([key in decided for key in records.candidate_keys], dtype=bool)


def _decided_pairs(matches):
    for opportunity, volunteer, organisation in matches.values_list(
        "opportunity_id", "volunteer_id", "organisation_id"
    ):
        yield opportunity, key_of(volunteer, organisation)


def _by_candidate(rows):
    found = defaultdict(list)
    for volunteer, organisation, points, opportunity in rows:
        found[key_of(volunteer, organisation)].append((-points, opportunity))
    return found


def _order(candidate: Candidate) -> tuple:
    """The order of rows in the records: volunteers first, each kind by key."""
    kind, pk = candidate
    return (kind == "organisation", pk)
