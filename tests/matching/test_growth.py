"""A worker, one of those that share a night, is killed in the middle of it."""

import os
import sys
from datetime import timedelta
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.utils import timezone

from engagement.celery import app
from engagement.demo.processes import Processes
from matching import rescoring, tasks
from matching.models import PendingRescoring, Region, Suggestion
from tests.factories import CityFactory, NeighbourhoodFactory, OpportunityFactory, VolunteerFactory
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = [sys.executable, "-m", "celery", "--quiet", "--app=engagement", "worker", "--pool=solo", "--loglevel=error"]


@pytest.fixture
def three_towns():
    """In each of them people, and something for them to do."""
    for number in range(3):
        town = CityFactory(name=f"Town {number}")
        hood = NeighbourhoodFactory(code=f"town-{number}", city=town, latitude=50 + number / 4)
        OpportunityFactory(neighbourhoods=[hood], times=[number, 7])
        OpportunityFactory(neighbourhoods=[hood], times=[number + 1])
        for slot in range(4):
            VolunteerFactory(neighbourhood=hood, times=[slot, 7], reach_km=50)


@pytest.fixture
def processes(tmp_path, monkeypatch):
    """Those started here find the database of this test."""
    name = connection.settings_dict["NAME"]
    monkeypatch.setenv("DATABASE_URL", urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl())
    app.control.purge()
    with Processes(tmp_path) as processes:
        yield processes


def stored():
    fields = ["opportunity", "volunteer", "score", "standing", "appeal"]
    return list(Suggestion.objects.order_by("opportunity", "volunteer").values_list(*fields))


def wait_until(is_true):
    start = monotonic()
    while not is_true():
        assert monotonic() - start < 60
        sleep(0.05)


def somebody_waits_to_write():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'matching_suggestion'::regclass AND NOT granted")
        return cursor.fetchone()[0]


def test_a_worker_that_is_killed_half_way_loses_nothing(three_towns, processes):
    rescoring.rescore_everything()
    before = stored()
    Volunteer.objects.update(times=[1, 2])
    tasks.rescore_all()
    with transaction.atomic(), connection.cursor() as cursor:
        # Nobody can write suggestions now, so the worker gets stuck in the middle of its first region.
        cursor.execute("LOCK TABLE matching_suggestion IN SHARE MODE")
        processes.start("worker", WORKER)
        wait_until(somebody_waits_to_write)
        processes.running["worker"].kill()
        processes.running["worker"].wait()

    assert stored() == before
    assert PendingRescoring.objects.count() == Region.objects.count() == 4
    PendingRescoring.objects.update(since=timezone.now() - timedelta(hours=1))
    tasks.sweep_rescorings()
    assert PendingRescoring.objects.count() == 0
    assert stored() == made_anew() != before


def made_anew():
    Suggestion.objects.all().delete()
    rescoring.rescore_everything()
    return stored()
