import pytest
import redis
from django.conf import settings
from django.core.cache import cache

from engagement.celery import app
from tests.settings import with_own_number


@pytest.mark.parametrize(
    ("url", "worker", "own"),
    [
        pytest.param("unix:///run/vk.sock?db=0", "", "unix:///run/vk.sock?db=0", id="socket, alone"),
        pytest.param("unix:///run/vk.sock", "gw0", "unix:///run/vk.sock?db=1", id="socket, first worker"),
        pytest.param("redis://user:word@host:6379/0", "gw1", "redis://user:word@host:6379/2", id="port"),
        pytest.param("rediss://host", "gw2", "rediss://host/3", id="port, no number"),
    ],
)
def test_every_worker_has_a_number_of_its_own(url, worker, own):
    assert with_own_number(url, worker) == own


def test_cache_and_broker_use_the_number_of_this_worker(worker_id):
    cache.set("who", worker_id)
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.connection_pool.connection_kwargs["db"] == number
        assert client.keys("*who")
    assert settings.CELERY_BROKER_URL.endswith(f"{number}")


def test_every_beat_wakes_a_task_that_exists():
    app.loader.import_default_modules()
    woken = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert woken - set(app.tasks) == set()
