"""A suggestion in words: why it fits, what is open, why not, and what would change it.

All from the facts and points of the one rule. Whole sentences in the active language, third person, never with points.
The best factor comes first, so the first three reasons are the three best.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from math import isnan

import numpy as np
from django.utils.translation import gettext as _

from engagement.models import User
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from ..judging import FACTORS, Weights
from ..models import Match, Rule
from ..packing import CANDIDATE, OPPORTUNITY, CannotPack, unpack
from ..records import Records, fetch, key_of
from ..scoring import score
from ..vocabulary import Vocabulary, kept
from .courses import closing_courses
from .factors import factors_of
from .obstacles import obstacles_of
from .open_points import open_points_of
from .pairs import Facts, Names, Pair, Verdict, judge
from .reasons import reasons_of
from .remedies import remedies_for
from .ways import way_of

Candidate = Volunteer | Organisation


@dataclass(frozen=True)
class Explanation:
    """Sentences. ``reasons`` and ``open_points``, the most important first; ``obstacles`` say why not.

    ``remedies`` say what would change it: what would have to be otherwise for the pair to be suggested.
    ``way`` says how far it is. ``points`` (None where the opportunity does not ask), ``total``, ``weights`` and the way
    are for the desk alone.
    """

    reasons: list[str]
    open_points: list[str]
    obstacles: list[str]
    remedies: list[str]
    points: dict[str, float | None] = field(default_factory=dict, compare=False)
    total: float = field(default=0, compare=False)
    weights: Weights | None = field(default=None, compare=False)
    way: str = field(default="", compare=False)

    def short(self, reasons: int = 3, open_points: int = 2) -> "Explanation":
        """As much as a mail or a list needs."""
        return replace(self, reasons=self.reasons[:reasons], open_points=self.open_points[:open_points])


@dataclass(frozen=True)
class Details:
    """What each factor says, by its name, and which courses that somebody at the desk knows of would close a gap."""

    factors: dict[str, list[str]] = field(default_factory=dict)
    courses: list[str] = field(default_factory=list)


def explain(opportunity: Opportunity, candidate: Candidate, *, now=None) -> Explanation:
    return explain_all([(opportunity, candidate)], now=now)[0]


def explain_all(pairs: Iterable[tuple[Opportunity, Candidate]], *, now=None) -> list[Explanation]:
    """One explanation for each pair, in their order; the number of queries does not depend on the number of pairs.

    A pair of which one side has no room in its record has one open point, which says so, and no ``weights``; the others
    are explained all the same, one by one.
    """
    pairs = list(pairs)
    try:
        return [_explanation(pair) for pair in _pairs([(o.pk, _key(c)) for o, c in pairs], now)] if pairs else []
    except CannotPack:
        if len(pairs) == 1:
            return [_unreadable()]
        return [explain(opportunity, candidate, now=now) for opportunity, candidate in pairs]


def explain_in_detail(opportunity: Opportunity, candidate: Candidate, user: User, *, now=None) -> Details:
    """What the desk reads besides the explanation, of one pair; nothing where one side has no room in its record."""
    try:
        (pair,) = _pairs([(opportunity.pk, _key(candidate))], now)
    except CannotPack:
        return Details()
    return Details(factors_of(pair), closing_courses(pair, kept(), user, now))


def _unreadable() -> Explanation:
    sentence = _("This cannot be compared: the profile or the opportunity has more entries than there is room for.")
    return Explanation(reasons=[], open_points=[sentence], obstacles=[], remedies=[])


def explain_facts(pairs: list[Facts], words: Vocabulary, weights: Weights, *, unasked: int = 0) -> list[Explanation]:
    """Why facts that nobody has stored fit, and what is open, but for the flags of ``unasked`` questions."""
    names, ask = Names(words), partial(judge, words.geography, weights)
    verdicts = [replace(verdict, open_points=verdict.open_points & ~unasked) for verdict in ask(pairs)]
    judged = [Pair(o, c, verdict, names, ask) for (o, c), verdict in zip(pairs, verdicts, strict=True)]
    return [Explanation(reasons_of(pair), open_points_of(pair), [], []) for pair in judged]


def _key(candidate):
    return ("organisation" if isinstance(candidate, Organisation) else "volunteer", candidate.pk)


def _pairs(keys, now) -> list[Pair]:
    records = _fetch(keys, now)
    row_of = {pk: row for row, pk in enumerate(records.opportunity_pks)}
    column_of = {key: column for column, key in enumerate(records.candidate_keys)}
    opportunities = records.opportunities[[row_of[pk] for pk, _candidate in keys]]
    candidates = records.candidates[[column_of[key] for _pk, key in keys]]
    weights = Rule.objects.in_force()
    scores = score(opportunities, candidates, records.geography, weights, decided=_decided(keys))
    names, ask = Names(records.vocabulary), partial(judge, records.geography, weights)
    facts = zip(_unpacked(opportunities, OPPORTUNITY), _unpacked(candidates, CANDIDATE), strict=True)
    return [Pair(o, c, Verdict.of(scores, row, weights), names, ask) for row, (o, c) in enumerate(facts)]


def _fetch(keys, now) -> Records:
    def named(kind):
        return {pk for _opportunity, (which, pk) in keys if which == kind}

    return fetch(
        Opportunity.objects.filter(pk__in={pk for pk, _candidate in keys}),
        Volunteer.objects.filter(pk__in=named("volunteer")),
        Organisation.objects.filter(pk__in=named("organisation")),
        now=now,
    )


def _decided(keys):
    matches = Match.objects.decided().filter(opportunity__in={pk for pk, _candidate in keys})
    rows = matches.values_list("opportunity_id", "volunteer_id", "organisation_id")
    decided = {(opportunity, key_of(volunteer, organisation)) for opportunity, volunteer, organisation in rows}
    return np.array([key in decided for key in keys])


def _unpacked(records, layout) -> list:
    return [unpack(record.tobytes(), layout) for record in records]


def _explanation(pair: Pair) -> Explanation:
    points = dict(zip(FACTORS, map(float, pair.verdict.points), strict=True))
    return Explanation(
        reasons_of(pair),
        open_points_of(pair),
        obstacles_of(pair),
        remedies_for(pair),
        {factor: None if isnan(value) else value for factor, value in points.items()},
        pair.verdict.total,
        pair.verdict.weights,
        way_of(pair),
    )
