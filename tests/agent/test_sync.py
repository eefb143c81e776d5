"""The rounds: their order, and that no stage stops another."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent import sync
from agent.database import CannotStore
from agent.in_force import InForce, ListFile, ListState
from agent.stages.standing import Standing
from agent.sync import Parts, load_stored, one_round
from tests.simulators.counterpart import NOW, in_force
from tests.simulators.repository import blocklist

IN_ORDER = ["enforce 1", "refresh", "check in", "enforce 2", "report"]


class Stages:
    """Five stages that write down that they ran; refreshing brings list 2."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.standing = Standing(in_force=in_force(blocklist(1)))
        self.health: dict[str, object] = {}
        self.short_of_tickets = False
        self.enrols = False
        self.wake = asyncio.Event()

    def parts(self) -> Parts:
        made: Any = SimpleNamespace(
            standing=self.standing,
            wake=self.wake,
            enforcing=self,
            refreshing=SimpleNamespace(round=self.refresh),
            checking_in=SimpleNamespace(round=self.check_in, note_change=lambda: None, timer=self),
            uploading=SimpleNamespace(round=self.report, short_of_tickets=self.short_of_tickets),
            enforce=lambda: Parts.enforce(made),
            clock=lambda: NOW,
        )
        return cast("Parts", made)

    async def enforce(self, held: InForce | None, at: object) -> None:
        self.run(f"enforce {held.blocklist.version if held else None}")

    async def refresh(self) -> None:
        self.run("refresh")
        self.standing.in_force = in_force(blocklist(2))

    async def check_in(self) -> bool:
        self.run("check in")
        return self.enrols

    async def report(self) -> None:
        self.run("report")

    def no_later_than(self, seconds: float) -> None:
        self.run("check in soon")

    def run(self, name: str) -> None:
        self.ran.append(name)
        if name in self.fails:
            raise self.fails[name]


def test_a_round_goes_in_the_order_of_the_table() -> None:
    stages = Stages()

    assert asyncio.run(one_round(stages.parts()))
    assert stages.ran == IN_ORDER
    assert [stage.__name__ for stage in sync.STAGES] == [
        "enforce_stored",
        "refresh",
        "check_in",
        "enforce_changed",
        "report",
    ]


@pytest.mark.parametrize("failing", ["enforce 1", "check in", "enforce 2", "report"])
@pytest.mark.parametrize("error", [KeyError("a fault of ours"), CannotStore("full"), OSError(5)])
def test_a_stage_that_fails_stops_no_other(failing: str, error: Exception) -> None:
    stages = Stages()
    stages.fails[failing] = error

    assert not asyncio.run(one_round(stages.parts()))
    assert stages.ran == IN_ORDER


def test_without_tickets_a_check_in_comes_soon() -> None:
    stages = Stages()
    stages.short_of_tickets = True

    asyncio.run(one_round(stages.parts()))

    assert stages.ran == [*IN_ORDER, "check in soon"]


def test_a_device_that_has_enrolled_polls_at_once() -> None:
    stages = Stages()
    stages.enrols = True

    asyncio.run(one_round(stages.parts()))

    assert stages.wake.is_set()


def test_the_stored_list_is_in_force_from_the_start(tmp_path: Path) -> None:
    file, standing = ListFile(tmp_path / "list.bundle"), Standing()
    file.store(in_force(blocklist(1)))

    load_stored(file, standing)

    assert standing.in_force == in_force(blocklist(1))
    assert standing.state is ListState.STALE


def test_a_damaged_list_is_told_and_waited_for(tmp_path: Path) -> None:
    (tmp_path / "list.bundle").write_bytes(b"\x00")
    standing = Standing()

    load_stored(ListFile(tmp_path / "list.bundle"), standing)

    assert standing.state is ListState.WAITING
    assert "list.bundle.damaged" in standing.why
