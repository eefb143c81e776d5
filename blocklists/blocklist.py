"""The blocklist: a policy compiled against the catalogue, as endpoints enforce it.

The form (format 1) stands in FORMAT.md. Rules kept here:
 * Its bytes are canonical: keys sorted, no spaces, UTF-8, a newline at the end, gzip without a
   date; the same list is the same bytes.
 * What is read is checked whole before it is a Blocklist: names in normal form, every decision and
   service that an entry names is there. Fields that a later format adds are passed over.
"""

from __future__ import annotations

import gzip
import zlib
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from blocklists.hosts import BadHost, Host, parents, parse_host

FORMAT = 1
MAX_BYTES = 8 * 1024 * 1024
"""A list unpacked is at most this long: 30 times the list of 3,000 services."""

Words = dict[str, str]
"""A sentence by language: {"nl": …, "en": …}."""


class BadBlocklist(ValueError):
    """Bytes that are no blocklist; the message says what and where."""


class Verdict(StrEnum):
    """What becomes of an attempt."""

    ALLOW = "allow"
    OBSERVE = "observe"
    WARN = "warn"
    BLOCK = "block"

    @property
    def strictness(self) -> int:
        """0 for allow up to 3 for block."""
        return list(Verdict).index(self)


class Why(StrEnum):
    """Why a notice stands there: each code has its text."""

    AGREEMENT = "agreement"
    BAN = "ban"
    ADVISED_BAN = "advised-ban"
    TRAINING = "training"
    WORKSPACE = "workspace"
    WITHDRAWN = "withdrawn"
    EMERGENCY = "emergency"


class ListedService(msgspec.Struct, frozen=True, omit_defaults=True):
    """What endpoints need to know of a service."""

    name: str
    category: str
    reach: Literal["head", "known", "tail"] = "tail"
    """How widely it is known: what has room for few names holds the best known first."""


class Ruled(
    msgspec.Struct, frozen=True, omit_defaults=True, rename={"start": "from", "end": "until"}
):
    """One decision of the policy, with the time in which it holds."""

    verdict: Verdict
    why: Why | None = None
    start: datetime | None = None
    """Holds from this instant on; None is always."""
    end: datetime | None = None
    """Holds until this instant, not at it; None is without end."""
    decider: Words = {}
    reason: Words = {}

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at this instant."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One host, or path of a host, of one service, and the decisions that concern it."""

    kind: Literal["suffix", "exact", "path"]
    value: str
    service: str
    decisions: tuple[str, ...]
    """Ids of decisions, tried in this order: the first that holds decides, none is allow."""
    leaf: bool = False
    """An exact host that has no sub-domains, so that DNS may hold it."""

    @property
    def host(self) -> Host:
        """The host part."""
        return Host(self.value.partition("/")[0])

    @property
    def path(self) -> str:
        """The path prefix of a path entry, with its slash; else empty."""
        _, slash, path = self.value.partition("/")
        return slash + path

    def __str__(self) -> str:
        """As people write it: `suffix chatgpt.com`."""
        return f"{self.kind} {self.value}"


class Named(NamedTuple):
    """What a list says at one name."""

    never: bool
    """It, or a name above it, is never blocked."""
    paths: tuple[Entry, ...]
    exacts: tuple[Entry, ...]
    suffixes: tuple[Entry, ...]


class Alternative(msgspec.Struct, frozen=True, omit_defaults=True, rename={"categories": "for"}):
    """What staff may use instead, offered while its address is open.

    Of a service, only while a decision allows it: what nobody decided on is not approved.
    """

    id: str
    name: str
    url: str
    country: str
    european: bool = False
    use: Words = {}
    categories: tuple[str, ...] = ()
    """Categories of services that it replaces; none is all."""
    service: str = ""
    """The service of the catalogue that it is; empty for the organisation's own."""


class Blocklist(msgspec.Struct, frozen=True, dict=True, omit_defaults=True):
    """What one organisation's endpoints enforce, at one version."""

    format: int
    organisation: str
    version: int
    published: datetime
    time_zone: str
    services: dict[str, ListedService]
    decisions: dict[str, Ruled]
    entries: tuple[Entry, ...]
    never: tuple[Host, ...] = ()
    """These names and all below them are never blocked."""
    alternatives: tuple[Alternative, ...] = ()
    contact: Words = {}
    links: dict[str, str] = {}
    texts: Words = {}
    """A sentence of the organisation under the reason of each notice."""
    trial: bool = False

    @classmethod
    def parse(cls, data: bytes) -> Blocklist:
        """Read the JSON of a list. Raises BadBlocklist."""
        try:
            blocklist = msgspec.json.decode(data, type=cls)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            raise BadBlocklist(f"not a blocklist: {error}") from error
        blocklist.check()
        return blocklist

    def dump(self) -> bytes:
        """Give the canonical JSON."""
        return msgspec.json.encode(self, order="sorted") + b"\n"

    @cached_property
    def by_name(self) -> dict[str, Named]:
        """What is said at each name that an entry or the never block set has."""
        found: dict[str, list[Entry]] = {name: [] for name in self.never}
        for entry in self.entries:
            found.setdefault(entry.host, []).append(entry)
        return {
            name: Named(
                never=not self.never_set.isdisjoint(parents(Host(name))),
                paths=tuple(entry for entry in entries if entry.kind == "path"),
                exacts=tuple(entry for entry in entries if entry.kind == "exact"),
                suffixes=tuple(entry for entry in entries if entry.kind == "suffix"),
            )
            for name, entries in found.items()
        }

    @cached_property
    def never_set(self) -> frozenset[Host]:
        """The never block set, for look-ups."""
        return frozenset(self.never)

    def check(self) -> None:
        """Raise BadBlocklist where parts do not fit together."""
        if self.format != FORMAT:
            raise BadBlocklist(f"format {self.format} is not known here; this reads {FORMAT}")
        if self.published.tzinfo is None:
            raise BadBlocklist("published: a time with its offset is wanted")
        for name, ruled in self.decisions.items():
            for time in (ruled.start, ruled.end):
                if time is not None and time.tzinfo is None:
                    raise BadBlocklist(f"decision {name!r}: a time with its offset is wanted")
        for host in self.never:
            _normal(host, "never")
        for entry in self.entries:
            self._check_entry(entry)

    def _check_entry(self, entry: Entry) -> None:
        _normal(entry.host, str(entry))
        if (entry.kind == "path") != (len(entry.path) > 1):
            raise BadBlocklist(f"entry {entry}: a path stands in path entries, and only there")
        if entry.service not in self.services:
            raise BadBlocklist(f"entry {entry}: service {entry.service!r} is not in the list")
        for decision in entry.decisions:
            if decision not in self.decisions:
                raise BadBlocklist(f"entry {entry}: decision {decision!r} is not in the list")


def pack(blocklist: Blocklist) -> bytes:
    """The file that is signed: canonical JSON, gzipped; the same list gives the same bytes."""
    return gzip.compress(blocklist.dump(), mtime=0)


def unpack(data: bytes) -> Blocklist:
    """Read a gzipped list of at most MAX_BYTES. Raises BadBlocklist."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadBlocklist(f"not gzip: {error}") from error
    if len(plain) > MAX_BYTES:
        raise BadBlocklist(f"larger than {MAX_BYTES} bytes")
    if not unpacker.eof:
        raise BadBlocklist("the gzip data end too early")
    return Blocklist.parse(plain)


def _normal(host: Host, where: str) -> None:
    try:
        normal = parse_host(host)
    except BadHost as error:
        raise BadBlocklist(f"{where}: {error}") from error
    if normal != host:
        raise BadBlocklist(f"{where}: {host!r} is not in normal form")
