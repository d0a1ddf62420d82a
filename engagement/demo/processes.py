"""The processes of the demonstration: started together, stopped together."""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path


class PortTaken(Exception):
    """Somebody else listens there."""


class Ended(Exception):
    """A process that should run on has ended by itself."""


def check_port(port: int):
    with socket.socket() as probe:
        # As servers do: a port whose last user has just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"Port {port} is taken. Choose another one: make demo PORT=8010") from error


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Processes:
    """Child processes that write their logs into ``folder`` and end with the ``with`` block."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.running: dict[str, subprocess.Popen] = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()

    def start(self, name: str, command: list[str]):
        # A session of its own: Ctrl-C in the terminal reaches only us, and we stop them in order.
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ, start_new_session=True
            )

    def wait_for_port(self, port: int):
        while True:
            self._check()
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                return
            time.sleep(0.1)

    def wait_for_end(self):
        while True:
            self._check()
            time.sleep(0.5)

    def _check(self):
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Ended(f"The process '{name}' has ended by itself: see {self.folder / name}.log")
