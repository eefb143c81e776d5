"""A machine: its processes are ours by their pid, and none outlives it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.host import processes
from tests.simulators.machine import ROOT, Machine, obstacle
from tests.simulators.namespaces import CODE, PROGRAMS
from tests.simulators.waiting import until


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine("machine", tmp_path_factory.mktemp("machine"), ROOT) as machine:
        yield machine


def test_a_process_is_a_child_with_the_hosts_pid(machine: Machine) -> None:
    process = machine.popen(["sleep", "60"])

    until("it runs", lambda: Path(f"/proc/{process.pid}/comm").read_text() == "sleep\n")
    status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    [pids] = [line.split()[1:] for line in status if line.startswith("NSpid:")]
    assert pids[0] == str(process.pid)
    assert pids[1] != pids[0]
    machine.end(process)
    assert process.returncode == -15


def test_ctrl_c_at_the_terminal_does_not_reach_it(machine: Machine) -> None:
    process = machine.popen(["sleep", "60"])

    assert os.getpgid(process.pid) != os.getpgid(0)
    assert os.getpgid(machine.pid) != os.getpgid(0)
    machine.end(process)


def test_a_failure_is_told_with_its_words(machine: Machine) -> None:
    with pytest.raises(RuntimeError, match=r"machine: ls /nowhere gave 2: .*No such file"):
        machine.run(["ls", "/nowhere"])
    assert "No such file" in machine.run(["ls", "/nowhere"], check=False)


def test_a_command_that_hangs_is_ended(machine: Machine) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        machine.run(["sleep", "61"], timeout=0.2)
    commands = [Path(f"/proc/{one.pid}/comm").read_text() for one in processes(machine.folder)]
    assert "sleep\n" not in commands


def test_output_goes_to_a_log_and_input_comes_in(machine: Machine) -> None:
    machine.popen(["sh", "-c", "echo out; echo err >&2"], log="words").wait()

    assert (machine.folder / "machine-words.log").read_text() == "out\nerr\n"
    assert machine.run(["cat"], text="given") == "given"
    assert machine.run(["pwd"], cwd="/usr/share") == "/usr/share\n"


def test_the_hosts_environment_does_not_come_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/of/the/host")

    assert "SSL_CERT_FILE" not in machine.run(["env"], user="staff")
    assert "GIVEN=1" in machine.run(["env"], env={"GIVEN": "1"}).splitlines()


def test_orphans_end_with_their_machine(tmp_path: Path) -> None:
    with Machine("machine", tmp_path, ROOT) as machine:
        machine.run(["sh", "-c", "sleep 62 >/dev/null 2>&1 & sleep 62 >/dev/null 2>&1 &"])
        assert len(processes(tmp_path)) >= 2

    until("no process is left", lambda: not processes(tmp_path))


def test_a_setup_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"machine did not start: .*no-such-command"),
        Machine("machine", tmp_path, "no-such-command"),
    ):
        pass


def test_no_obstacle_here() -> None:
    assert obstacle() is None


def test_a_missing_right_is_said_in_a_sentence() -> None:
    ask = "from tests.simulators.machine import obstacle; print(obstacle())"
    without = ["setpriv", "--bounding-set=-sys_admin", str(PROGRAMS / "python"), "-c", ask]

    told = subprocess.run(without, cwd=CODE, capture_output=True, text=True, check=True).stdout

    assert told == "probe did not start: unshare: unshare failed: Operation not permitted\n"
