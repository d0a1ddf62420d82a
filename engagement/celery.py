"""The worker's application: Celery is an alarm clock only.

A task takes primary keys, and whatever it does is also done by a sweep. So a broker that is away is logged and
forgotten: the page that wanted to wake the worker answers as if nothing had happened.
"""

import logging
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
logger = logging.getLogger(__name__)


class AlarmClock(DjangoTask):
    """A task whose wake-up call may go unheard."""

    abstract = True

    def apply_async(self, *args, **kwargs):
        try:
            return super().apply_async(*args, **kwargs)
        except OperationalError:
            logger.warning("The broker is away; the sweep will do %s.", self.name)
            return None


app = Celery("engagement", task_cls=AlarmClock)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["matching.personal"])
