"""The host is afterwards as it was, however the world ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulators.chromium import Chromium
from tests.simulators.host import alive, changes, processes, state
from tests.simulators.namespaces import CODE
from tests.simulators.waiting import until
from tests.simulators.world import made_up_world

PLAYER = """
import sys, time
from pathlib import Path
from tests.simulators.chromium import Chromium
from tests.simulators.world import made_up_world
with made_up_world(Path(sys.argv[1])) as world, Chromium(world.workstation) as browser:
    browser.open("http://allowed.example/")
    print("playing", flush=True)
    time.sleep(60)
"""


def test_nothing_is_left_after_a_world(tmp_path: Path) -> None:
    before = state()
    with made_up_world(tmp_path) as world:
        world.workstation.run(["ip", "link", "add", "more0", "type", "veth"])
        world.workstation.write("/etc/passwd", "")
        with Chromium(world.workstation) as browser:
            browser.open("http://allowed.example/")
            made = processes(tmp_path)

    assert len(made) > 10
    until("no process is left", lambda: not alive(made) | processes(tmp_path))
    assert changes(before, state()) == []


def test_nothing_is_left_after_sigkill(tmp_path: Path) -> None:
    before = state()
    argv = [sys.executable, "-c", PLAYER, str(tmp_path)]
    player = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=CODE)
    assert player.stdout
    assert player.stdout.readline() == "playing\n"
    made = processes(tmp_path)
    assert len(made) > 10

    os.kill(player.pid, signal.SIGKILL)
    player.communicate()

    until("no process is left", lambda: not alive(made) | processes(tmp_path))
    assert changes(before, state()) == []


@pytest.mark.parametrize("delay", [0.2, 0.4, 0.6, 0.8])
def test_nothing_is_left_after_sigkill_at_the_start(tmp_path: Path, delay: float) -> None:
    before = state()
    player = subprocess.Popen([sys.executable, "-c", PLAYER, str(tmp_path)], cwd=CODE)
    with pytest.raises(subprocess.TimeoutExpired):
        player.wait(timeout=delay)
    made = processes(tmp_path)

    player.kill()
    player.wait()

    until("no process is left", lambda: not alive(made) | processes(tmp_path))
    assert changes(before, state()) == []


def test_a_change_would_be_seen() -> None:
    assert changes({"links": "lo\neth0"}, {"links": "lo\neth1"}) == ["links: eth0", "links: eth1"]
