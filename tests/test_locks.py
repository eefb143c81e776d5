"""The lock files: each library by hash, and no library of the server's on a workstation."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-agent.lock", "requirements-node.lock")


def locked(name: str) -> dict[str, list[str]]:
    """What the lock pins as library==version, each with its hashes."""
    pins: dict[str, list[str]] = {}
    library = ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([a-z0-9-]+==\S+)", line):
            library = pin[1]
            pins[library] = []
        elif digest := re.match(r" +--hash=(sha256:[0-9a-f]{64})", line):
            pins[library].append(digest[1])
    return pins


def asked_for(extra: str) -> set[str]:
    """The names of the libraries that pyproject.toml asks for on behalf of this extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        re.split(r"[<>=]", requirement)[0].lower()
        for requirement in project["optional-dependencies"][extra]
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_library_is_pinned_with_its_hashes(lock: str) -> None:
    pins = locked(lock)

    assert pins
    assert [library for library, hashes in pins.items() if not hashes] == []


def test_the_agent_gets_the_versions_that_were_tested() -> None:
    assert locked("requirements-agent.lock").items() <= locked("requirements.lock").items()


def test_the_agent_gets_no_library_of_the_server() -> None:
    agents = {pin.partition("==")[0] for pin in locked("requirements-agent.lock")}

    assert asked_for("agent") <= agents
    assert agents.isdisjoint(asked_for("server") | asked_for("dev"))


def test_what_is_asked_for_is_locked() -> None:
    all_of_it = {pin.partition("==")[0] for pin in locked("requirements.lock")}

    assert asked_for("agent") | asked_for("server") | asked_for("dev") <= all_of_it
