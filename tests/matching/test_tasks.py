"""With a real worker and a real broker; and with the broker away."""

from datetime import timedelta
from time import monotonic, sleep

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from kombu import pools

from engagement.celery import app
from matching import pending, rescoring, tasks
from matching.models import PendingRescoring, Region, Suggestion
from organisations.models import Opportunity
from organisations.signals import opportunity_saved, organisation_saved
from tests.factories import MSOFactory, NeighbourhoodFactory, OpportunityFactory, VolunteerFactory
from volunteers.signals import volunteer_saved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def homework():
    """It was there, and known, before anybody came."""
    homework = OpportunityFactory(neighbourhoods=[NeighbourhoodFactory()])
    rescoring.rescore_opportunity(homework.pk)
    return homework


@pytest.fixture
def samira(homework):
    return VolunteerFactory(neighbourhood=NeighbourhoodFactory())


@pytest.fixture
def worker():
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo"):
        yield


@pytest.fixture
def no_broker(monkeypatch, tmp_path):
    """A broker that is away: nobody listens at this socket."""
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis+socket://{tmp_path}/nobody.sock")
    forget_connections()
    yield
    forget_connections()


def forget_connections():
    """The next call opens a new connection: the pool that the app holds is closed as well."""
    app.amqp._producer_pool = None
    pools.reset()


def save(signal, **row):
    with transaction.atomic():
        signal.send(None, **row, by=None)


def until(condition, seconds=15):
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "It did not happen in time."
        sleep(0.05)


def grow_old():
    PendingRescoring.objects.update(since=timezone.now() - timedelta(minutes=1))


def suggested():
    return list(Suggestion.objects.order_by("pk").values_list("pk", "score"))


def test_the_worker_rescores_each_kind_of_row_that_is_saved(worker, samira, homework):
    save(volunteer_saved, volunteer=samira)
    until(lambda: Suggestion.objects.filter(volunteer=samira).exists())

    mso = MSOFactory(neighbourhood=samira.neighbourhood)
    save(organisation_saved, organisation=mso)
    until(lambda: Suggestion.objects.filter(organisation=mso).exists())

    Opportunity.objects.update(status=Opportunity.Status.CLOSED)
    save(opportunity_saved, opportunity=homework)
    until(lambda: not Suggestion.objects.exists())
    until(lambda: not PendingRescoring.objects.exists())


def test_at_night_every_region_is_rescored_by_whoever_is_free(worker, samira):
    tasks.rescore_all()

    until(lambda: not PendingRescoring.objects.exists())
    assert Suggestion.objects.filter(volunteer=samira).exists()


def test_nothing_is_started_for_a_save_that_was_taken_back(worker, samira):
    with transaction.atomic():
        save(volunteer_saved, volunteer=samira)
        transaction.set_rollback(True)

    sleep(0.5)
    assert not PendingRescoring.objects.exists()
    assert not Suggestion.objects.exists()


def test_without_the_broker_the_save_succeeds_and_the_sweep_does_the_rest(no_broker, samira, homework, caplog):
    with caplog.at_level("WARNING", logger="engagement.celery"):
        save(volunteer_saved, volunteer=samira)
    assert "The broker is away" in caplog.text
    assert PendingRescoring.objects.count() == 1

    grow_old()
    tasks.sweep_rescorings()

    assert Suggestion.objects.filter(volunteer=samira).exists()
    assert not PendingRescoring.objects.exists()


def test_the_sweep_does_all_three_kinds(no_broker, samira, homework):
    mso = MSOFactory(neighbourhood=samira.neighbourhood)
    tasks.request_rescoring(volunteer=samira, organisation=mso, opportunity=homework)
    grow_old()

    tasks.sweep_rescorings()

    assert {s.candidate for s in Suggestion.objects.all()} == {samira, mso}
    assert not PendingRescoring.objects.exists()


def test_the_sweep_leaves_fresh_notes_to_the_worker(no_broker, samira):
    tasks.request_rescoring(volunteer=samira)

    tasks.sweep_rescorings()

    assert PendingRescoring.objects.count() == 1
    assert not Suggestion.objects.exists()


def test_a_task_that_is_delivered_twice_works_once(samira, homework):
    mso = MSOFactory(neighbourhood=samira.neighbourhood)
    for task, who in (
        (tasks.rescore_volunteer, {"volunteer": samira}),
        (tasks.rescore_organisation, {"organisation": mso}),
        (tasks.rescore_opportunity, {"opportunity": homework}),
    ):
        pending.remember(**who)
        (row,) = who.values()
        task(row.pk)
        once = suggested()
        task(row.pk)
        assert suggested() == once != []


def test_of_several_requests_the_first_does_the_work(samira, django_assert_num_queries):
    pending.remember(volunteer=samira)
    tasks.rescore_volunteer(samira.pk)

    with django_assert_num_queries(1):
        tasks.rescore_volunteer(samira.pk)


def test_the_sweep_does_the_regions_that_a_worker_left(no_broker, samira):
    tasks.rescore_all()
    assert PendingRescoring.objects.count() == Region.objects.count() == 2
    tasks.sweep_rescorings()
    assert not Suggestion.objects.exists()

    PendingRescoring.objects.update(since=timezone.now() - timedelta(hours=1))
    tasks.sweep_rescorings()

    assert Suggestion.objects.filter(volunteer=samira).exists()
    assert not PendingRescoring.objects.exists()


def test_a_note_written_again_meanwhile_stays(samira):
    pending.remember(volunteer=samira)

    with pending.done(volunteer=samira):
        pending.remember(volunteer=samira)

    assert PendingRescoring.objects.count() == 1


def test_a_note_stays_when_the_work_fails(samira):
    pending.remember(volunteer=samira)

    with pytest.raises(ZeroDivisionError), pending.done(volunteer=samira):
        raise ZeroDivisionError

    assert PendingRescoring.objects.count() == 1


def test_a_note_that_is_worked_on_goes_to_the_end_of_the_queue(samira, homework):
    pending.remember(volunteer=samira)
    pending.remember(opportunity=homework)
    grow_old()
    first, second = pending.overdue()

    assert (pending.put_last(first), pending.put_last(first)) == (True, False)
    assert list(pending.overdue()) == [second]


@pytest.mark.parametrize("options", [{}, {"region": "Köln"}], ids=["everybody", "one town"])
def test_the_command_tells_how_many_there_are(samira, capsys, options):
    call_command("rescore", **options)

    assert capsys.readouterr().out == "1 suggestions.\n"


def test_the_command_knows_no_town_by_that_name(samira):
    with pytest.raises(CommandError, match="There is no town with the name Nirgendwo"):
        call_command("rescore", region="Nirgendwo")
