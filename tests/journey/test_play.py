"""`make run`, as a process: how it ends, and that nothing is left of it."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journey.play import MADE_HERE
from tests.simulators.host import alive, changes, processes, state
from tests.simulators.namespaces import CODE
from tests.simulators.waiting import until

ENROLLED = "the agent enrols"
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-sys_admin")


@contextmanager
def playing(folder: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """Play in a folder, on free ports; killed at the end of the block if it is still there."""
    argv = [sys.executable, "-m", "tests.journey.play", "--folder", str(folder)]
    player = subprocess.Popen(
        [*before, *argv, "--port", "0", "--tls-port", "0"],
        cwd=CODE,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield player
    finally:
        player.kill()
        player.communicate()


def until_it_says(player: subprocess.Popen[str], words: str) -> None:
    """Read its lines as far as one that holds these words."""
    assert player.stdout
    said = []
    for line in player.stdout:
        said.append(line)
        if words in line:
            return
    raise AssertionError("".join(said))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_it(tmp_path: Path, number: signal.Signals) -> None:
    before, folder = state(), tmp_path / "trial"
    with playing(folder) as player:
        until_it_says(player, ENROLLED)
        made = processes(folder / "workstation")
        assert len(made) > 5
        assert len(servers(folder)) == 1

        player.send_signal(number)

        assert player.wait(timeout=20) == (0 if number is not signal.SIGKILL else -number)
    until("no process is left", lambda: not alive(made) | processes(folder / "workstation"))
    until("no server is left", lambda: not servers(folder))
    assert changes(before, state()) == []


def test_without_the_right_to_namespaces_it_shows_what_can_run(tmp_path: Path) -> None:
    with playing(tmp_path / "trial", *WITHOUT_RIGHTS) as player:
        said, _ = player.communicate(timeout=60)

    assert player.returncode == 0, said
    assert "No workstation can be made here: " in said
    for title in ("the list is signed", "the list is verified", "the policy changes back"):
        assert title in said
    assert servers(tmp_path) == []


def test_ctrl_c_is_for_the_player_alone(tmp_path: Path) -> None:
    """What started it, as `make` does, goes on and sees it end with 0."""
    ours, theirs = pty.openpty()
    play = f"{sys.executable} -m tests.journey.play --folder {tmp_path}/trial"
    script = f"{play} --port 0 --tls-port 0; echo ended with $?"
    argv = ["setsid", "--ctty", "--wait", *WITHOUT_RIGHTS, "sh", "-c", script]
    with (
        subprocess.Popen(argv, cwd=CODE, stdin=theirs, stdout=theirs, stderr=theirs) as starter,
        os.fdopen(ours, "rb+", 0) as keys,
    ):
        os.close(theirs)
        said = b""
        while b"Serves until Ctrl-C." not in said:
            said += keys.read(4096)
        keys.write(b"\x03")
        while b"ended with" not in said:
            said += keys.read(4096)
        starter.wait(timeout=10)

    assert b"ended with 0" in said
    assert servers(tmp_path) == []


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        argv = [sys.executable, "-m", "tests.journey.play", "--folder", str(tmp_path / "trial")]
        ended = subprocess.run(
            [*argv, "--port", str(port)], cwd=CODE, text=True, capture_output=True, check=False
        )

    assert ended.returncode == 3
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
    assert not (tmp_path / "trial").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    with playing(tmp_path) as player:
        said, _ = player.communicate(timeout=20)

    assert player.returncode == 3
    assert said == f"make run: {tmp_path} was not made by `make run`: move it away, and try again\n"
    assert (tmp_path / "precious").read_text() == "precious"


def test_its_own_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / MADE_HERE).touch()
    (tmp_path / "old").touch()
    with playing(tmp_path, *WITHOUT_RIGHTS) as player:
        said, _ = player.communicate(timeout=60)

    assert "is made anew, the old one is removed" in said
    assert not (tmp_path / "old").exists()


def servers(folder: Path) -> list[str]:
    """The servers whose data lie in this folder."""
    argv = ["pgrep", "--full", f"serve --data {folder}"]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout.split()
