"""`make demo` as a newcomer meets it: all its processes, a browser, the mail that somebody gets, and a real end."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engagement import services
from engagement.demo.processes import PortTaken, check_port, free_port

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "engagement.services", sys.executable, "-m", "engagement.demo"]


@pytest.fixture
def folder(tmp_path):
    """Where the demo keeps its data. Whatever a red test leaves is ended."""
    yield tmp_path
    room = services.room_of(tmp_path / ".run")
    services.empty(room)
    room.rmdir()


@pytest.fixture
def port():
    """A free port, with a free one for the mailbox behind it."""
    while True:
        port = free_port()
        with suppress(PortTaken):
            check_port(port + 1)
            return port


@contextmanager
def demo(folder, port):
    """The launcher and what it printed, once it says where the demo is."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(ROOT), "PORT": str(port)}
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(COMMAND, cwd=folder, env=environment, **options) as launcher:
        try:
            yield launcher, read_until(launcher.stdout, "Ctrl-C stops everything")
        finally:
            launcher.kill()


def read_until(lines, end):
    told = ""
    for line in lines:
        told += line
        if end in line:
            return told
    raise AssertionError(told)


def log_in(page, address, told):
    password, email = re.search(r"password (\S+) as\n +(\S+)", told).groups()
    page.goto(f"{address}/en/account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign In", exact=True).click()


def wait_for(page, mail):
    for _ in range(100):
        if page.get_by_text(mail).count():
            return
        page.wait_for_timeout(200)
        page.reload()
    raise AssertionError(page.inner_text("body"))


def what_runs(folder, port):
    """What is left of a demo: processes, PostgreSQL, open ports."""
    room = services.room_of(folder / ".run")
    mark = f"{services.MARK}={room}".encode()
    left = [path for path in Path("/proc").glob("[0-9]*") if mark in environment_of(path)]
    left += [path for path in [room / "postgresql" / "postmaster.pid", room / "valkey.sock"] if path.exists()]
    return left + [number for number in (port, port + 1) if is_open(number)]


def environment_of(process):
    with suppress(OSError):
        return (process / "environ").read_bytes().split(b"\0")
    return []


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_killed_demo_starts_again_shows_everything_and_stops_without_a_trace(page, folder, port):
    with demo(folder, port) as (launcher, told):
        address = re.search(r"The demo: +(\S+)", told)[1]
        assert page.request.get(f"{address}/readyz").ok
        launcher.kill()

    with demo(folder, port) as (launcher, told):
        page.goto(address)
        page.locator("main a[href*='/opportunities/']").first.wait_for()
        log_in(page, address, told)
        page.goto(f"{address}/en/me/")
        page.get_by_role("button", name="Yes, gladly").first.click()
        page.get_by_role("status").get_by_text("Thank you for your yes").wait_for()
        page.goto(re.search(r"Its mails: +(\S+)", told)[1])
        wait_for(page, "Jemand interessiert sich für „Hausaufgabenhilfe an der Grundschule“")

        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(60) == 0
    assert what_runs(folder, port) == []
