"""What this device says to its server, call by call, and what it learns. Blocking throughout."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from agent.enrol import Description, DeviceFiles, enrol
from agent.in_force import InForce, ListState
from agent.outbox import Acknowledgement
from agent.server_link import (
    LARGE,
    LONG_POLL,
    Answer,
    Refused,
    Request,
    ServerLink,
    Unreachable,
)
from agent.updater import (
    Bundle,
    Missing,
    NotReached,
    NotRefreshed,
    Pin,
    Refreshed,
    Updater,
)
from blocklists.protocol import bundle
from blocklists.protocol.messages import Violation

REPORT_BYTES = 32 * 1024
"""Every report is exactly as long, so that its length says nothing."""
_SHORTEST_INTERVAL, _LONGEST_INTERVAL = 10, 3600


class ChannelHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a channel is, as a check-in says it."""

    state: str
    code: str = ""


class ListStanding(msgspec.Struct, frozen=True):
    """Which list is in force, and how it stands to what is published."""

    version: int | None
    state: ListState


class CheckIn(msgspec.Struct, frozen=True, rename={"blocklist": "list"}):
    """What a check-in says of this device."""

    epoch: int
    blocklist: ListStanding
    channels: dict[str, ChannelHealth]
    software: str
    tickets: int
    """How many it still holds."""


class CheckedIn(msgspec.Struct, frozen=True):
    """The answer to a check-in."""

    interval: float = 60
    tickets: tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")], ...] = ()


class _Result(msgspec.Struct, frozen=True):
    outcome: Literal["accepted", "skipped", "rejected"]
    code: str = ""


class _Results(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...]
    now: datetime


@dataclass(frozen=True)
class Reported:
    """The server's word on each violation of a report, in the order sent."""

    acknowledgements: tuple[Acknowledgement, ...]
    server_time: datetime


class Conversation:
    """One device and one server, under one pin."""

    def __init__(self, link: ServerLink, updater: Updater, device: DeviceFiles, pin: str) -> None:
        self._link = link
        self._updater = updater
        self._device = device
        self._pin = pin

    @classmethod
    def open(
        cls,
        server: str,
        pin: str,
        folder: Path,
        *,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> Conversation:
        """Make the parts; `folder` is the data folder."""
        return cls(
            ServerLink(server, now=now, random=random),
            Updater(folder / "metadata", Pin.parse(pin)),
            DeviceFiles(folder),
            pin,
        )

    @property
    def enrolled(self) -> bool:
        """Whether the server knows us."""
        return self._device.device(self._pin) is not None

    def enrol(self, token: str) -> str:
        """Make this device known; gives its id. Raises LinkError."""
        device = enrol(self._link, self._device.key(), token, Description.of_this_machine())
        self._device.keep_device(device, self._pin)
        return device

    def first(self, folder: Path) -> Refreshed | NotRefreshed:
        """Verify the files that lie beside the configuration."""
        return self._updater.first(lambda name: _laid(folder, name))

    def refresh(
        self, at: datetime, current: InForce | None, brought: Bundle | None
    ) -> Refreshed | NotRefreshed:
        """Verify what the poll brought, or else what is published."""
        return self._updater.refresh(self._published, at, current, brought)

    def wait(self, current: InForce | None) -> Bundle | None:
        """Wait for something newer; None when nothing came in a minute. Raises LinkError."""
        have = self._updater.have()
        query = (
            f"root={have.root}&timestamp={have.timestamp}&list={current.sha256 if current else ''}"
        )
        answer = self._signed(
            Request(
                method="GET",
                path="/v1/device/wait",
                query=query,
                patience=LONG_POLL,
                limit=LARGE,
            )
        )
        if answer.status == 204:
            return None
        try:
            return Bundle(bundle.unpack(answer.body), asked_root=have.root)
        except bundle.BadBundle as error:
            raise Unreachable(f"the bundle cannot be read: {error}") from error

    def check_in(self, said: CheckIn) -> CheckedIn:
        """Say how we are; gives tickets and when to come again. Raises LinkError."""
        body = msgspec.json.encode(said)
        answer = self._signed(Request(method="POST", path="/v1/device/check-ins", body=body))
        try:
            checked_in = msgspec.json.decode(answer.body, type=CheckedIn)
        except msgspec.DecodeError as error:
            raise Unreachable(f"the answer to the check-in cannot be read: {error}") from error
        interval = min(max(checked_in.interval, _SHORTEST_INTERVAL), _LONGEST_INTERVAL)
        return msgspec.structs.replace(checked_in, interval=interval)

    def report(self, ticket: str, violations: Sequence[Violation]) -> Reported:
        """Upload on a ticket, padded, on a connection of its own. Raises LinkError."""
        answer = self._link.unlinked("/v1/reports", padded(violations), f"Ticket {ticket}")
        try:
            results = msgspec.json.decode(answer.body, type=_Results)
        except msgspec.DecodeError as error:
            raise Unreachable(f"the answer to the report cannot be read: {error}") from error
        if len(results.results) != len(violations):
            raise Unreachable("the answer to the report does not fit what was sent")
        acknowledgements = (Acknowledgement(one.outcome, one.code) for one in results.results)
        return Reported(tuple(acknowledgements), results.now)

    def _signed(self, request: Request) -> Answer:
        """Send in this device's name, and take to heart what the server says of the device."""
        try:
            return self._link.signed(self._device.key(), request)
        except Refused as refused:
            if refused.code == "unknown-device":
                self._device.forget_device()
            elif refused.code == "epoch":
                self._device.forget_key()
            raise

    def _published(self, name: str) -> bytes:
        try:
            return self._link.get(f"/repository/{name}")
        except Unreachable as error:
            raise NotReached(str(error), error.retry_after) from error
        except Refused as error:
            if error.status == 404:
                raise Missing(str(error)) from error
            raise NotReached(str(error)) from error


def fitting(violations: Sequence[Violation]) -> Sequence[Violation]:
    """As many of them, from the first on, as one report holds."""
    room = REPORT_BYTES - len(_body([], ""))
    for count, violation in enumerate(violations):
        room -= len(json.dumps(violation.to_wire())) + 2
        if room < 0:
            return violations[:count]
    return violations


def padded(violations: Sequence[Violation]) -> bytes:
    """A report of exactly REPORT_BYTES. Raises ValueError where they do not fit."""
    missing = REPORT_BYTES - len(_body(violations, ""))
    if missing < 0:
        raise ValueError("too many violations for one report")
    return _body(violations, "0" * missing)


def _body(violations: Sequence[Violation], padding: str) -> bytes:
    entries = [violation.to_wire() for violation in violations]
    return json.dumps({"violations": entries, "padding": padding}).encode()


def _laid(folder: Path, name: str) -> bytes:
    """A file laid beside the configuration, under its published name."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Missing(f"{path} lies outside {folder}")
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Missing(f"{path}: there is none") from error
    except OSError as error:
        raise NotReached(f"{path}: {error.strerror}") from error
