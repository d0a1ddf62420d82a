"""Celery's doorway to the outbox and to what is kept for a day: an alarm clock, nothing more."""

from celery import shared_task

from . import delivery, uploads


@shared_task
def deliver_mail(pk: int) -> None:
    delivery.deliver(pk)


@shared_task
def sweep_outbox() -> None:
    delivery.deliver_due()


@shared_task
def forget_uploads() -> None:
    uploads.forget_old()
