"""What is published at one moment, as it is served: names, bytes, and how long each may be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from tuf.api.metadata import Metadata, Targets

SIGNING_FILES = ("targets", "list", "officers")
"""The roles that sign files; snapshot names the version of each."""
LIST_PATH = "list/blocklist.json.gz"
ORGANISATION_PATH = "organisation.json"
OFFICERS_PATH = "officers/officers.json"

EARLIER = 40
"""So many files of earlier publications stay for endpoints that are on their way."""


@dataclass(frozen=True)
class SignedFile:
    """One signed metadata file."""

    role: str
    version: int
    expires: datetime
    data: bytes

    @property
    def name(self) -> str:
        """Its published name; timestamp alone has none that changes."""
        return "timestamp.json" if self.role == "timestamp" else f"{self.version}.{self.role}.json"


@dataclass(frozen=True)
class Change:
    """What one publication adds, in one transaction."""

    metadata: tuple[SignedFile, ...]
    targets: Mapping[str, bytes]
    """By published name, `targets/…`."""


@dataclass(frozen=True)
class ServedFile:
    """A file in memory, with its validator."""

    data: bytes
    etag: str
    immutable: bool


@dataclass(frozen=True)
class Publication:
    """The files in force. Never changed: a new one takes its place."""

    roots: tuple[SignedFile, ...]
    """From 1 on, each of them for ever: they lead an old endpoint to the newest."""
    current: Mapping[str, SignedFile]
    """The newest of every other role."""
    targets: Mapping[str, bytes]
    """The files that the current roles sign, by published name."""
    earlier: Mapping[str, bytes]

    def after(self, change: Change) -> Publication:
        """The publication that a change makes of this one."""
        new_roots = tuple(file for file in change.metadata if file.role == "root")
        current = {**self.current, **{f.role: f for f in change.metadata if f.role != "root"}}
        known = {**self.targets, **change.targets}
        targets = {name: known[name] for name in signed_names(current.values())}
        now = {*targets, *(file.name for file in current.values())}
        before = {**{f.name: f.data for f in self.current.values()}, **self.targets, **self.earlier}
        earlier = ((name, data) for name, data in before.items() if name not in now)
        return Publication(
            (*self.roots, *new_roots), current, targets, dict(islice(earlier, EARLIER))
        )

    @property
    def root(self) -> SignedFile:
        """The newest root."""
        return self.roots[-1]

    @property
    def pin(self) -> str:
        """How endpoints name the root that they start from: version and SHA-256."""
        return f"{self.root.version}:{hashlib.sha256(self.root.data).hexdigest()}"

    @cached_property
    def blocklist(self) -> bytes:
        """The gzipped list in force."""
        return self.targets[self._name_of("list", LIST_PATH)]

    @cached_property
    def blocklist_hash(self) -> str:
        """Hex SHA-256 of the gzipped list, by which endpoints say what they have."""
        return hashlib.sha256(self.blocklist).hexdigest()

    @cached_property
    def served(self) -> Mapping[str, ServedFile]:
        """Every file by its name under /repository/."""
        files = {**self.earlier, **{f.name: f.data for f in (*self.roots, *self.current.values())}}
        return {
            name: ServedFile(data, hashlib.sha256(data).hexdigest(), name != "timestamp.json")
            for name, data in {**files, **self.targets}.items()
        }

    def lacking(self, root: int, *, blocklist: bool) -> dict[str, bytes]:
        """The files for an endpoint that has this root, in the order in which it verifies them."""
        files = {file.name: file.data for file in self.roots if file.version > root}
        for role in ("timestamp", "snapshot", "targets", "officers", "list"):
            files[self.current[role].name] = self.current[role].data
        small = {n: d for n, d in self.targets.items() if blocklist or d is not self.blocklist}
        return {**files, **small}

    def _name_of(self, role: str, path: str) -> str:
        return dict(_paths(self.current[role]))[path]


def published_name(path: str, digest: str) -> str:
    """The name of a target in a repository with consistent snapshots (TUF specification 6.2)."""
    folder, slash, name = path.rpartition("/")
    return f"targets/{folder}{slash}{digest}.{name}"


def signed_names(files: Iterable[SignedFile]) -> list[str]:
    """Published names of all targets that these roles sign."""
    signing = [file for file in files if file.role in SIGNING_FILES]
    return [name for file in signing for _, name in _paths(file)]


def _paths(file: SignedFile) -> Iterable[tuple[str, str]]:
    """Path and published name of each target that a role signs."""
    for path, target in Metadata[Targets].from_bytes(file.data).signed.targets.items():
        yield path, published_name(path, target.hashes["sha256"])
