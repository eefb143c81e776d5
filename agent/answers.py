"""What the agent tells its server and what comes of it, as values: failing is one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agent.in_force import InForce, ListState
from agent.outbox import Acknowledgement
from agent.selftest import Health


@dataclass(frozen=True)
class Condition:
    """How this device is, as a check-in says it."""

    version: int | None
    """Of the list in force."""
    state: ListState
    channels: Mapping[str, Health]


@dataclass(frozen=True)
class Failed:
    """Nothing came of a request."""

    why: str
    code: str = ""
    """The server's, where it refused; empty where it was not reached."""
    retry_after: float | None = None
    """Seconds, where the server asked for them."""


@dataclass(frozen=True)
class Bundle:
    """Files that the long poll brought, and the root version that it was asked with."""

    files: Mapping[str, bytes]
    asked_root: int


@dataclass(frozen=True)
class Refreshed:
    """Everything verified: the list that is to be in force now, and until when that stays true."""

    in_force: InForce
    fresh_until: datetime
    """The first end among the metadata: past it the same answer is frozen."""


@dataclass(frozen=True)
class NotRefreshed:
    """The list in force stays; why, in a state and a sentence."""

    state: ListState
    why: str
    retry_after: float | None = None


@dataclass(frozen=True)
class Enrolled:
    """The server knows this device."""

    device: str


@dataclass(frozen=True)
class CheckedIn:
    """The answer to a check-in."""

    interval: float
    """Seconds until the next."""
    tickets: tuple[str, ...]


@dataclass(frozen=True)
class Reported:
    """The server's word on each violation of a report, in the order sent."""

    acknowledgements: tuple[Acknowledgement, ...]
    server_time: datetime
