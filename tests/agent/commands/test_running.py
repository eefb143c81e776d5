"""`sluis-agent run`: both processes, on a workstation; and when it refuses to start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.commands.answering import COULD_NOT
from agent.in_force import ListFile
from tests.simulators.counterpart import in_force
from tests.simulators.internet import WEB
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.repository import blocklist
from tests.simulators.waiting import until
from tests.simulators.world import World

AGENT = PROGRAMS / "sluis-agent"
DATA, SETTINGS = Path("/var/lib/sluis-agent"), Path("/etc/sluis-agent/agent.yaml")
SINKHOLE = "127.77.0.1"


def test_it_wants_root(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)

    assert main(["run"]) == COULD_NOT
    assert capsys.readouterr().err == "sluis-agent run wants root; try: sudo sluis-agent run\n"


def test_broken_settings_and_no_list_stop_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "agent.yaml").write_text("server: ftp://x\npin: 1\n")
    options = ["--config", str(tmp_path / "agent.yaml"), "--data", str(tmp_path / "data")]

    assert main(["run", *options]) == COULD_NOT
    assert len(capsys.readouterr().err.splitlines()) == 2, "a line a fault"
    assert not (tmp_path / "data").exists(), "nothing half done"


def test_a_stored_list_is_enforced_whatever_the_settings_are(world: World) -> None:
    """Nobody is reached, the settings are broken, and the machine was just started."""
    station = world.workstation
    ListFile(world.folder / "list.bundle").store(in_force(blocklist(1)))
    station.write(SETTINGS, "server: [\n")
    station.run(["mkdir", "--parents", DATA])
    station.run(["cp", world.folder / "list.bundle", DATA])
    station.run(["chown", "--recursive", "sluis-agent:", DATA])

    station.popen([AGENT, "run"], log="agent")

    until("it is stopped", lambda: station.resolve("chatgpt.com") == [SINKHOLE])
    assert station.resolve("www.voorbeeld.example") == [WEB]
    status = until("it answers", lambda: told(world))
    assert status
    assert (status["list"]["version"], status["list"]["state"]) == (1, "stale")
    assert "agent.yaml:2: " in status["server"]["why"]


def told(world: World) -> dict[str, Any] | None:
    """What `status` says to a member of staff."""
    said = world.workstation.run([AGENT, "status", "--json"], user="staff", check=False)
    found: dict[str, Any] | None = json.loads(said) if said.startswith("{") else None
    return found


def test_clear_ends_the_one_that_runs(world: World) -> None:
    said = world.workstation.run([AGENT, "clear", "--all"])

    assert said.startswith("ended the agent\n")
    assert world.workstation.resolve("chatgpt.com") == [WEB]
