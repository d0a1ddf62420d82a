"""Who looks at the board: what suits somebody who is signed in, by the same rule as everything else."""

from datetime import timedelta

import numpy as np
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from organisations.models import Organisation

from . import vocabulary
from .fitting import appealing
from .models import CandidateRecord, Match, OpportunityRecord, Rule
from .packing import CANDIDATE
from .vocabulary import Stale

A_WHILE = timedelta(weeks=2)
PLACES = ("volunteer__neighbourhood", "volunteer__postcode", "organisation__neighbourhood")


class Reader:
    """A user, and the candidates they are or speak for. Whoever cannot be matched now is not known."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def own(self) -> list[CandidateRecord]:
        """The records of these candidates, one's own profile before those one speaks for."""
        if not self.user.is_authenticated:
            return []
        spoken_for = Organisation.objects.of(self.user).self_organisations()
        own = CandidateRecord.objects.filter(Q(volunteer__user=self.user) | Q(organisation__in=spoken_for.values("pk")))
        points = [f"{place}__{name}" for place in PLACES for name in ("latitude", "longitude")]
        return list(
            own.select_related(*PLACES)
            .only("record", "vocabulary", "reach", *points)
            .order_by(F("volunteer").asc(nulls_last=True), "organisation")
        )

    @property
    def is_known(self) -> bool:
        return bool(self.own)

    @cached_property
    def home(self) -> tuple[float, float] | None:
        """Latitude and longitude of where the first of them lives, or has its seat."""
        candidates = (record.volunteer or record.organisation for record in self.own)
        places = (one.neighbourhood or getattr(one, "postcode", None) for one in candidates)
        return next(((place.latitude, place.longitude) for place in places if place), None)

    def favourites(self) -> list[int]:
        """Keys of the open opportunities in whose way nothing stands, what appeals most first: fit × price.

        What suits several of one's own candidates counts as for the one whom it suits best.
        """
        words, weights = vocabulary.current(), Rule.objects.in_force()
        appeal: dict[int, float] = {}
        for own in self.own:
            try:
                for pk, value in appeals(own, words, weights):
                    appeal[pk] = max(value, appeal.get(pk, 0))
            except Stale:
                # The words have just changed; until all records are made anew nobody can tell what suits whom.
                return []
        return sorted(appeal, key=lambda pk: (-appeal[pk], pk))

    def overlooked(self, most: int) -> list[int]:
        """Keys of at most so many opportunities that have been open for a while and to which fewest people are led:
        one more of these is worth most there. Of equals those that have waited longest."""
        before = timezone.now() - A_WHILE
        waiting = OpportunityRecord.objects.filter(opportunity__published_at__lt=before)
        order = waiting.order_by("-price", "opportunity__published_at", "opportunity")
        return list(order.values_list("opportunity", flat=True)[:most])


def appeals(own: CandidateRecord, words, weights):
    """Pairs of an opportunity within reach and its appeal to one candidate; none for pairs that are decided."""
    if own.vocabulary != words.fingerprint:
        raise Stale
    match = Match.objects.decided().filter(volunteer=own.volunteer_id, organisation=own.organisation_id)
    decided = match.values_list("opportunity", flat=True)
    found, appeal = appealing(np.frombuffer(own.record, CANDIDATE), own.reach, words, weights, decided=decided)
    return zip(found["pk"].tolist(), appeal.tolist(), strict=True)
