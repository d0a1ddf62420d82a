"""``make bench-growth``: one, two and four workers on the same night, and one of two killed in the middle of it.

Real worker processes, started as in production and told nothing but where the database and the broker are; each works
on one region at a time. Prints Markdown.
"""

import hashlib
import sys
import tempfile
import time
from pathlib import Path

from django.db.models import F

from engagement.celery import app
from engagement.demo.processes import Processes
from matching import pending, refreshing, rescoring, tasks, vocabulary
from matching.models import OpportunityRecord, PendingRescoring, Region, Suggestion

from .database import count_rows, fresh_database
from .engine import forget_suggestions
from .population import SIZES, populate
from .tables import describe_machine, say, seconds, table

SIZE = "M"
WORKERS = (1, 2, 4)
WORKER = [sys.executable, "-m", "celery", "--quiet", "--app=engagement", "worker", "--pool=solo", "--loglevel=error"]


def main() -> None:
    if app.control.ping(timeout=1):
        sys.exit("Workers of somebody else listen to this broker. Stop them, or set another REDIS_URL.")
    describe_machine()
    with fresh_database(), tempfile.TemporaryDirectory() as logs:
        populate(SIZES[SIZE])
        refreshing.refresh_everything(vocabulary.current())
        took = {number: night(Processes(Path(logs)), number) for number in WORKERS}
        # From here on the prices stay as they are, so that every night must come to the same suggestions.
        night(Processes(Path(logs)), 2, is_priced=True)
        undisturbed = what_is_suggested()
        lost = night_with_a_death(Processes(Path(logs)))
        after_death = what_is_suggested()
    rows = [[str(number), seconds(wall), f"{took[1] / wall:.2f}"] for number, wall in took.items()]
    table(["workers", "one night", "times as fast as one"], rows)
    are_those = "those" if after_death == undisturbed else "NOT those"
    say(
        f"One of two workers was killed (SIGKILL) in the middle of a night. Regions that it left: {lost}. The sweep did"
        f" them, and the suggestions are {are_those} of an undisturbed night."
    )


def night(processes: Processes, workers: int, *, is_priced: bool = False) -> float:
    """Seconds until the last region was priced, if it is not yet, and rescored, beginning without any suggestion."""
    with processes:
        prepare(processes, workers, is_priced)
        start = time.perf_counter()
        tasks.rescore_all()
        wait_until_at_most(0)
        return time.perf_counter() - start


def night_with_a_death(processes: Processes) -> int:
    """The number of regions that the dead worker left; they are done in the end."""
    with processes:
        prepare(processes, 2, is_priced=True)
        tasks.rescore_all()
        wait_until_at_most(regions_to_do() // 2)
        processes.running.pop("worker 0").kill()
        lost = wait_until_still()
        # The sweep waits for half an hour; here that time has passed.
        PendingRescoring.objects.update(since=F("since") - pending.PATIENCE_FOR_REGIONS)
        tasks.sweep_rescorings.delay_on_commit()
        wait_until_at_most(0)
        return lost


def prepare(processes: Processes, workers: int, is_priced: bool) -> None:
    """Forget all suggestions, and the prices unless they are to stay; start the workers, and wait until they listen."""
    forget_suggestions()
    if not is_priced:
        Region.objects.update(priced_at=None, demand=b"")
        OpportunityRecord.objects.update(price=1, nightly_price=1, expected=0)
    count_rows()
    for number in range(workers):
        processes.start(f"worker {number}", [*WORKER, f"--hostname=worker{number}@%h"])
    while len(app.control.ping(timeout=1) or ()) < workers:
        pass


def regions_to_do() -> int:
    return PendingRescoring.objects.exclude(region=None).count()


def wait_until_at_most(number: int) -> None:
    while regions_to_do() > number:
        time.sleep(0.1)


def wait_until_still(patience: float = 10) -> int:
    """What is left when nothing has been done for some seconds."""
    left, since = regions_to_do(), time.monotonic()
    while left and time.monotonic() - since < patience:
        time.sleep(0.1)
        if (now := regions_to_do()) != left:
            left, since = now, time.monotonic()
    return left


def what_is_suggested() -> str:
    """A fingerprint of all suggestions. The night's last step is to drop what others have outranked."""
    rescoring.drop_outranked()
    columns = ("opportunity", "volunteer", "organisation", "score", "standing", "appeal")
    rows = Suggestion.objects.order_by(*columns[:3]).values_list(*columns)
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


if __name__ == "__main__":
    main()
