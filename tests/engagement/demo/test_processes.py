import socket
import sys

import pytest

from engagement.demo.processes import Ended, PortTaken, Processes, check_port, free_port


def test_a_taken_port_is_named_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {port} is taken.*PORT=8010"):
            check_port(port)


def test_all_processes_end_with_the_block(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start("one", ["sleep", "60"])
        processes.start("two", ["sleep", "60"])
        running = list(processes.running.values())

    assert [process.returncode for process in running] == [-15, -15]


def test_a_process_that_ends_by_itself_is_named_with_its_log(tmp_path):
    with Processes(tmp_path) as processes:
        processes.start("worker", [sys.executable, "-c", "print('why')"])
        with pytest.raises(Ended, match=r"'worker' has ended.*worker\.log"):
            processes.wait_for_end()

    assert (tmp_path / "worker.log").read_text() == "why\n"


def test_a_free_port_can_be_used():
    check_port(free_port())
