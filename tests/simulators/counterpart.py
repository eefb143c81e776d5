"""A server that a test writes the answers of, for stages whose matter is when they ask, not what.

What verifies and what really travels is tested with a real server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.answers import CheckedIn, Enrolled, Failed, NotRefreshed, Refreshed, Reported
from agent.configuration import Configuration
from agent.in_force import InForce, ListState, VerifiedFiles
from agent.outbox import Acknowledgement
from blocklists.blocklist import Blocklist, pack
from blocklists.protocol.messages import Violation
from tests.simulators.repository import blocklist

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REPORTS = b'{"reporting_from": "2026-01-01T00:00:00Z"}'
AWAY = Failed("no connection: Connection refused")
PIN = "1:" + "0" * 64


def in_force(made: Blocklist, organisation: bytes = REPORTS) -> InForce:
    """A list as it is once it has verified."""
    return InForce.read(VerifiedFiles(pack(made), organisation))


def settings(folder: Path, token: str | None = "token") -> Path:
    """A file of settings."""
    path = folder / "agent.yaml"
    enrolment = f"enrolment: {token}\n" if token else ""
    path.write_text(f"server: https://sluis.example\npin: '{PIN}'\n{enrolment}")
    return path


class Watch:
    """The monotonic clock and the wall clock of a test, which stand until it moves them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def clock(self) -> datetime:
        """The wall clock."""
        return NOW + timedelta(seconds=self.seconds)


class Counterpart:
    """Stands in for the conversation; each answer may be set, and what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.enrolled = False
        self.enrolment: Enrolled | Failed = Enrolled("60af769f-2aee-44c1-bfc8-4388a27ccac3")
        self.checked_in: CheckedIn | Failed = CheckedIn(60, ("0" * 32,))
        self.refreshed: Refreshed | NotRefreshed = Refreshed(
            in_force(blocklist(1)), NOW + timedelta(days=7)
        )
        self.firsts: Refreshed | NotRefreshed = NotRefreshed(ListState.STALE, "there is none")
        self.acknowledge: Callable[[Sequence[Violation]], Reported | Failed] = accept
        self.reports: list[list[Violation]] = []
        self.brought: list[object] = []

    def open(self, configuration: Configuration) -> Any:  # noqa: ANN401 - instead of a conversation
        """Be the conversation that the settings lead to."""
        self.asked.append("open")
        return self

    def enrol(self, token: str) -> Enrolled | Failed:
        """As the conversation."""
        self.asked.append(f"enrol {token}")
        self.enrolled = isinstance(self.enrolment, Enrolled)
        return self.enrolment

    def check_in(self, condition: object, tickets: int) -> CheckedIn | Failed:
        """As the conversation."""
        self.asked.append("check in")
        return self.checked_in

    def first(self, folder: Path) -> Refreshed | NotRefreshed:
        """As the conversation."""
        self.asked.append("first")
        return self.firsts

    def refresh(
        self, at: datetime, current: InForce | None, brought: object
    ) -> Refreshed | NotRefreshed:
        """As the conversation."""
        self.asked.append("refresh")
        self.brought.append(brought)
        return self.refreshed

    def fitting(self, violations: Sequence[Violation]) -> Sequence[Violation]:
        """As the conversation, with room for ten."""
        return violations[:10]

    def report(self, ticket: str, violations: Sequence[Violation]) -> Reported | Failed:
        """As the conversation."""
        self.asked.append("report")
        self.reports.append(list(violations))
        return self.acknowledge(violations)


def accept(violations: Sequence[Violation]) -> Reported:
    """Take all."""
    return Reported(tuple(Acknowledgement("accepted") for _ in violations), NOW)
