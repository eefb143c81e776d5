"""An organisation's repository in memory, signed with real keys by the TUF library itself.

repository = Repository(now)
repository.publish(blocklist(1), now)
repository.files["timestamp.json"]      # as it stands under /repository/
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from blocklists.blocklist import Blocklist, Entry, ListedService, Ruled, Verdict, Why, pack

ENDS = {
    "root": timedelta(days=365),
    "targets": timedelta(days=365),
    "list": timedelta(days=365),
    "officers": timedelta(days=365),
    "snapshot": timedelta(days=30),
    "timestamp": timedelta(days=7),
}


def blocklist(version: int, *hosts: str, published: datetime | None = None) -> Blocklist:
    """A list that blocks these hosts, with all below them; chatgpt.com when none is named."""
    entries = tuple(
        Entry("suffix", host, "chatgpt", ("category assistant",))
        for host in sorted(hosts or ("chatgpt.com",))
    )
    return Blocklist(
        format=1,
        organisation="Gemeente Voorbeeld",
        version=version,
        published=published or datetime.fromtimestamp(1_790_000_000 + version, UTC),
        time_zone="Europe/Amsterdam",
        services={"chatgpt": ListedService("ChatGPT", "assistant")},
        decisions={"category assistant": Ruled(Verdict.BLOCK, Why.AGREEMENT)},
        entries=entries,
        trial=True,
    )


class Repository:
    """Publishes lists; `files` is what a web server would hold, by published name."""

    def __init__(self, now: datetime, *, root_version: int = 1) -> None:
        """Make all keys and root N; nothing else is published yet."""
        self.files: dict[str, bytes] = {}
        self._versions = dict.fromkeys(ENDS, 0) | {"root": root_version - 1}
        self._signers = {role: CryptoSigner.generate_ed25519() for role in ENDS}
        self.rotate(now, set())
        self.organisation: dict[str, Any] = {"reporting_from": "2026-01-01T00:00:00Z"}

    @property
    def root_version(self) -> int:
        """N of the newest root."""
        return self._versions["root"]

    @property
    def pin(self) -> str:
        """The setting `pin` for the newest root."""
        root = self.files[f"{self.root_version}.root.json"]
        return f"{self.root_version}:{hashlib.sha256(root).hexdigest()}"

    def rotate(self, now: datetime, roles: set[str]) -> None:
        """Publish a new root in which these roles have new keys."""
        before = self._signers["root"]
        for role in roles:
            self._signers[role] = CryptoSigner.generate_ed25519()
        root = Root(self._next("root"), expires=now + ENDS["root"], consistent_snapshot=True)
        for role in ("root", "targets", "snapshot", "timestamp"):
            root.add_key(self._signers[role].public_key, role)
        metadata = Metadata(root)
        metadata.sign(self._signers["root"])
        if root.version > 1 and before is not self._signers["root"]:
            metadata.sign(before, append=True)
        self.files[f"{root.version}.root.json"] = metadata.to_bytes()

    def publish(self, new: Blocklist, now: datetime) -> None:
        """Sign a list and all that leads to it."""
        self.publish_bytes(pack(new), now)

    def publish_bytes(self, list_file: bytes, now: datetime) -> None:
        """Sign any bytes as the list."""
        officers = self._delegated("officers", "officers/officers.json", b"[]\n", now)
        listed = self._delegated("list", "list/blocklist.json.gz", list_file, now)
        targets = Targets(self._next("targets"), expires=now + ENDS["targets"])
        organisation = json.dumps(self.organisation).encode()
        targets.targets["organisation.json"] = self._target("organisation.json", organisation)
        targets.delegations = Delegations({}, {})
        for role in ("list", "officers"):
            targets.delegations.roles = (targets.delegations.roles or {}) | {
                role: DelegatedRole(role, [], 1, terminating=True, paths=[f"{role}/*"])
            }
            targets.add_key(self._signers[role].public_key, role)
        self._sign("targets", targets)
        snapshot = Snapshot(self._next("snapshot"), expires=now + ENDS["snapshot"])
        for role, metadata in (("targets", targets), ("list", listed), ("officers", officers)):
            snapshot.meta[f"{role}.json"] = MetaFile(metadata.version)
        self._sign("snapshot", snapshot)
        self.renew(now)

    def renew(self, now: datetime) -> None:
        """Sign a new timestamp alone."""
        timestamp = Timestamp(self._next("timestamp"), expires=now + ENDS["timestamp"])
        timestamp.snapshot_meta = MetaFile(self._versions["snapshot"])
        metadata = Metadata(timestamp)
        metadata.sign(self._signers["timestamp"])
        self.files["timestamp.json"] = metadata.to_bytes()

    def tamper(self, *beginnings: str) -> None:
        """Change one byte in the middle of every file whose name begins so."""
        for name, data in self.files.items():
            if name.startswith(beginnings):
                middle = len(data) // 2
                changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
                self.files[name] = changed

    def lay(self, folder: Path) -> None:
        """Write all files under their published names, as `first/` holds them."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _delegated(self, role: str, path: str, data: bytes, now: datetime) -> Targets:
        targets = Targets(self._next(role), expires=now + ENDS[role])
        targets.targets[path] = self._target(path, data)
        self._sign(role, targets)
        return targets

    def _target(self, path: str, data: bytes) -> TargetFile:
        target = TargetFile.from_data(path, data, ["sha256"])
        folder, slash, name = path.rpartition("/")
        published = f"targets/{folder}{slash}{target.hashes['sha256']}.{name}"
        self.files[published] = data
        return target

    def _sign(self, role: str, signed: Targets | Snapshot) -> None:
        metadata: Metadata[Any] = Metadata(signed)
        metadata.sign(self._signers[role])
        self.files[f"{signed.version}.{role}.json"] = metadata.to_bytes()

    def _next(self, role: str) -> int:
        self._versions[role] += 1
        return self._versions[role]
