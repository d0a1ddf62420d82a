"""A night of one worker in a process of its own: how long it took, and how much memory it needed at most.

``python -m benchmarks.night`` prints both, in seconds and in megabytes, after whatever is compiled has been loaded.
"""

import json
import resource
import subprocess
import sys
import time

from matching.rescoring import rescore_everything, rescore_volunteer
from volunteers.models import Volunteer


def one_night() -> dict[str, float]:
    """Run this module in a fresh process, on the same database."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.night"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main() -> None:
    rescore_volunteer(Volunteer.objects.values_list("pk", flat=True).first())
    start, used = time.perf_counter(), time.process_time()
    suggestions = rescore_everything()
    figures = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - used, "suggestions": suggestions}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(figures | {"megabytes": peak}))


if __name__ == "__main__":
    main()
