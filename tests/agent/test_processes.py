"""The agent that runs now is found by its socket, and nobody else is ended for it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agent import processes
from agent.processes import NAME, StillRunning, end_running
from tests.simulators.waiting import until

LISTENS = """
import os, socket, sys, time
from agent.processes import take_name
if sys.argv[2] == "ours":
    take_name()
if os.fork() == 0:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(sys.argv[1])
    listening.listen()
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.02)
    os.unlink(sys.argv[1])
else:
    time.sleep(60)
"""


def start(control: Path, whose: str) -> subprocess.Popen[bytes]:
    """Two processes, of which the lower one listens."""
    process = subprocess.Popen([sys.executable, "-c", LISTENS, control, whose])
    until("it listens", lambda: control.is_socket() and can_connect(control))
    return process


def can_connect(control: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(control))
    except OSError:
        return False
    return True


def test_the_agents_upper_process_is_ended(tmp_path: Path) -> None:
    process = start(tmp_path / "control.sock", "ours")
    assert Path(f"/proc/{process.pid}/comm").read_text().strip() == NAME
    assert end_running(tmp_path / "control.sock") == ["ended the agent"]
    assert process.wait() < 0


def test_another_programs_process_is_left_alone(tmp_path: Path) -> None:
    process = start(tmp_path / "control.sock", "another's")

    assert end_running(tmp_path / "control.sock") == []
    assert process.poll() is None
    process.kill()
    process.wait()


def test_where_nothing_runs_nothing_is_ended(tmp_path: Path) -> None:
    assert end_running(tmp_path / "control.sock") == []


def test_one_that_does_not_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    process = start(tmp_path / "control.sock", "ours")
    process.send_signal(signal.SIGSTOP)
    stat = Path(f"/proc/{process.pid}/stat")
    until("it is stopped", lambda: ") T " in stat.read_text())

    with pytest.raises(StillRunning, match="stop its service"):
        end_running(tmp_path / "control.sock")
    process.kill()
    process.wait()
