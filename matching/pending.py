"""Notes of who waits to be scored again, kept by the database, so that a broker which forgets loses nothing."""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from .models import PendingRescoring

# As long as the broker usually needs; whatever is older, the sweep does. Regions take their time, and wait in a row.
PATIENCE = timedelta(seconds=5)
PATIENCE_FOR_REGIONS = timedelta(minutes=30)


def remember(**who) -> None:
    """Write the note in the running transaction, for ``volunteer=``, ``organisation=`` or ``opportunity=`` (a row)."""
    _write([PendingRescoring(**who, since=timezone.now())], *who)


def remember_opportunities(pks: Iterable[int]) -> None:
    """The same for many opportunities; the sweep attends to them, a few hundred a minute."""
    now = timezone.now()
    _write([PendingRescoring(opportunity_id=pk, since=now) for pk in pks], "opportunity")


def remember_regions(pks: Iterable[int]) -> None:
    """The same for many regions."""
    now = timezone.now()
    _write([PendingRescoring(region_id=pk, since=now) for pk in pks], "region")


def _write(notes, field):
    PendingRescoring.objects.bulk_create(notes, update_conflicts=True, unique_fields=[field], update_fields=["since"])


@contextmanager
def done(**who):
    """Take the note away when the block succeeds, unless the row was saved once more in the meantime.

    Gives whether there is a note at all: of several requests for the same row the first one does the work.
    """
    before = list(PendingRescoring.objects.filter(**who).values_list("pk", "since"))
    yield bool(before)
    for pk, since in before:
        PendingRescoring.objects.filter(pk=pk, since=since).delete()


def overdue(now=None):
    """Notes which nobody attended to, the oldest first."""
    now = now or timezone.now()
    late = Q(region=None, since__lte=now - PATIENCE) | Q(since__lte=now - PATIENCE_FOR_REGIONS)
    return PendingRescoring.objects.filter(late).order_by("since")


def put_last(note: PendingRescoring) -> bool:
    """Move a note to the end of the queue before it is worked on: one that fails then holds up no other.

    False if somebody else took it first.
    """
    return bool(PendingRescoring.objects.filter(pk=note.pk, since=note.since).update(since=timezone.now()))
