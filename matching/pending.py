"""Notes of who waits to be scored again, kept by the database, so that a broker which forgets loses nothing."""

from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from .models import PendingRescoring

# As long as the broker usually needs; whatever is older, the sweep does.
PATIENCE = timedelta(seconds=5)


def remember(**who) -> None:
    """Write the note in the running transaction, for ``volunteer=``, ``organisation=`` or ``opportunity=`` (a row)."""
    note = PendingRescoring(**who, since=timezone.now())
    PendingRescoring.objects.bulk_create(
        [note], update_conflicts=True, unique_fields=list(who), update_fields=["since"]
    )


@contextmanager
def done(**who):
    """Take the note away when the block succeeds, unless the row was saved once more in the meantime."""
    before = list(PendingRescoring.objects.filter(**who).values_list("pk", "since"))
    yield
    for pk, since in before:
        PendingRescoring.objects.filter(pk=pk, since=since).delete()


def overdue(now=None):
    """Notes which nobody attended to, the oldest first."""
    return PendingRescoring.objects.filter(since__lte=(now or timezone.now()) - PATIENCE).order_by("since")


def put_last(note: PendingRescoring) -> bool:
    """Move a note to the end of the queue before it is worked on: one that fails then holds up no other.

    False if somebody else took it first.
    """
    return bool(PendingRescoring.objects.filter(pk=note.pk, since=note.since).update(since=timezone.now()))
