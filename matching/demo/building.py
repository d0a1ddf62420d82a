"""The whole demo, in the order in which things refer to each other."""

from datetime import datetime
from functools import partial
from random import Random

from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from engagement.models import Language, User
from engagement.vocabulary.loading import load_vocabulary
from matching.figures import keep_house
from matching.pricing import do_night
from matching.rescoring import drop_outranked, prepare, rescore_everything
from organisations.models import Organisation

from . import LOGINS
from .courses import create_courses
from .matches import create_matches
from .opportunities import create_opportunities
from .organisations import create_accounts, create_organisations, store_organisations
from .samira import create_samira
from .volunteers import create_volunteers
from .words import Words, read_file

# Silent where nobody watches.
progress = partial(tqdm, disable=None)


def is_built() -> bool:
    return User.objects.filter(email__in=[email for _, email in LOGINS]).exists()


def build(
    *,
    volunteers: int,
    organisations: int,
    opportunities: int | None,
    seed: int,
    with_suggestions: bool = True,
    now: datetime | None = None,
) -> None:
    """All rows, the suggestions, a few matches, and a night. The same seed makes the same people; dates count from
    ``now``.

    Without suggestions there are no matches either, for each of them begins as a suggestion, and no night.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if not Language.objects.exists():
            load_vocabulary()
        create_rows(volunteers, organisations, opportunities, Random(seed), now)
        count_rows()
    if with_suggestions:
        rescore_everything(now=now, progress=partial(progress, desc="Suggestions", unit=""))
        create_matches(now)
        live_through_a_night(now)


def live_through_a_night(now: datetime) -> None:
    """What the tasks of a night do."""
    for pks in progress(prepare(now=now), desc="Night", unit=""):
        do_night(pks, now=now)
    drop_outranked()
    keep_house(now)


def count_rows() -> None:
    """Let PostgreSQL know how much there is now; without it the first queries are planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def create_rows(volunteers: int, organisations: int, opportunities: int | None, rng: Random, now: datetime) -> None:
    samples = read_file("opportunities.json")["opportunities"]
    number = len(samples) if opportunities is None else opportunities
    words = Words.read()
    made = create_organisations(organisations, samples, rng, words, now)
    store_organisations(made)
    users = create_accounts(made)
    stored = len(made.rows)
    create_opportunities(number, samples, rng, words, made, now, progress)
    made.rows = made.rows[stored:]
    store_organisations(made)
    inspectors = {town: (agency, made.coordinators[agency]) for town, agency in made.agencies.items()}
    create_courses(sorted(made.agencies.values()), now)
    create_samira(users["samira@example.org"], Organisation.objects.get(pk=made.agencies["Köln"]), now)
    create_volunteers(max(volunteers - 1, 0), rng, words, inspectors, now, progress)
