"""What `clear --all` and `uninstall` remove: what is ours, and nothing else."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from agent.cli import main
from agent.commands.answering import COULD_NOT
from agent.commands.clearing import OURS
from tests.simulators.daemon import RunningDaemon
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.organisation import Organisation
from tests.simulators.waiting import until
from tests.simulators.world import World

AGENT = PROGRAMS / "sluis-agent"
DATA, SETTINGS = Path("/var/lib/sluis-agent"), Path("/etc/sluis-agent")


def test_it_knows_every_file_that_the_daemon_makes(tmp_path: Path) -> None:
    with Organisation(tmp_path / "organisation") as organisation:
        daemon = RunningDaemon(tmp_path / "agent.yaml", tmp_path / "data")
        daemon.configure(organisation, organisation.token())
        with daemon:
            until("it has enrolled", lambda: daemon.ask("/status")["server"]["checked_in"])
            daemon.visit("chatgpt.com")
            until("it is recorded", daemon.recorded)
            made = set(daemon.data.iterdir())

    known = {path for pattern in OURS for path in daemon.data.glob(pattern)}
    gone = {path for path in made if not path.exists()}
    assert made - known - gone == set()


@pytest.mark.parametrize("given", [["clear", "--all"], ["uninstall"]])
def test_it_wants_root(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)

    assert main(given) == COULD_NOT
    assert "wants root" in capsys.readouterr().err


def lay(world: World) -> None:
    """What an agent leaves, broken settings, and a file of somebody else's."""
    station = world.workstation
    for name in ("key", "outbox.db", "outbox.db-wal", "metadata/1-ab/root.json", "list.bundle"):
        station.write(DATA / name, "x")
    station.write(SETTINGS / "agent.yaml", "server: [\n")
    station.write(SETTINGS / "first" / "1.root.json", "x")


def test_clear_needs_neither_settings_nor_network(world: World) -> None:
    lay(world)
    world.workstation.write(DATA / "notes-of-IT.txt", "x")

    said = world.workstation.run([AGENT, "clear", "--all"])

    assert "took back routes and link" in said
    assert re.search(r"removed 5 files and folders from .*; what is not ours was left", said)
    assert world.workstation.run(["ls", DATA]) == "notes-of-IT.txt\n"
    assert world.workstation.succeeds(["test", "-e", SETTINGS / "agent.yaml"])


def test_uninstall_takes_the_settings_too(world: World) -> None:
    world.workstation.run(["rm", "-rf", DATA])
    lay(world)

    said = world.workstation.run([AGENT, "uninstall"])

    assert f"removed {SETTINGS / 'agent.yaml'}" in said
    assert not world.workstation.succeeds(["test", "-e", DATA])
    assert not world.workstation.succeeds(["test", "-e", SETTINGS])


def test_twice_is_no_fault(world: World) -> None:
    world.workstation.run([AGENT, "uninstall"])

    assert world.workstation.succeeds([AGENT, "uninstall"])
    assert world.workstation.succeeds([AGENT, "clear", "--all", "--json"])
