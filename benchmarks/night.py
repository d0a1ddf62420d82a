"""All suggestions swapped by some processes at once, as the workers of a night do it: how long it took, and how much
memory each of them needed at most.

``python -m benchmarks.night PLACE PROCESSES`` is one of them: it does every n-th batch of regions as soon as it
reads a line.
"""

import json
import resource
import subprocess
import sys
import time

from matching import regions, rescoring
from matching.models import Suggestion
from volunteers.models import Volunteer


def night(processes: int) -> dict[str, float]:
    """Seconds on the wall, megabytes of the largest process, and how many suggestions there are; from packed records,
    after whatever is compiled has been loaded."""
    rescoring.prepare()
    command = [sys.executable, "-m", "benchmarks.night"]
    workers = [
        subprocess.Popen([*command, str(place), str(processes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for place in range(processes)
    ]
    for worker in workers:
        worker.stdout.readline()
    start = time.perf_counter()
    for worker in workers:
        worker.stdin.write(b"begin\n")
        worker.stdin.flush()
    peaks = [json.loads(worker.communicate()[0]) for worker in workers]
    rescoring.drop_outranked()
    took = time.perf_counter() - start
    return {"seconds": took, "megabytes": max(peaks), "suggestions": Suggestion.objects.count()}


def main() -> None:
    place, processes = map(int, sys.argv[1:])
    rescoring.rescore_volunteer(Volunteer.objects.values_list("pk", flat=True).first())
    share = regions.batches()[place::processes]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for pks in share:
        rescoring.rescore_regions(pks)
    sys.stdout.write(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    main()
