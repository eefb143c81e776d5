"""Routes follow the list, in an order that hands no blocked name to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from agent.in_force import InForce, VerifiedFiles
from agent.selftest import Health, State
from agent.sinkhole.ports import Sockets
from agent.stages.enforcing import REPAIR, REPAIR_SOON, Enforcing
from agent.verbs import Code, Refusal, Routed
from blocklists.blocklist import Blocklist, Ruled, Verdict, pack
from blocklists.hosts import Host
from tests.simulators.repository import blocklist

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class Workstation:
    """A machine and a sinkhole that write down what they are told, in order."""

    def __init__(self) -> None:
        self.said: list[tuple[str, list[str]]] = []
        self.refuses: Code | None = None
        self.conflicts: list[str] = []
        self.state = State.IN_FORCE
        self.seconds = 0.0
        self.enforcing = Enforcing(
            machine=self, sinkhole=self, test=self.test, monotonic=lambda: self.seconds
        )

    async def listen(self) -> Sockets:
        return Sockets()

    async def open(self, sockets: Sockets) -> None:
        self.said.append(("open", []))

    def answer_for(self, names: Iterable[Host]) -> None:
        self.said.append(("answer", sorted(names)))

    async def route(self, names: Iterable[Host]) -> Routed:
        if self.refuses:
            raise Refusal(self.refuses, "no")
        self.said.append(("route", sorted(names)))
        return Routed("simulated", self.conflicts, "")

    async def test(self, names: Iterable[Host]) -> Mapping[str, Health]:
        self.said.append(("test", sorted(names)))
        return {"dns": Health(self.state)}

    def enforce(self, made: Blocklist | None, at: datetime = NOW) -> list[tuple[str, list[str]]]:
        self.said.clear()
        in_force = InForce.read(VerifiedFiles(pack(made), b"{}")) if made else None
        asyncio.run(self.enforcing.enforce(in_force, at))
        return list(self.said)


def test_without_a_list_nothing_is_touched() -> None:
    station = Workstation()

    assert station.enforce(None) == []
    assert station.enforcing.health == {"dns": Health(State.OFF, "waiting")}


def test_old_and_new_names_are_answered_while_routes_change() -> None:
    station = Workstation()
    station.enforce(blocklist(1, "old.example"))

    assert station.enforce(blocklist(2, "new.example")) == [
        ("open", []),
        ("answer", ["new.example", "old.example"]),
        ("route", ["new.example"]),
        ("answer", ["new.example"]),
        ("test", ["new.example"]),
    ]


def test_the_same_names_are_set_again_only_to_repair() -> None:
    station = Workstation()
    station.enforce(blocklist(1))

    assert station.enforce(blocklist(2)) == []
    station.seconds += REPAIR
    assert station.enforce(blocklist(2)) != []


def test_what_is_not_in_force_is_tried_again_soon() -> None:
    station = Workstation()
    station.state = State.NOT_IN_FORCE
    station.enforce(blocklist(1))
    assert station.enforcing.left == REPAIR_SOON

    station.seconds += REPAIR_SOON
    station.state = State.IN_FORCE
    assert station.enforce(blocklist(1)) != []
    assert station.enforcing.left == REPAIR


def test_names_that_somebody_else_routes_too_are_not_in_force() -> None:
    station = Workstation()
    station.conflicts = ["chatgpt.com"]

    station.enforce(blocklist(1))

    assert station.enforcing.health["dns"] == Health(State.NOT_IN_FORCE, "conflict")


def test_what_the_helper_refuses_is_the_channels_health() -> None:
    station = Workstation()
    station.refuses = Code.PORT_53

    station.enforce(blocklist(1))

    assert station.enforcing.health["dns"] == Health(State.NOT_IN_FORCE, "port-53")


def test_refused_names_do_not_let_the_old_ones_go() -> None:
    station = Workstation()
    station.enforce(blocklist(1, "old.example"))
    station.refuses = Code.TOO_MANY_NAMES

    said = station.enforce(blocklist(2, "new.example"))

    assert said[-1] == ("answer", ["new.example", "old.example"])


def test_an_approval_ends_by_itself() -> None:
    station = Workstation()
    made, ends = blocklist(1), NOW + timedelta(days=1)
    decisions = {"approval x": Ruled(Verdict.ALLOW, end=ends), **made.decisions}
    entries = tuple(replace(entry, decisions=tuple(decisions)) for entry in made.entries)
    allowed = replace(made, decisions=decisions, entries=entries)

    assert ("route", []) in station.enforce(allowed, ends - timedelta(seconds=1))
    assert ("route", ["chatgpt.com"]) in station.enforce(allowed, ends)
