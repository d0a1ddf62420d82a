"""Celery's doorway: each task calls one function, and doing it twice does it once."""

from celery import shared_task
from django.db import IntegrityError, OperationalError

from . import figures, pending, pricing, regions, rescoring


@shared_task
def rescore_volunteer(pk: int) -> None:
    with pending.done(volunteer=pk) as is_wanted:
        if is_wanted:
            rescoring.rescore_volunteer(pk)


@shared_task
def rescore_organisation(pk: int) -> None:
    with pending.done(organisation=pk) as is_wanted:
        if is_wanted:
            rescoring.rescore_organisation(pk)


@shared_task
def rescore_opportunity(pk: int) -> None:
    with pending.done(opportunity=pk) as is_wanted:
        if is_wanted:
            rescoring.rescore_opportunity(pk)


@shared_task
def rescore_regions(pks: list[int]) -> None:
    """At night they are priced as well."""
    with pending.done(region__in=pks) as is_wanted:
        if is_wanted:
            pricing.do_night(pks)


# The broker may be away, or a worker die, before the notes are written; no note would bring this task back.
@shared_task(autoretry_for=(IntegrityError, OperationalError), retry_backoff=60, max_retries=5)
def rescore_all() -> None:
    """Have every region rescored, each by whichever worker is free; a worker that dies loses nothing but time."""
    rescoring.drop_outranked()
    batches = rescoring.prepare()
    pending.remember_regions(pk for pks in batches for pk in pks)
    for pks in batches:
        rescore_regions.delay_on_commit(pks)


@shared_task
def keep_figures() -> None:
    """Measure the house as the night has left it."""
    figures.keep_house()


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
        elif note.region_id:
            rescore_regions([note.region_id])
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


def request_full_rescoring() -> None:
    """Have everything scored anew after the commit: a note for each region in this transaction, and a call."""
    pending.remember_regions(regions.regions())
    rescore_all.delay_on_commit()
