"""Celery's doorway to the saved searches: an alarm clock, nothing more."""

from celery import shared_task

from . import saving, telling


@shared_task
def sweep_saved_searches() -> None:
    saving.forget_unconfirmed()
    saving.ask_again()
    telling.tell_due()
