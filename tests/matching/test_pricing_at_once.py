"""Prices of the same night by several workers, and by one that is killed: they are right, and nothing counts twice."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from django.db import connection, transaction
from django.utils import timezone

from matching import pricing
from matching.models import NightlyFigures, OpportunityRecord, Region
from matching.rescoring import rescore_everything
from tests.factories import CityFactory, NeighbourhoodFactory, OpportunityFactory, VolunteerFactory

from .at_once import alone, environment, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
PRICE = "from matching.pricing import price_region; price_region({})"


@pytest.fixture
def regions():
    """Two towns side by side, whose people reach the same two opportunities."""
    place = NeighbourhoodFactory()
    town = CityFactory(name="Bergheim", ags="1")
    beyond = NeighbourhoodFactory(code="bergheim-mitte", city=town, latitude=50.94, longitude=7.02)
    for places in [2, 20]:
        OpportunityFactory(neighbourhoods=[place], places=places)
    for home in [place, beyond]:
        VolunteerFactory.create_batch(20, neighbourhood=home)
    rescore_everything(now=NOW)
    return [Region.objects.get(city=home.city) for home in [place, beyond]]


def stored():
    """Price and demand of each opportunity, and what each region brings to it."""
    prices = OpportunityRecord.objects.order_by("pk").values_list("price", "nightly_price", "expected")
    return list(prices), [bytes(demand) for demand in Region.objects.order_by("pk").values_list("demand", flat=True)]


def brought():
    """What all regions together expect, by opportunity."""
    columns = (np.frombuffer(demand, pricing.DEMAND) for demand in stored()[1])
    rows = np.concatenate([*columns])
    return [
        rows["expected"][rows["record"] == key].sum()
        for key in OpportunityRecord.objects.order_by("pk").values_list("pk", flat=True)
    ]


def expected():
    return [row[2] for row in stored()[0]]


def forget():
    OpportunityRecord.objects.update(price=1, nightly_price=1, expected=0)
    Region.objects.update(demand=b"", priced_at=None)


def write_no_figures():
    """Whoever prices waits with the figures, the last thing that it writes, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE matching_nightlyfigures IN SHARE ROW EXCLUSIVE MODE")


def test_one_region_priced_twice_at_once_is_priced_once(regions):
    price = partial(pricing.price_region, regions[0].pk, now=NOW)
    price()
    once = stored()
    forget()

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            write_no_figures()
            both = [threads.submit(alone, price) for _ in range(2)]
            until_somebody_waits(2)
        for one in both:
            one.result()

    assert stored() == once
    assert NightlyFigures.objects.count() == 1


def test_neighbouring_regions_priced_at_once_lose_nothing_of_each_other(regions):
    jobs = [partial(pricing.price_region, region.pk, now=NOW) for region in regions * 3]
    with ThreadPoolExecutor(4) as threads:
        for result in [threads.submit(alone, job) for job in jobs]:
            result.result()

    assert expected() == pytest.approx(brought())
    assert all(value > 0 for value in expected())


def test_a_worker_that_is_killed_while_pricing_leaves_the_old_prices(regions):
    pricing.price_region(regions[1].pk, now=NOW)
    before = stored()
    with transaction.atomic():
        write_no_figures()
        command = [sys.executable, "manage.py", "shell", "--command", PRICE.format(regions[0].pk)]
        with subprocess.Popen(command, env=environment()) as worker:
            until_somebody_waits()
            worker.send_signal(signal.SIGKILL)

    assert stored() == before
    assert pricing.is_due(regions[0].pk, now=NOW)
    pricing.price_region(regions[0].pk, now=NOW)
    assert expected() == pytest.approx(brought()) != pytest.approx([row[2] for row in before[0]])
