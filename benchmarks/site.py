"""``make bench-site``: the search page and the page of an opportunity, as visitors meet them.

In front of PostgreSQL with ``SIZES["M"]`` stands gunicorn as in the Dockerfile. Prints Markdown.
"""

import os
import shutil
import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import sync_playwright

from engagement.demo.processes import Processes, free_port
from organisations.models import Opportunity

from .database import count_rows, fresh_database
from .notices import write_notices
from .population import SIZES, Size, populate
from .processor import Meter
from .tables import describe_machine, say, table
from .visitors import Visitors

SMALL = Size(200, 20, town="Köln")
SEED, SEARCHES, A_SECOND, SECONDS, WARM_UP = 20261124, 400, 100, 30, 40
# As in the Dockerfile.
SERVER = ["gunicorn", "engagement.wsgi", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm", "--log-level=error"]
PLACES = ["Köln", "Vingst", "51103", "Essen", "Dortmund", "Duisburg", "Bonn", "Köln-Ehrenfeld", "Düsseldorf", "44135"]
WORDS = ["Begleitung", "kochen", "Hausaufgaben", "Sprachcafé", "Eltern", "Garten", "Behörde", "lesen", "Beglietung"]
TIMES, LEVELS, FIELDS = ["day", "evening", "saturday"], [1, 2, 3], ["LERNHILFE", "SPORT", "SENIOREN", "PATENSCHAFT"]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifted += entry.value))
        .observe({type: "layout-shift", buffered: true});
"""


def main() -> None:
    describe_machine()
    size, queries = SIZES[sys.argv[1] if len(sys.argv) > 1 else "M"], {}
    with tempfile.TemporaryDirectory() as folder:
        collect(Path(folder))
        with fresh_database():
            fill(SMALL)
            queries[SMALL.opportunities] = count_queries()
        with fresh_database():
            fill(size)
            queries[size.opportunities] = count_queries()
            rows = [*measure_time(Path(folder))]
    say(f"{size.opportunities:,} open opportunities, {size.volunteers:,} volunteers:", "")
    table(
        ["queries", "search: three filters and a text", "an opportunity"],
        [[f"at {number:,} opportunities", *map(str, counts)] for number, counts in queries.items()],
    )
    table(["", "measured"], rows)


def collect(folder: Path) -> None:
    """The static files as they are served, for this process and the server."""
    os.environ["STATIC_ROOT"] = settings.STATIC_ROOT = str(folder / "static")
    call_command("collectstatic", interactive=False, verbosity=0)


def fill(size: Size) -> None:
    populate(size)
    write_notices()
    count_rows()


def searches(number: int):
    """Searches with three filters and a text each, all different."""
    rng = Random(SEED)
    for _ in range(number):
        asked = {"place": rng.choice(PLACES), "german": rng.choice(LEVELS), "text": rng.choice(WORDS)}
        more = {"time": rng.choice(TIMES)} if rng.random() < 0.5 else {"field": rng.choice(FIELDS)}
        yield f"/de/?{urlencode(asked | more)}"


def pages(number: int):
    keys = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True))
    return [f"/de/opportunities/{key}/" for key in Random(SEED).choices(keys, k=number)]


def count_queries() -> tuple[int, int]:
    """The most queries of any search, and of any page of an opportunity, once the process has shown the board."""
    client = Client(headers={"host": settings.SITE_HOST})
    client.get("/de/")
    return tuple(max(queries_of(client, address) for address in some) for some in (searches(20), pages(20)))


def queries_of(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    # What begins and ends the transaction asks nothing.
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)


def measure_time(folder: Path):
    with server(folder) as (port, process):
        visitors = Visitors(port)
        visitors.in_a_crowd([*searches(WARM_UP)], A_SECOND)
        meter = Meter(process)
        for name, addresses in {"search": [*searches(SEARCHES)], "opportunity": pages(SEARCHES)}.items():
            yield from in_words(name, visitors.one_by_one(addresses), meter)
        mixed = [*searches(A_SECOND * SECONDS * 4 // 5), *pages(A_SECOND * SECONDS // 5)]
        Random(SEED).shuffle(mixed)
        name = f"{A_SECOND} a second for {SECONDS} s, four of five a search"
        yield from in_words(name, visitors.in_a_crowd(mixed, A_SECOND), meter)
        yield from measure_transfer(f"http://localhost:{port}")


def in_words(name, visits, meter: Meter):
    took = sorted(visit.took * 1000 for visit in visits)
    web, database = (seconds * 1000 / len(visits) for seconds in meter.took())
    yield [f"{name}: median", f"{statistics.median(took):.1f} ms"]
    yield [f"{name}: 95th percentile", f"{took[int(len(took) * 0.95)]:.1f} ms"]
    yield [f"{name}: processor time, web server and PostgreSQL", f"{web:.1f} + {database:.1f} ms"]
    yield [f"{name}: errors", f"{sum(visit.status != 200 for visit in visits)} of {len(visits):,}"]


@contextmanager
def server(folder: Path):
    """Its port, and the number of the process whose children answer."""
    port = free_port()
    os.environ |= {"SITE_URL": f"http://localhost:{port}", "ALLOWED_HOSTS": "localhost,127.0.0.1", "DEBUG": "false"}
    program = [str(Path(sys.executable).with_name(SERVER[0])), *SERVER[1:]]
    with Processes(folder) as processes:
        processes.start("gunicorn", [*program, f"--bind=127.0.0.1:{port}"])
        processes.wait_for_port(port)
        yield port, processes.running["gunicorn"].pid


def measure_transfer(site: str):
    """What a browser fetches for its first view and for the next ones, and whether anything moves meanwhile."""
    views = {"first view": "/de/", "next view": "/de/?place=Vingst&german=2", "a page": pages(1)[0]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.add_init_script(SHIFTS)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        for name, address in views.items():
            sizes.clear()
            page.goto(site + address, wait_until="networkidle")
            yield [f"{name}, transferred in {len(sizes)} answers", f"{sum(sizes) / 1000:.1f} kB"]
            yield [f"{name}, layout shift", f"{page.evaluate('window.shifted'):.3f}"]
        browser.close()


if __name__ == "__main__":
    main()
