"""Celery's doorway to what is forgotten: an alarm clock, nothing more. It finds all that is due, however late."""

from celery import shared_task

from . import retention


@shared_task
def forget_old() -> None:
    retention.forget_old()
