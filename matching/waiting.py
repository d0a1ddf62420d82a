"""Who waits for an idea: people with nothing under way, opportunities for which nobody is in sight."""

from datetime import timedelta

from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest
from django.utils import timezone

from .models import Match, MatchEvent, Suggestion
from .ranking import PATIENCE_DAYS

LONG = timedelta(days=PATIENCE_DAYS)
# What somebody has in hand with others; whoever has something in hand does not wait.
UNDER_WAY = (Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED)


def with_waiting(volunteers):
    """Volunteers with ``waiting_since``: when somebody last acted on a match of theirs, else when they came.

    None for those who have something under way.
    """
    return volunteers.annotate(waiting_since=Case(When(Exists(under_way()), then=None), default=since_last_act()))


def since_last_act():
    events = MatchEvent.objects.standing().filter(match__volunteer=OuterRef("pk")).order_by().values("match__volunteer")
    # GREATEST passes over NULL: whoever has no events waits since they came.
    return Greatest(F("created_at"), Subquery(events.annotate(last=Max("at")).values("last")))


def under_way():
    return Match.objects.filter(volunteer=OuterRef("pk"), state__in=UNDER_WAY)


def idle(volunteers, now=None):
    """Those who wait for longer than two weeks, the longest first."""
    since = (now or timezone.now()) - LONG
    lately = MatchEvent.objects.standing().filter(match__volunteer=OuterRef("pk"), at__gte=since)
    # The same as to filter by ``waiting_since``, in words that PostgreSQL answers for everybody at once.
    waiting = volunteers.filter(created_at__lt=since).exclude(Exists(under_way())).exclude(Exists(lately))
    return waiting.annotate(waiting_since=since_last_act()).order_by("waiting_since", "pk")


def to_review(opportunities, now=None):
    """Those on which somebody waits for a decision: a suggestion, or a match that was parked until today."""
    returned = Match.objects.returned(now).filter(opportunity=OuterRef("pk"))
    return with_first(opportunities, now).filter(Q(first__isnull=False) | Exists(returned))


def without_candidates(opportunities, now=None):
    """The open ones for which nobody is suggested and nothing is under way, the longest first."""
    matches = Match.objects.filter(opportunity=OuterRef("pk"), state__in=UNDER_WAY)
    lonely = with_first(opportunities.open(now), now).exclude(Exists(matches)).filter(first=None)
    return lonely.order_by("published_at", "pk")


def with_first(opportunities, now=None):
    """Opportunities with the key of any suggestion that waits for a decision as ``first``.

    With a limit PostgreSQL asks for each opportunity; EXISTS would have it judge all suggestions of the house first.
    """
    suggestions = Suggestion.objects.undecided(now).filter(opportunity=OuterRef("pk"))
    return opportunities.alias(first=Subquery(suggestions.order_by().values("pk")[:1]))
