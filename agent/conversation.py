"""What this device says to its server, call by call, and what it learns. Blocking throughout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal, ParamSpec, TypeVar

import msgspec

from agent.answers import (
    Bundle,
    CheckedIn,
    Condition,
    Enrolled,
    Failed,
    NotRefreshed,
    Refreshed,
    Reported,
)
from agent.configuration import Configuration
from agent.enrol import Description, DeviceFiles, enrol
from agent.in_force import InForce, ListState
from agent.outbox import Acknowledgement
from agent.places import METADATA_FOLDER
from agent.selftest import Health
from agent.server_link import (
    LARGE,
    LONG_POLL,
    Answer,
    Refused,
    Request,
    ServerLink,
    Unreachable,
)
from agent.updater import Missing, NotReached, Pin, Updater
from blocklists.protocol import bundle
from blocklists.protocol.messages import Violation

WAIT = "/v1/device/wait"
CHECK_INS = "/v1/device/check-ins"
REPORTS = "/v1/reports"
REPORT_BYTES = 32 * 1024
"""Every report is exactly as long, so that its length says nothing."""
_SHORTEST_INTERVAL, _LONGEST_INTERVAL = 10, 3600


class _ListForm(msgspec.Struct, frozen=True):
    version: int | None
    state: ListState


class _CheckInForm(msgspec.Struct, frozen=True, rename={"blocklist": "list"}):
    epoch: int
    blocklist: _ListForm
    channels: Mapping[str, Health]
    tickets: int
    software: str


class _CheckedIn(msgspec.Struct, frozen=True):
    interval: float = 60
    tickets: tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")], ...] = ()


class _Result(msgspec.Struct, frozen=True):
    outcome: Literal["accepted", "skipped", "rejected"]
    code: str = ""


class _Results(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...]
    now: datetime


Given = ParamSpec("Given")
Asked = TypeVar("Asked")


def answered(ask: Callable[Given, Asked]) -> Callable[Given, Asked | Failed]:
    """Let a failure of the link or an answer that cannot be read be a value."""

    @wraps(ask)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> Asked | Failed:
        try:
            return ask(*args, **kwargs)
        except Refused as error:
            return Failed(str(error), error.code or "refused")
        except Unreachable as error:
            return Failed(str(error), retry_after=error.retry_after)
        except (msgspec.DecodeError, RecursionError, bundle.BadBundle) as error:
            return Failed(f"the answer of the server cannot be read: {error}")
        except OSError as error:
            return Failed(f"the files of this device cannot be used: {error}")

    return asked


class Conversation:
    """One device and one server, under one pin."""

    def __init__(
        self,
        link: ServerLink,
        updater: Updater,
        device: DeviceFiles,
        pin: str,
        now: Callable[[], datetime],
    ) -> None:
        self._link = link
        self._updater = updater
        self._device = device
        self._pin = pin
        self._now = now
        self._epoch: int | None = None

    @classmethod
    def open(
        cls,
        configuration: Configuration,
        folder: Path,
        *,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> Conversation:
        """Make the parts; `folder` is the data folder."""
        return cls(
            ServerLink(configuration.server, now=now, random=random),
            Updater(folder / METADATA_FOLDER, Pin.parse(configuration.pin)),
            DeviceFiles(folder),
            configuration.pin,
            now,
        )

    @property
    def enrolled(self) -> bool:
        """Whether the server knows us."""
        return self._device.device(self._pin) is not None

    @answered
    def enrol(self, token: str) -> Enrolled:
        """Make this device known; its key is made at the first call."""
        device = enrol(self._link, self._device.key(), token, Description.of_this_machine())
        self._device.keep_device(device, self._pin)
        return Enrolled(device)

    def first(self, folder: Path) -> Refreshed | NotRefreshed:
        """Verify the files that lie beside the configuration."""
        return self._updater.first(lambda name: _laid(folder, name))

    def refresh(
        self, at: datetime, current: InForce | None, brought: Bundle | None
    ) -> Refreshed | NotRefreshed:
        """Verify what the poll brought, or else what is published."""
        return self._updater.refresh(self._published, at, current, brought)

    @answered
    def wait(self, current: InForce | None) -> Bundle | None:
        """Wait for something newer; None when nothing came in a minute."""
        have = self._updater.have()
        listed = current.sha256 if current else ""
        query = f"root={have.root}&timestamp={have.timestamp}&list={listed}"
        request = Request(method="GET", path=WAIT, query=query, patience=LONG_POLL, limit=LARGE)
        answer = self._signed(request)
        if answer.status == 204:
            return None
        return Bundle(bundle.unpack(answer.body), asked_root=have.root)

    @answered
    def check_in(self, condition: Condition, tickets: int) -> CheckedIn:
        """Say how we are and how many tickets we hold; gives more, and when to come again."""
        if self._epoch is None:  # the first check-in is what counts as a start
            self._epoch = self._device.raise_epoch(self._now())
        form = _CheckInForm(
            epoch=self._epoch,
            blocklist=_ListForm(condition.version, condition.state),
            channels=condition.channels,
            tickets=tickets,
            software=version("sluis"),
        )
        request = Request(method="POST", path=CHECK_INS, body=msgspec.json.encode(form))
        checked_in = msgspec.json.decode(self._signed(request).body, type=_CheckedIn)
        interval = min(max(checked_in.interval, _SHORTEST_INTERVAL), _LONGEST_INTERVAL)
        return CheckedIn(interval, checked_in.tickets)

    def fitting(self, violations: Sequence[Violation]) -> Sequence[Violation]:
        """As many of them, from the first on, as one report holds."""
        return fitting(violations)

    @answered
    def report(self, ticket: str, violations: Sequence[Violation]) -> Reported:
        """Upload on a ticket, padded, on a connection of its own."""
        answer = self._link.unlinked(REPORTS, padded(violations), f"Ticket {ticket}")
        results = msgspec.json.decode(answer.body, type=_Results)
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
