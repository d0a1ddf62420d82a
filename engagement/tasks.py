"""Celery's doorway to the outbox: an alarm clock, nothing more."""

from celery import shared_task

from . import delivery


@shared_task
def deliver_mail(pk: int) -> None:
    delivery.deliver(pk)


@shared_task
def sweep_outbox() -> None:
    delivery.deliver_due()
