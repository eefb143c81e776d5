"""One edition of the repository in the making: what changes, and the signatures that follow.

Rules kept here:
 * A new version is the last one plus one, or the Unix time if that is more, so that a server that
   was put back from a copy is above what it published before; root alone counts by one.
 * Each role has a life and is signed again before its end; timestamp and snapshot each day.
 * A role that signs files takes snapshot along, and snapshot takes timestamp along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from server.publishing.files import (
    SIGNING_FILES,
    Change,
    Publication,
    SignedFile,
    published_name,
)
from server.publishing.keys import ROLES, Keys

Signed = Root | Targets | Snapshot | Timestamp

DELEGATED = {"list": "list/*", "officers": "officers/*"}
"""The roles to which targets gives a part of the names, and that part."""


@dataclass(frozen=True)
class Life:
    """How long a signature holds, and with how much of it left it is made anew."""

    length: timedelta
    renew: timedelta


_YEAR = Life(timedelta(days=365), timedelta(days=60))
LIVES = {
    "root": _YEAR,
    "targets": _YEAR,
    "list": _YEAR,
    "officers": _YEAR,
    "snapshot": Life(timedelta(days=30), timedelta(days=29)),
    "timestamp": Life(timedelta(days=7), timedelta(days=6)),
}


class Edition:
    """Changes to the repository that go out together."""

    def __init__(self, keys: Keys, now: datetime, present: Publication | None = None) -> None:
        """Begin from what is published, or from nothing: then every role is new."""
        self._keys = keys
        self._now = now
        self._signed = _blank(keys) if present is None else _parse(present)
        self._touched: set[str] = set() if present is not None else set(ROLES)
        self._files: dict[str, bytes] = {}

    def put(self, role: str, files: Mapping[str, bytes]) -> None:
        """Let a role sign these files, by path, instead of those that it signs now."""
        targets = self._signed[role]
        if not isinstance(targets, Targets):
            raise TypeError(f"the role {role} signs no files")
        targets.targets = {}
        for path, data in files.items():
            targets.targets[path] = TargetFile.from_data(path, data, ["sha256"])
            self._files[published_name(path, hashlib.sha256(data).hexdigest())] = data
        self._touched.add(role)

    def renew(self, role: str) -> None:
        """Sign a role anew as it is, with a new life."""
        self._touched.add(role)

    def renew_due(self) -> bool:
        """Renew every role whose life is near its end; says whether there was one."""
        for role, signed in self._signed.items():
            if signed.expires - self._now < LIVES[role].renew:
                self.renew(role)
        return bool(self._touched)

    def version(self, role: str) -> int:
        """The version that a role gets when it is signed in this edition."""
        last = self._signed[role].version
        return last + 1 if role == "root" else max(last + 1, int(self._now.timestamp()))

    def close(self) -> Change:
        """Sign what changed, each role after those that it names."""
        versions = {role: signed.version for role, signed in self._signed.items()}
        versions |= {role: self.version(role) for role in self._touched}
        if self._touched.intersection(SIGNING_FILES):
            self._touched.add("snapshot")
        if "snapshot" in self._touched:
            self._touched.add("timestamp")
            versions["snapshot"] = self.version("snapshot")
        for signed in self._signed.values():
            if isinstance(signed, Snapshot):
                signed.meta = {f"{name}.json": MetaFile(versions[name]) for name in SIGNING_FILES}
            elif isinstance(signed, Timestamp):
                signed.snapshot_meta = MetaFile(versions["snapshot"])
        ordered = [role for role in ROLES if role in self._touched]
        return Change(tuple(self._sign(role) for role in ordered), self._files)

    def _sign(self, role: str) -> SignedFile:
        signed = self._signed[role]
        signed.version = self.version(role)
        signed.expires = (self._now + LIVES[role].length).replace(microsecond=0)
        metadata: Metadata[Any] = Metadata(signed)
        metadata.sign(self._keys.signers[role])
        data = metadata.to_bytes(JSONSerializer(compact=True))
        return SignedFile(role, signed.version, signed.expires, data)


def _parse(present: Publication) -> dict[str, Signed]:
    files = {"root": present.root, **present.current}
    return {role: Metadata.from_bytes(file.data).signed for role, file in files.items()}


def _blank(keys: Keys) -> dict[str, Signed]:
    """Every role before its first version, with one key each (a trial has no thresholds)."""
    public = {role: signer.public_key for role, signer in keys.signers.items()}
    top = [role for role in ROLES if role not in DELEGATED]
    below = {
        role: DelegatedRole(role, [public[role].keyid], 1, terminating=True, paths=[pattern])
        for role, pattern in DELEGATED.items()
    }
    blank: dict[str, Signed] = {
        "root": Root(
            keys={public[role].keyid: public[role] for role in top},
            roles={role: Role([public[role].keyid], 1) for role in top},
            consistent_snapshot=True,
        ),
        "targets": Targets(
            delegations=Delegations({public[r].keyid: public[r] for r in below}, below)
        ),
        "list": Targets(),
        "officers": Targets(),
        "snapshot": Snapshot(),
        "timestamp": Timestamp(),
    }
    for signed in blank.values():
        signed.version = 0
    return blank
