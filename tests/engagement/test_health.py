"""A real web server, asked before, while and after its PostgreSQL is away."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, DataError, OperationalError

from engagement import health, services

# A page that looks for a session, and so for the database.
PAGE = "/en/account/login/"
SIGNED_IN = {"Cookie": "session=somebody"}


@dataclass
class House:
    postgres: services.Postgres
    valkey: services.Valkey
    port: int

    def ask(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": "localhost", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("DATABASE_URL", "REDIS_URL"):
            patch.delenv(variable, raising=False)
        with services.Services() as running:
            patch.setenv("DJANGO_SETTINGS_MODULE", "engagement.settings")
            patch.setenv("STATIC_ROOT", str(tmp_path_factory.mktemp("static")))
            environment = {**os.environ, **running.environment}
            for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--no-input"]):
                subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
            postgres = services.Postgres(running.room / "postgresql", running.room, fast=True)
            valkey = services.Valkey(running.room)
            with web_server(environment) as port:
                yield House(postgres, valkey, port)
            valkey.stop()


@contextlib.contextmanager
def web_server(environment):
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads=4", "--log-level=error"]
    with subprocess.Popen([*gunicorn, "engagement.wsgi"], env=environment, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield port
        process.terminate()


@pytest.fixture
def outage(house):
    house.postgres.stop("immediate")
    yield
    house.postgres.start()


def test_a_healthy_house_is_alive_and_ready(house):
    assert house.ask("/healthz")[0] == 200
    status, headers, body = house.ask("/readyz")
    assert (status, json.loads(body)) == (200, {"database": True, "broker": True})
    assert "no-store" in headers["Cache-Control"]
    assert house.ask(PAGE)[0] == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param(PAGE, {}, id="stranger"),
        pytest.param(PAGE, SIGNED_IN, id="signed in"),
        pytest.param("/en/no-such-page/", SIGNED_IN, id="signed in, no such page"),
        pytest.param("/en/admin/", {}, id="desk"),
    ],
)
def test_without_the_database_a_page_says_come_back(house, outage, path, headers):
    status, answer, body = house.ask(path, headers)

    assert (status, answer["Retry-After"]) == (503, "5")
    assert "We are back in a moment" in body
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_without_the_database_the_process_lives_and_is_not_ready(house, outage):
    assert house.ask("/healthz")[0] == 200
    status, _, body = house.ask("/readyz")
    assert (status, json.loads(body)) == (503, {"database": False, "broker": True})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_monitors_need_no_tls(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path).status_code == 200
    assert client.get("/en/").status_code == 301


def test_without_the_broker_the_house_is_ready(house):
    house.valkey.stop()
    try:
        status, _, body = house.ask("/readyz")
        assert (status, json.loads(body)) == (200, {"database": True, "broker": False})
        assert house.ask(PAGE, SIGNED_IN)[0] == 200
    finally:
        house.valkey.start()


def test_crashes_under_load_are_never_an_error_and_over_at_once(house):
    answers, stop = [], threading.Event()

    def keep_asking():
        while not stop.is_set():
            asked = time.monotonic()
            status, headers, _ = house.ask(PAGE, SIGNED_IN)
            answers.append((asked, status, headers["Retry-After"]))

    visitors = [threading.Thread(target=keep_asking) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    back = [crash(house.postgres) for _ in range(3)]
    stop.set()
    for visitor in visitors:
        visitor.join()

    assert {(status, retry) for _, status, retry in answers} == {(200, None), (503, "5")}
    for moment in back:
        assert min(asked for asked, status, _ in answers if status == 200 and asked > moment) - moment < 1


def crash(postgres):
    """Let PostgreSQL run, crash, be away and come back; the moment it was back."""
    time.sleep(0.7)
    postgres.stop("immediate")
    time.sleep(0.7)
    postgres.start()
    moment = time.monotonic()
    time.sleep(2)
    return moment


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(OperationalError("gone"), 503, id="database away"),
        pytest.param(DatabaseError("closed"), 503, id="lost while committing"),
        pytest.param(DataError("bad"), 500, id="bad data"),
        pytest.param(ValueError("bug"), 500, id="bug"),
    ],
)
def test_only_the_database_is_an_excuse(rf, error, status):
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError from cause
    except RuntimeError:
        assert health.handle_error(rf.get("/")).status_code == status
