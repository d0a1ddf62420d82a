"""The engine against the plain rule: how many of a sample of pairs are not told the same."""

import numpy as np

from matching.models import CandidateRecord, OpportunityRecord, Suggestion
from matching.records import fetch
from matching.scoring import score
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .competitors.loop import Loop, offer_of

# Both round; the plain rule does not.
TOLERANCE = 2e-4


def mismatches(number: int, rng) -> tuple[int, int]:
    """Pairs that differ, and pairs compared: suggestions as they are stored, and pairs drawn at random."""
    loop, wrong, compared = Loop(), 0, 0
    for pair in [*some_suggestions(number, rng), *some_pairs(number, rng)]:
        opportunity, volunteer, total = pair
        expected = loop.total(offer_of(opportunity), volunteer)
        wrong, compared = wrong + (abs(expected - total) > TOLERANCE), compared + 1
    return wrong, compared


def some_suggestions(number, rng):
    keys = np.array(Suggestion.objects.exclude(volunteer=None).values_list("pk", flat=True))
    chosen = rng.choice(keys, min(number, len(keys)), replace=False).tolist()
    for suggestion in Suggestion.objects.filter(pk__in=chosen).select_related("opportunity__field", "volunteer"):
        yield suggestion.opportunity, suggestion.volunteer, suggestion.score


def some_pairs(number, rng):
    """Each of a tenth as many opportunities meets ten volunteers, wherever they live."""
    offered, people = (
        np.array(rows.exclude(**{name: None}).values_list(name, flat=True).order_by(name))
        for rows, name in ((OpportunityRecord.objects, "opportunity"), (CandidateRecord.objects, "volunteer"))
    )
    for pk in rng.choice(offered, number // 10).tolist():
        opportunity = Opportunity.objects.select_related("field").get(pk=pk)
        volunteers = Volunteer.objects.filter(pk__in=rng.choice(people, 10).tolist()).order_by("pk")
        pairs = fetch(Opportunity.objects.filter(pk=pk), volunteers, Organisation.objects.none())
        scores = score(pairs.opportunities, pairs.candidates, pairs.geography)
        totals = np.where(scores.is_excluded, 0.0, scores.total)
        yield from ((opportunity, volunteer, total) for volunteer, total in zip(volunteers, totals, strict=True))
