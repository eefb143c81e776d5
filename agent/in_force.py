"""The list in force on this workstation: read at each start, replaced only by a verified one.

Rules kept here:
 * What lies on the disk is enforced as it is, whatever the network, the clock or a signature's end
   says; only files that were verified together replace it, in one rename.
 * A damaged file is set aside with words and counts as none.
 * Time never runs back: the effective time is at least the list's own `published`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from agent import durable
from blocklists.blocklist import BadBlocklist, Blocklist, unpack
from blocklists.protocol import bundle

LIST_TARGET = "list/blocklist.json.gz"
"""The list's path among the targets of the repository."""
ORGANISATION_TARGET = "organisation.json"


class ListState(StrEnum):
    """How the list in force stands to what the server publishes."""

    WAITING = "waiting"
    """There is none yet: nothing is enforced."""
    FRESH = "fresh"
    STALE = "stale"
    """The server could not be reached."""
    FROZEN = "frozen"
    """What the server publishes has expired."""
    REFUSED = "refused"
    """What the server publishes is not signed by those whom we trust, or older than ours."""


class Organisation(msgspec.Struct, frozen=True):
    """What the role targets signs about the organisation, as far as an agent needs it."""

    reporting_from: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """Nothing is spooled or sent before this instant; None is never."""


@dataclass(frozen=True)
class VerifiedFiles:
    """The two files of the repository that an agent needs, verified together."""

    blocklist: bytes
    """Gzipped, as published."""
    organisation: bytes


@dataclass(frozen=True)
class InForce:
    """A list that may be enforced, with what goes with it."""

    blocklist: Blocklist
    organisation: Organisation
    files: VerifiedFiles

    @classmethod
    def read(cls, files: VerifiedFiles) -> InForce:
        """Parse verified files. Raises BadBlocklist where they are signed and cannot be used."""
        try:
            organisation = msgspec.json.decode(files.organisation, type=Organisation)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadBlocklist(f"{ORGANISATION_TARGET}: {error}") from error
        return cls(unpack(files.blocklist), organisation, files)

    @cached_property
    def sha256(self) -> str:
        """The hash of the list's file, as the long poll names it."""
        return hashlib.sha256(self.files.blocklist).hexdigest()

    def effective_time(self, clock: datetime) -> datetime:
        """The clock, but never before the list was published: turned back, it revives nothing."""
        return max(clock, self.blocklist.published)

    def reports(self, clock: datetime) -> bool:
        """Whether violations may be spooled and sent."""
        start = self.organisation.reporting_from
        return start is not None and start <= self.effective_time(clock)


class Damaged(Exception):
    """The stored list cannot be read; the message says where it was set aside."""


class ListFile:
    """The one file in which the list in force lies, with the organisation's file beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> InForce | None:
        """Read what is stored; None where there is none. Raises Damaged, once."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except IsADirectoryError as error:
            raise self._damaged(str(error.strerror)) from error
        except OSError as error:
            raise Damaged(
                f"{self._path} cannot be read ({error.strerror}): the list is fetched again"
            ) from error
        try:
            files = bundle.unpack(data)
            return InForce.read(VerifiedFiles(files[LIST_TARGET], files[ORGANISATION_TARGET]))
        except (bundle.BadBundle, BadBlocklist, KeyError) as error:
            raise self._damaged(str(error)) from error

    def store(self, in_force: InForce) -> None:
        """Replace what is stored, whole or not at all."""
        files = in_force.files
        durable.replace(
            self._path,
            bundle.pack({LIST_TARGET: files.blocklist, ORGANISATION_TARGET: files.organisation}),
        )

    def _damaged(self, fault: str) -> Damaged:
        aside = durable.set_aside(self._path)
        return Damaged(
            f"{self._path} was damaged ({fault}): it now lies in {aside.name}, and the list is "
            "fetched again"
        )
