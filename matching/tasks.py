"""Celery's doorway: each task calls one function, and doing it twice does it once."""

from celery import shared_task
from django.db import IntegrityError, OperationalError

from . import figures, pending, rescoring


@shared_task
def rescore_volunteer(pk: int) -> None:
    with pending.done(volunteer=pk):
        rescoring.rescore_volunteer(pk)


@shared_task
def rescore_organisation(pk: int) -> None:
    with pending.done(organisation=pk):
        rescoring.rescore_organisation(pk)


@shared_task
def rescore_opportunity(pk: int) -> None:
    with pending.done(opportunity=pk):
        rescoring.rescore_opportunity(pk)


# Somebody may be erased while the night's suggestions are written; no note would bring this task back.
@shared_task(autoretry_for=(IntegrityError, OperationalError), retry_backoff=60, max_retries=5)
def rescore_all() -> None:
    rescoring.rescore_everything()


@shared_task
def keep_figures() -> None:
    """Measure the house as the night has left it."""
    figures.keep()


@shared_task
def sweep_rescorings() -> None:
    """Do what the broker forgot."""
    for note in pending.overdue()[:100]:
        if not pending.put_last(note):
            continue
        if note.volunteer_id:
            rescore_volunteer(note.volunteer_id)
        elif note.organisation_id:
            rescore_organisation(note.organisation_id)
        else:
            rescore_opportunity(note.opportunity_id)


def request_rescoring(*, volunteer=None, organisation=None, opportunity=None) -> None:
    """Have rows scored again after the commit: a note in this transaction, and a call to the worker."""
    tasks = (
        ("volunteer", volunteer, rescore_volunteer),
        ("organisation", organisation, rescore_organisation),
        ("opportunity", opportunity, rescore_opportunity),
    )
    for name, row, task in tasks:
        if row is not None:
            pending.remember(**{name: row})
            task.delay_on_commit(row.pk)
