"""Who waits for an idea: people with nothing under way, and since when nobody has acted on a suggestion for them."""

from datetime import timedelta

from django.db.models import Case, Exists, F, Max, OuterRef, Subquery, When
from django.db.models.functions import Greatest
from django.utils import timezone

from .models import Match, MatchEvent
from .ranking import PATIENCE_DAYS

LONG = timedelta(days=PATIENCE_DAYS)
# What somebody has in hand with others; whoever has something in hand does not wait.
UNDER_WAY = (Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED)


def with_waiting(volunteers):
    """Volunteers with ``waiting_since``: when somebody last acted on a match of theirs, else when they came.

    None for those who have something under way.
    """
    events = MatchEvent.objects.standing().filter(match__volunteer=OuterRef("pk")).order_by().values("match__volunteer")
    last = Subquery(events.annotate(last=Max("at")).values("last"))
    busy = Exists(Match.objects.filter(volunteer=OuterRef("pk"), state__in=UNDER_WAY))
    # GREATEST passes over NULL: whoever has no events waits since they came.
    return volunteers.annotate(waiting_since=Case(When(busy, then=None), default=Greatest(F("created_at"), last)))


def idle(volunteers, now=None):
    """Those who wait for longer than two weeks, the longest first."""
    since = (now or timezone.now()) - LONG
    return with_waiting(volunteers).filter(waiting_since__lt=since).order_by("waiting_since", "pk")
