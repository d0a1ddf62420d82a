"""Several at the same moment, somebody erased meanwhile, a worker killed half-way: what is stored is true."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from engagement.models import Level
from matching import rescoring
from matching.models import CandidateRecord, Region, Suggestion
from organisations.models import NeededLanguage, Opportunity
from tests.factories import (
    CityFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    VolunteerFactory,
)
from volunteers.models import Volunteer

from .at_once import alone, environment, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vingst():
    return NeighbourhoodFactory()


@pytest.fixture
def samira(vingst):
    OpportunityFactory(neighbourhoods=[vingst])
    samira = VolunteerFactory(neighbourhood=vingst)
    rescoring.rescore_everything()
    return samira


@pytest.fixture
def two_towns(vingst):
    """Two towns side by side, whose people meet at the same opportunities."""
    deutz = NeighbourhoodFactory(code="bonn-beuel", city=CityFactory(name="Bonn", ags="05314"), latitude=50.95)
    arabic = LanguageFactory()
    for number in range(6):
        opportunity = OpportunityFactory(neighbourhoods=[vingst, deutz][number % 2 :][:1], times=[number])
        NeededLanguage.objects.create(opportunity=opportunity, language=arabic, level=Level.A1, role="wanted")
    for number in range(12):
        person = VolunteerFactory(neighbourhood=[vingst, deutz, None][number % 3], times=[number % 6])
        person.spoken_languages.create(language=arabic, level=1 + number % 5)
    MSOFactory(neighbourhood=vingst)


def stored():
    return list(Suggestion.objects.order_by("pk").values_list("opportunity", "volunteer", "organisation", "standing"))


@pytest.fixture
def meanwhile():
    """Start a job beside the test, with a connection of its own."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda job: thread.submit(alone, job)


def rescore_region(pk):
    rescoring.rescore_regions([pk])


def test_many_at_the_same_moment_end_as_one_after_the_other(two_towns):
    jobs = [rescoring.rescore_everything, rescoring.rescore_everything]
    rescoring.prepare()
    for rescore, model in (
        (rescore_region, Region),
        (rescore_region, Region),
        (rescoring.rescore_volunteer, Volunteer),
        (rescoring.rescore_opportunity, Opportunity),
    ):
        jobs += [partial(rescore, pk) for pk in model.objects.values_list("pk", flat=True)[:4]]

    with ThreadPoolExecutor(6) as threads:
        for result in [threads.submit(alone, job) for job in jobs]:
            result.result()

    together = stored()
    rescoring.rescore_everything()
    assert stored() == together != []


def test_somebody_who_is_erased_while_being_written_leaves_nothing(samira, meanwhile):
    Suggestion.objects.all().delete()
    with transaction.atomic():
        rescoring.rescore_volunteer(samira.pk)
        erasing = meanwhile(samira.delete)
        until_somebody_waits()
    erasing.result()

    assert not Volunteer.objects.exists()
    assert not Suggestion.objects.exists()
    assert not CandidateRecord.objects.exists()


def test_somebody_who_is_being_erased_is_not_written(samira, meanwhile):
    Suggestion.objects.all().delete()
    with transaction.atomic():
        pk = samira.pk
        samira.delete()
        writing = meanwhile(partial(rescoring.rescore_volunteer, pk))
        until_somebody_waits()
    writing.result()

    assert not Suggestion.objects.exists()
    assert not CandidateRecord.objects.exists()


def test_what_is_decided_while_it_is_scored_does_not_come_back(samira, meanwhile):
    pair = {"opportunity": Opportunity.objects.get(), "volunteer": samira}
    with transaction.atomic(), connection.cursor() as cursor:
        # The weights are read after the decisions, and before anything is written.
        cursor.execute("LOCK TABLE matching_rule IN ACCESS EXCLUSIVE MODE")
        scoring = meanwhile(partial(rescoring.rescore_volunteer, samira.pk))
        until_somebody_waits()
        MatchFactory(**pair)
    scoring.result()

    assert not Suggestion.objects.exists()


def test_a_worker_that_is_killed_leaves_what_was_there(samira, vingst):
    before = stored()
    newcomer = VolunteerFactory(neighbourhood=vingst)
    Volunteer.objects.filter(pk=samira.pk).update(times=[3])
    with transaction.atomic():
        # Whoever writes a suggestion for this person waits here, in the middle of the swap.
        Volunteer.objects.select_for_update().get(pk=newcomer.pk)
        with subprocess.Popen([sys.executable, "manage.py", "rescore"], env=environment()) as worker:
            until_somebody_waits()
            worker.send_signal(signal.SIGKILL)

    assert stored() == before
    rescoring.rescore_everything()
    assert {row[1] for row in stored()} == {samira.pk, newcomer.pk}
