"""The launcher, with real servers and real signals."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from engagement import services

LAUNCHER = [sys.executable, "-m", "engagement.services"]
ASK_BOTH = """
import os, psycopg2, redis
with psycopg2.connect(os.environ["DATABASE_URL"]).cursor() as cursor:
    cursor.execute("select lower('ÄÖÜ'), current_setting('fsync')")
    print(*cursor.fetchone(), redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
"""


@pytest.fixture
def nothing_given(monkeypatch):
    for variable in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def data(tmp_path):
    yield tmp_path / "data"
    shutil.rmtree(services.room_of(tmp_path / "data"), ignore_errors=True)


def launch(*arguments, **options):
    return subprocess.run(
        [*LAUNCHER, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options
    )


def is_running(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_command_finds_both_servers(nothing_given):
    result = launch("--fast", sys.executable, "-c", ASK_BOTH)

    assert (result.stdout, result.stderr) == ("äöü off True\n", "")


def test_kept_data_is_written_safely(nothing_given, data):
    assert launch("--data", data, sys.executable, "-c", ASK_BOTH).stdout == "äöü on True\n"


def test_the_exit_code_is_that_of_the_command(nothing_given):
    assert launch("--fast", "bash", "-c", "exit 7").returncode == 7


def test_an_unknown_command_is_said_in_one_line(nothing_given):
    result = launch("--fast", "no-such-command")

    assert (result.returncode, result.stderr.count("\n")) == (1, 1)


def test_given_addresses_win(nothing_given, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://given/")
    monkeypatch.setenv("REDIS_URL", "redis://given/")
    monkeypatch.setenv("SECRET_KEY", "given")

    result = launch("--fast", "bash", "-c", "echo $DATABASE_URL $REDIS_URL $SECRET_KEY")

    assert result.stdout == "postgres://given/ redis://given/ given\n"


def test_the_secret_key_stays_the_same_and_is_private(nothing_given, data):
    first, second = (launch("--data", data, "bash", "-c", "echo $SECRET_KEY").stdout for _ in range(2))

    assert first == second
    assert len(first) > 50
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_termination_reaches_the_command_and_stops_the_servers(nothing_given):
    script = "trap 'echo told; exit 5' TERM; echo $ENGAGEMENT_ROOM; while true; do sleep 0.1; done"
    with subprocess.Popen([*LAUNCHER, "--fast", "bash", "-c", script], stdout=subprocess.PIPE, text=True) as launcher:
        room = Path(launcher.stdout.readline().strip())
        launcher.send_signal(signal.SIGTERM)

        assert launcher.stdout.read() == "told\n"
        assert launcher.wait(20) == 5
    assert not room.exists()


def test_a_second_run_with_the_same_data_is_refused(nothing_given, data):
    command = [*LAUNCHER, "--data", data, "bash", "-c", "echo up; exec sleep 60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        launcher.stdout.readline()
        second = launch("--data", data, "true")
        launcher.terminate()

    assert second.returncode == 1
    assert "is in use" in second.stderr


def test_what_a_killed_run_left_is_ended_and_its_data_kept(nothing_given, data):
    make = "import os,psycopg2,time; c=psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit=True\n"
    make += "c.cursor().execute('create table kept()'); print(os.getpid(), flush=True); time.sleep(60)"
    command = [*LAUNCHER, "--data", data, sys.executable, "-c", make]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        orphan = launcher.stdout.readline().strip()
        launcher.kill()

    ask = "import os,psycopg2; psycopg2.connect(os.environ['DATABASE_URL']).cursor().execute('select from kept')"
    again = launch("--data", data, sys.executable, "-c", ask)

    assert (again.returncode, again.stderr) == (0, "")
    assert not is_running(orphan)


def test_without_its_folder_a_database_begins_anew(nothing_given, data):
    make = "import os,psycopg2; c=psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit=True\n"
    make += "c.cursor().execute('create table made()')"
    first = launch("--data", data, sys.executable, "-c", make)
    shutil.rmtree(data)

    second = launch("--data", data, sys.executable, "-c", make)

    assert (first.returncode, second.returncode, second.stderr) == (0, 0, "")


def test_what_a_killed_throw_away_run_left_is_removed_by_the_next(nothing_given):
    command = [*LAUNCHER, "--fast", "bash", "-c", "echo $ENGAGEMENT_ROOM; exec sleep 60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        room = Path(launcher.stdout.readline().strip())
        launcher.kill()

    launch("--fast", "true")

    assert not room.exists()


def test_a_process_number_that_is_somebody_elses_by_now_is_spared(nothing_given, tmp_path):
    (tmp_path / "postgresql").mkdir()
    stranger = subprocess.Popen(["sleep", "60"])
    (tmp_path / "postgresql" / "postmaster.pid").write_text(f"{stranger.pid}\n")

    services.Postgres(tmp_path / "postgresql", tmp_path).stop_leftover()

    assert stranger.poll() is None
    assert not (tmp_path / "postgresql" / "postmaster.pid").exists()
    stranger.kill()
    stranger.wait()


def test_a_crashed_postgresql_can_be_started_again(nothing_given):
    with services.Services() as running:
        postgres = services.Postgres(running.room / "postgresql", running.room, fast=True)
        postgres.stop("immediate")
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(postgres.url)
        postgres.start()

        psycopg2.connect(postgres.url).close()


def test_valkey_is_gone_after_the_run(nothing_given):
    with services.Services() as running:
        url = running.environment["REDIS_URL"]
        assert redis.Redis.from_url(url).ping()

    with pytest.raises(redis.ConnectionError):
        services.Valkey(running.room)._client().ping()


def test_a_missing_wheel_is_said_with_what_to_do(nothing_given, monkeypatch):
    monkeypatch.setattr(services.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(services.ServicesError, match="Set DATABASE_URL, or install"):
        services.postgres_programs()


def test_somebody_elses_folder_is_not_used(monkeypatch):
    real = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: real + 1)
    path = Path(f"/var/tmp/engagement-{real + 1}")
    path.mkdir()

    with pytest.raises(services.ServicesError, match="belongs to somebody else"):
        services.home()

    path.rmdir()
