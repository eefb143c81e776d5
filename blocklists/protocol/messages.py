"""The violation on the wire, and how a batch of them is read.

Strict per entry, tolerant per batch: an entry that breaks a rule is rejected by name and its
neighbours go on, so that one bad entry never makes an endpoint send the same batch for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from blocklists.blocklist import Verdict
from blocklists.hosts import Address, BadHost, parse_host
from blocklists.protocol.received import Twice, parse_received

MAX_BATCH = 1000
KEPT = timedelta(days=35)
"""How long a violation is kept, and how old one may be when it comes in."""
AHEAD = timedelta(hours=24)
HOUR_MS = 3_600_000
MAX_TIMES = 1_000_000

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SERVICE = re.compile(r"[a-z0-9-]{1,64}")
_PSEUDONYM = re.compile(r"[0-9a-fA-F]{32}")
_TIME = re.compile(  # RFC 3339 section 5.6
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII
)

_Choice = TypeVar("_Choice", bound=StrEnum)


class Channel(StrEnum):
    """Where a violation was met; `dns` has health and no violations."""

    BROWSER = "browser"
    CONNECTION = "connection"
    PROCESS = "process"


class Layer(StrEnum):
    """Which layer of the browser met it."""

    WALL = "wall"
    RULE = "rule"
    NET = "net"


class Kind(StrEnum):
    """A person tried, or something in the background did."""

    ATTEMPT = "attempt"
    CONTACT = "contact"


class Outcome(StrEnum):
    """What became of it."""

    STOPPED = "stopped"
    ALTERNATIVE = "alternative"
    TURNED_BACK = "turned_back"
    WENT_ON = "went_on"
    LET_THROUGH = "let_through"


class Reason(StrEnum):
    """Why somebody went on after a warning: a choice, never free text."""

    PUBLIC_INFORMATION = "public_information"
    ALTERNATIVE_CANNOT = "alternative_cannot"
    NO_ALTERNATIVE = "no_alternative"
    APPROVED_PROJECT = "approved_project"
    TRYING_OUT = "trying_out"
    OTHER = "other"


OUTCOMES = {
    Verdict.OBSERVE: {Outcome.LET_THROUGH},
    Verdict.WARN: {Outcome.STOPPED, Outcome.ALTERNATIVE, Outcome.TURNED_BACK, Outcome.WENT_ON},
    Verdict.BLOCK: {Outcome.STOPPED, Outcome.ALTERNATIVE, Outcome.TURNED_BACK},
}
"""Which outcome a verdict can have."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One attempt or contact that met a verdict other than allow; nothing else is ever sent."""

    id: UUID
    """UUIDv7 whose time is the start of the hour."""
    when: datetime
    """UTC, to the minute."""
    service: str
    channel: Channel
    kind: Kind
    verdict: Verdict
    outcome: Outcome
    times: int = 1
    host: str | None = None
    """In normal form; absent for the channel `process` alone."""
    layer: Layer | None = None
    """For the channel `browser` alone."""
    reason: Reason | None = None
    """With the outcome went_on alone."""
    pseudonym: str | None = None
    """32 hex digits; attempts only."""
    clock_off: bool = False
    """Set by the server where `when` lay outside the id's hour. Never sent."""

    def to_wire(self) -> dict[str, Any]:
        """As it is sent; what is absent is left out."""
        fields: dict[str, Any] = {
            "id": str(self.id),
            "when": self.when.strftime("%Y-%m-%dT%H:%M:00Z"),
            "service": self.service,
            "host": self.host,
            "channel": self.channel.value,
            "layer": self.layer,
            "kind": self.kind.value,
            "verdict": self.verdict.value,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "times": self.times,
            "pseudonym": self.pseudonym,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True)
class Rejected:
    """An entry that is not taken; `code` is stable, `detail` names the field and what is right."""

    code: str
    detail: str


class BadBatch(ValueError):
    """A body that is no batch at all; `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        """Keep both: the code for machines, the sentence for people."""
        super().__init__(detail)
        self.code = code


def new_id(when: datetime, random_bytes: bytes) -> UUID:
    """A UUIDv7 (RFC 9562 section 5.7) whose time is the start of the hour of `when`.

    `random_bytes` are ten bytes; with the hour alone in it, an id ties no row to a device.
    """
    hour = int(when.timestamp() * 1000) // HOUR_MS * HOUR_MS
    value = hour << 80 | int.from_bytes(random_bytes[:10], "big")
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def hour_of(violation_id: UUID) -> datetime:
    """The start of the hour that stands in an id."""
    return datetime.fromtimestamp((violation_id.int >> 80) / 1000, UTC)


def read_batch(body: bytes, now: datetime) -> list[Violation | Rejected]:
    """Read {"violations": […], "padding": "…"} in its order. Raises BadBatch.

    `now` is the server's time, for the window in which ids are taken.
    """
    try:
        batch = parse_received(body)
    except ValueError as error:
        raise BadBatch("json", "the body is not JSON in UTF-8") from error
    entries = batch.get("violations") if isinstance(batch, dict) else None
    if not isinstance(entries, list):
        raise BadBatch("form", 'the body must be {"violations": […]}')
    if len(entries) > MAX_BATCH:
        raise BadBatch("form", f"violations: at most {MAX_BATCH} in one upload")
    return [read_violation(entry, now) for entry in entries]


def read_violation(entry: object, now: datetime) -> Violation | Rejected:
    """Read one entry of a batch; fields of a newer endpoint are passed over."""
    if isinstance(entry, Twice):
        return Rejected("form", f"{entry.name[:64]!a}: stands there twice")
    if not isinstance(entry, dict):
        return Rejected("form", "a violation is an object")
    try:
        return _violation(entry, now)
    except _FieldError as error:
        return Rejected(error.code, str(error))


class _FieldError(ValueError):
    def __init__(self, field: str, right: str, code: str = "form") -> None:
        super().__init__(f"{field}: {right}")
        self.code = code


def _violation(entry: dict[str, Any], now: datetime) -> Violation:
    violation_id = _id(entry, now)
    when, clock_off = _when(entry, violation_id)
    channel = _choice(entry, "channel", Channel)
    kind = _choice(entry, "kind", Kind)
    verdict = _verdict(entry)
    outcome = _choice(entry, "outcome", Outcome)
    if outcome not in OUTCOMES[verdict]:
        raise _FieldError("outcome", f"{outcome} does not go with the verdict {verdict}")
    return Violation(
        id=violation_id,
        when=when,
        service=_text(entry, "service", _SERVICE, "1 to 64 of a-z, 0-9 and -"),
        host=_host(entry, channel),
        channel=channel,
        layer=_layer(entry, channel),
        kind=kind,
        verdict=verdict,
        outcome=outcome,
        reason=_reason(entry, outcome),
        times=_times(entry),
        pseudonym=_pseudonym(entry, kind),
        clock_off=clock_off,
    )


def _text(entry: dict[str, Any], field: str, form: re.Pattern[str], right: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _FieldError(field, right)
    return value


def _id(entry: dict[str, Any], now: datetime) -> UUID:
    value = entry.get("id")
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise _FieldError("id", "a UUIDv7 as text")
    found = UUID(value)
    if (found.int >> 80) % HOUR_MS:
        raise _FieldError("id", "its time must be the start of an hour")
    milliseconds, present = found.int >> 80, now.timestamp() * 1000
    earliest = present - KEPT.total_seconds() * 1000
    if not earliest <= milliseconds <= present + AHEAD.total_seconds() * 1000:
        raise _FieldError("id", "between 35 days ago and 24 hours from now", "id-window")
    return found


def _when(entry: dict[str, Any], violation_id: UUID) -> tuple[datetime, bool]:
    """The minute in UTC, or the start of the id's hour, marked, where the clock was off."""
    text = entry.get("when")
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise _FieldError("when", "a time such as 2026-11-24T08:14:00Z (RFC 3339)")
    try:
        when = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise _FieldError("when", "a time that exists") from error
    hour = hour_of(violation_id)
    if not timedelta(0) <= when - hour < timedelta(hours=1):
        return hour, True
    return when.astimezone(UTC).replace(second=0, microsecond=0), False


def _choice(entry: dict[str, Any], field: str, choices: type[_Choice]) -> _Choice:
    value = entry.get(field)
    if not isinstance(value, str) or value not in set(choices):
        raise _FieldError(field, "one of " + ", ".join(choices))
    return choices(value)


def _verdict(entry: dict[str, Any]) -> Verdict:
    verdict = _choice(entry, "verdict", Verdict)
    if verdict is Verdict.ALLOW:
        raise _FieldError("verdict", "allow is no violation")
    return verdict


def _host(entry: dict[str, Any], channel: Channel) -> str | None:
    value = entry.get("host")
    if channel is Channel.PROCESS:
        if value is not None:
            raise _FieldError("host", "absent for the channel process")
        return None
    if not isinstance(value, str):
        raise _FieldError("host", "a host name")
    try:
        host = parse_host(value)
    except BadHost as error:
        raise _FieldError("host", f"a host name alone ({error.reason})") from error
    if isinstance(host, Address):
        raise _FieldError("host", "a host name, not an address")
    return host


def _layer(entry: dict[str, Any], channel: Channel) -> Layer | None:
    if channel is Channel.BROWSER:
        return _choice(entry, "layer", Layer)
    if entry.get("layer") is not None:
        raise _FieldError("layer", "for the channel browser alone")
    return None


def _reason(entry: dict[str, Any], outcome: Outcome) -> Reason | None:
    if entry.get("reason") is None:
        return None
    if outcome is not Outcome.WENT_ON:
        raise _FieldError("reason", "with the outcome went_on alone")
    return _choice(entry, "reason", Reason)


def _times(entry: dict[str, Any]) -> int:
    value = entry.get("times")
    if type(value) is not int or not 1 <= value <= MAX_TIMES:
        raise _FieldError("times", f"a whole number from 1 to {MAX_TIMES}")
    return value


def _pseudonym(entry: dict[str, Any], kind: Kind) -> str | None:
    if entry.get("pseudonym") is None:
        return None
    if kind is Kind.CONTACT:
        raise _FieldError("pseudonym", "a contact carries none")
    return _text(entry, "pseudonym", _PSEUDONYM, "32 hex digits").lower()
