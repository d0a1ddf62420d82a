"""``make bench-desk``: the desk and the review queue, as staff of agencies and administrators meet them.

In front of PostgreSQL stands gunicorn as in the Dockerfile; whoever looks has logged in with a second factor. Prints
Markdown.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from django.conf import settings
from django.test import Client
from django.urls import reverse

from engagement.models import User
from matching import refreshing, vocabulary
from matching.waiting import to_review
from organisations.models import Opportunity

from .database import count_rows, fresh_database
from .night import night
from .notices import write_notices
from .offices import enter, open_offices
from .population import SIZES, Size, populate
from .site import collect, queries_of, server
from .tables import describe_machine, say, table
from .visitors import Visit, Visitors

SEED, AGENCIES, VISITS, PROCESSES, WARM_UP, MOST = 20261123, 40, 120, 2, 3, 500
GOALS = {"the desk": 200, "the review of an opportunity": 150, "the list of suggestions": 150}


def main() -> None:
    describe_machine()
    for name in sys.argv[1:] or ["S", "M"]:
        with tempfile.TemporaryDirectory() as folder, fresh_database():
            collect(Path(folder))
            agencies = fill(SIZES[name])
            measure(SIZES[name], agencies, Path(folder))


def fill(size: Size) -> list[int]:
    populate(size)
    write_notices()
    refreshing.refresh_everything(vocabulary.current())
    count_rows()
    night(PROCESSES)
    agencies = open_offices()
    count_rows()
    return agencies


def measure(size: Size, agencies: list[int], folder: Path) -> None:
    """Readers: agencies by chance, the largest of them, and an administrator who looks at all of them."""
    largest, *others = agencies
    some = Random(SEED).sample(others, min(AGENCIES, len(others)))
    readers = {"agencies by chance": some, "the largest agency": [largest], "an administrator": [None]}
    rows = []
    with server(folder) as (port, _process):
        for who, keys in readers.items():
            rows += figures(who, [enter(key) for key in keys], port) if keys else []
    say(f"{size.volunteers:,} volunteers, {size.opportunities:,} opportunities, {len(agencies):,} agencies:", "")
    table(["page", "reader", "queries", "median", "95th percentile", "goal", "errors"], rows)


def figures(who: str, clients: list[Client], port: int) -> Iterator[list[str]]:
    for page, goal in GOALS.items():
        visits = [visit for client in clients for visit in visit_as(client, page, port, VISITS // len(clients))]
        took = sorted(visit.took * 1000 for visit in visits)
        middle, most = statistics.median(took), took[int(len(took) * 0.95)]
        queries = max(queries_of(client, addresses(client, page)[0]) for client in clients[:3])
        wrong = sum(visit.status != 200 for visit in visits)
        yield [page, who, str(queries), f"{middle:.0f} ms", f"{most:.0f} ms", f"{goal} ms", str(wrong)]


def visit_as(client: Client, page: str, port: int, number: int) -> list[Visit]:
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitors = Visitors(port, Cookie=f"session={cookie}")
    pages = addresses(client, page)
    visitors.one_by_one(pages[:WARM_UP])
    return visitors.one_by_one(Random(SEED).choices(pages, k=number))


def addresses(client: Client, page: str) -> list[str]:
    """Where this reader meets the page: the desk and the list have one address, every opportunity its own."""
    if page == "the desk":
        return [reverse("admin:index")]
    if page == "the list of suggestions":
        return [reverse("admin:matching_suggestion_changelist")]
    user = User.objects.get(pk=client.session["_auth_user_id"])
    waiting = to_review(Opportunity.objects.looked_after_by(user)).order_by("pk").values_list("pk", flat=True)
    return [reverse("admin:matching_suggestion_review", args=[pk]) for pk in waiting[:MOST]]


if __name__ == "__main__":
    main()
