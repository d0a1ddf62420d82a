"""What candidates are doing already, and what was declined before: for the desk, which sees titles only of its own."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from engagement.keys import key_of
from engagement.scope import visible
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .models import Match
from .waiting import UNDER_WAY, with_waiting

# The latest of them; older ones say little about today.
MOST_DECLINES = 3


@dataclass
class Doings:
    """Of one candidate. ``load`` counts what is under way with all agencies; ``under_way`` and ``declines`` are matches
    that the reader may see. ``waits_since`` is None for whoever has something under way, and for organisations."""

    load: int = 0
    under_way: list[Match] = field(default_factory=list)
    declines: list[Match] = field(default_factory=list)
    waits_since: datetime | None = None

    @property
    def elsewhere(self) -> int:
        """How many are under way with others."""
        return self.load - len(self.under_way)


def doings_of(candidates: list[Volunteer | Organisation], user) -> dict[str, Doings]:
    """By the keys of the candidates. The number of queries does not depend on how many they are."""
    people = [candidate.pk for candidate in candidates if isinstance(candidate, Volunteer)]
    groups = [candidate.pk for candidate in candidates if isinstance(candidate, Organisation)]
    of_them = Q(volunteer__in=people) | Q(organisation__in=groups)
    doings = defaultdict(Doings)
    for pair in Match.objects.filter(of_them, state__in=UNDER_WAY).values_list("volunteer", "organisation"):
        doings[key(*pair)].load += 1
    for match in told(Match.objects.filter(of_them, state__in=[*UNDER_WAY, Match.State.DECLINED]), user):
        put(match, doings[key(match.volunteer_id, match.organisation_id)])
    for person in with_waiting(Volunteer.objects.filter(pk__in=people)).only("pk"):
        doings[key_of(person)].waits_since = person.waiting_since
    return doings


def told(matches, user):
    return visible(matches, user).order_by("-changed_at", "-pk").prefetch_related("opportunity__texts")


def put(match: Match, doings: Doings) -> None:
    if match.state != Match.State.DECLINED:
        doings.under_way.append(match)
    elif len(doings.declines) < MOST_DECLINES:
        doings.declines.append(match)


def key(volunteer: int | None, organisation: int | None) -> str:
    return f"volunteer-{volunteer}" if volunteer else f"organisation-{organisation}"


def declines_of(opportunity: Opportunity) -> list[tuple[str, int]]:
    """For which reasons, and how often, somebody was declined for it: the most frequent first."""
    reasons = opportunity.matches.filter(state=Match.State.DECLINED).values_list("reason", flat=True)
    return [(str(Match.Reason(reason).label), number) for reason, number in Counter(reasons).most_common()]
