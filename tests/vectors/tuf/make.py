"""Makes the vectors beside it with python-tuf: repositories, honest and attacked, step by step.

    python tests/vectors/tuf/make.py

A vector is {"about", "root": the pinned root, "steps": [{"now", "files", "want", "target"}]}. Every
step is one refresh with what the steps before left in the client's folder; its `files` are those
that changed since (null: gone). `want` is "ok" or the code of the refusal, `target` what
`list/blocklist.json.gz` then holds (null: no role speaks of it). What is valid ends in 2126 and
what has expired ended in 2020, so that a client that reads the real clock agrees; steps with
another `now` are marked "clock": true, and vectors in which python-tuf is laxer "stricter": true.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey
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
from tuf.api.serialization.json import JSONSerializer

LIST = "list/blocklist.json.gz"
VALID, ENDED = datetime(2126, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
NOW, LATER = "2026-11-25T12:00:00Z", "2127-01-01T00:00:00Z"
Vector = dict[str, Any]
Part = TypeVar("Part", Root, Timestamp, Snapshot, Targets)
ATTACKS: list[Callable[[], Vector]] = []


def signer(name: str) -> CryptoSigner:
    """An Ed25519 key that is the same in every run."""
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")))


class Repository:
    """A repository in memory with the roles of a trial; all may be changed and republished."""

    def __init__(self, **signers: CryptoSigner) -> None:
        """Each role has one key, its own; `signers` gives another."""
        roles = ("root", "timestamp", "snapshot", "targets", "list")
        self.signers = {role: [signers.get(role, signer(role))] for role in roles}
        self.files: dict[str, bytes] = {}
        self.root = Root(version=1, expires=VALID, consistent_snapshot=True)
        self.targets, self.list = Targets(expires=VALID), Targets(expires=VALID)
        self.snapshot, self.timestamp = Snapshot(expires=VALID), Timestamp(expires=VALID)
        self.list_role = DelegatedRole("list", [], 1, terminating=False, paths=["list/*"])
        self.targets.delegations = Delegations({}, {"list": self.list_role})
        for role in roles:
            self.key_of(role).add_key(self.signers[role][0].public_key, role)
        self.root_signers = list(self.signers["root"])
        self.sign("1.root.json", self.root, self.root_signers)
        self.publish_list("the first list")

    def key_of(self, role: str) -> Root | Targets:
        """Who names the keys of a role."""
        return self.targets if role == "list" else self.root

    def sign(self, name: str, signed: Part, signers: list[CryptoSigner]) -> bytes:
        """Sign and publish one file."""
        metadata: Metadata[Part] = Metadata(signed)
        for one in signers:
            metadata.sign(one, append=True)
        self.files[name] = metadata.to_bytes(JSONSerializer(compact=True, validate=False))
        return self.files[name]

    def publish_root(self, signers: list[CryptoSigner] | None = None) -> None:
        """The next root, signed by the keys before and its own unless told otherwise."""
        self.root.version += 1
        both = {one.public_key.keyid: one for one in self.root_signers + self.signers["root"]}
        self.sign(f"{self.root.version}.root.json", self.root, signers or list(both.values()))
        self.root_signers = list(self.signers["root"])

    def publish_list(self, text: str, version: int | None = None) -> None:
        """A new list, and all the roles above it."""
        target = TargetFile.from_data(LIST, text.encode(), ["sha256"])
        self.list.targets = {LIST: target}
        self.files[f"targets/list/{target.hashes['sha256']}.blocklist.json.gz"] = text.encode()
        if self.timestamp.version > 1 or "timestamp.json" in self.files:
            self.list.version = version or self.list.version + 1
        self.publish()

    def publish(self) -> None:
        """Sign targets and list as they are, with a new snapshot and timestamp."""
        for role, signed in (("targets", self.targets), ("list", self.list)):
            data = self.sign(f"{signed.version}.{role}.json", signed, self.signers[role])
            self.snapshot.meta[f"{role}.json"] = MetaFile.from_data(
                signed.version, data, ["sha256"]
            )
        if "timestamp.json" in self.files:
            self.snapshot.version += 1
            self.timestamp.version += 1
        self.publish_snapshot()

    def publish_snapshot(self) -> None:
        """Sign snapshot and timestamp as they are."""
        name = f"{self.snapshot.version}.snapshot.json"
        data = self.sign(name, self.snapshot, self.signers["snapshot"])
        self.timestamp.snapshot_meta = MetaFile.from_data(self.snapshot.version, data, ["sha256"])
        self.publish_timestamp()

    def publish_timestamp(self) -> None:
        """Sign the timestamp as it is."""
        self.sign("timestamp.json", self.timestamp, self.signers["timestamp"])

    def replace_key(self, role: str, new: CryptoSigner) -> None:
        """Give a role another key; publish afterwards."""
        self.key_of(role).revoke_key(self.signers[role][0].public_key.keyid, role)
        self.key_of(role).add_key(new.public_key, role)
        self.signers[role] = [new]


class Story:
    """Collects the steps of one vector."""

    def __init__(self, about: str, repository: Repository, **marks: bool) -> None:
        """Begin with the repository's first root as the pinned one."""
        self.repository = repository
        self.published: dict[str, str] = {}
        self.vector: Vector = {"about": about} | marks
        self.vector |= {"root": repository.files["1.root.json"].decode(), "steps": []}

    def then(self, want: str = "ok", target: str | None = None, now: str = NOW) -> Vector:
        """A refresh at this point."""
        now_there = {name: data.decode() for name, data in self.repository.files.items()}
        gone = dict.fromkeys(self.published.keys() - now_there.keys())
        new = {name: text for name, text in now_there.items() if text != self.published.get(name)}
        self.published = now_there
        step = {"now": now, "files": gone | new, "want": want, "target": target}
        self.vector["steps"].append(step | ({"clock": True} if now != NOW else {}))
        return self.vector


def attack(make: Callable[[], Vector]) -> Callable[[], Vector]:
    """Register a vector; its file has the function's name."""
    ATTACKS.append(make)
    return make


def begun(about: str, **marks: bool) -> tuple[Story, Repository]:
    """A story whose client already holds the first list."""
    repository = Repository()
    story = Story(about, repository, **marks)
    story.then(target="the first list")
    return story, repository


@attack
def new_list() -> Vector:
    story, repository = begun("A new list replaces the old one; versions may jump to Unix seconds.")
    repository.publish_list("the second list")
    story.then(target="the second list")
    repository.publish_list("the third list", version=1_764_082_456)
    return story.then(target="the third list")


@attack
def nothing_new() -> Vector:
    story, _ = begun("The same files again bring the same list.")
    return story.then(target="the first list")


@attack
def root_rotation() -> Vector:
    story, repository = begun("Two new roots with new keys are followed one by one.")
    for name in ("root second", "root third"):
        repository.replace_key("root", signer(name))
        repository.publish_root()
    repository.publish_list("the second list")
    return story.then(target="the second list")


@attack
def root_not_signed_by_the_keys_before() -> Vector:
    story, repository = begun("Who has only new keys makes no root.")
    repository.replace_key("root", signer("attacker"))
    repository.publish_root([signer("attacker")])
    return story.then("unsigned")


@attack
def root_not_signed_by_its_own_keys() -> Vector:
    story, repository = begun("A root that its own keys did not sign is none.")
    repository.replace_key("root", signer("root second"))
    repository.publish_root([signer("root")])
    return story.then("unsigned")


@attack
def root_of_the_same_version() -> Vector:
    story, repository = begun("The file 2.root.json holds version 1 again.")
    repository.files["2.root.json"] = repository.files["1.root.json"]
    return story.then("rollback")


@attack
def root_expired() -> Vector:
    story, repository = begun("The newest root has expired.")
    repository.root.expires = ENDED
    repository.publish_root()
    return story.then("expired")


@attack
def root_expired_between() -> Vector:
    story, repository = begun("An expired root on the way to a valid one does no harm.")
    repository.root.expires = ENDED
    repository.publish_root()
    repository.root.expires = VALID
    repository.publish_root()
    return story.then(target="the first list")


@attack
def timestamp_rollback() -> Vector:
    story, repository = begun("An older timestamp, rightly signed, is served again.")
    old = repository.files["timestamp.json"]
    repository.publish_list("the second list")
    story.then(target="the second list")
    repository.files["timestamp.json"] = old
    return story.then("rollback")


@attack
def timestamp_rollback_of_the_same_snapshot() -> Vector:
    story, repository = begun("An older timestamp is refused though it names what we have.")
    old = repository.files["timestamp.json"]
    repository.timestamp.version += 1
    repository.publish_timestamp()
    story.then(target="the first list")
    repository.files["timestamp.json"] = old
    return story.then("rollback")


@attack
def timestamp_names_an_older_snapshot() -> Vector:
    story, repository = begun("A newer timestamp names an older snapshot.")
    repository.publish_list("the second list")
    story.then(target="the second list")
    repository.timestamp.version += 1
    repository.timestamp.snapshot_meta.version = 1
    repository.publish_timestamp()
    return story.then("rollback")


@attack
def timestamp_expired() -> Vector:
    story, repository = begun("The newest timestamp has expired.")
    repository.timestamp.expires = ENDED
    repository.publish_list("the second list")
    return story.then("expired")


@attack
def frozen() -> Vector:
    story, _ = begun("The same timestamp for ever: seen once it has expired.")
    return story.then("expired", now=LATER)


@attack
def timestamp_tampered() -> Vector:
    story, repository = begun("One digit of the timestamp was changed on the way.")
    repository.publish_list("the second list")
    changed = repository.files["timestamp.json"].replace(b'"version":2', b'"version":9')
    repository.files["timestamp.json"] = changed
    return story.then("unsigned")


@attack
def timestamp_signed_by_another_role() -> Vector:
    story, repository = begun("The snapshot's key signs no timestamp.")
    repository.signers["timestamp"] = [signer("snapshot")]
    repository.publish_list("the second list")
    return story.then("unsigned")


@attack
def snapshot_tampered() -> Vector:
    story, repository = begun("The snapshot is not the one that the timestamp names.")
    repository.publish_list("the second list")
    changed = repository.files["2.snapshot.json"].replace(b"2126", b"2125")
    repository.files["2.snapshot.json"] = changed
    return story.then("mismatch")


@attack
def snapshot_without_a_role() -> Vector:
    story, repository = begun("A role that was in the snapshot may not vanish from it.")
    del repository.snapshot.meta["list.json"]
    repository.snapshot.version = repository.timestamp.version = 2
    repository.publish_snapshot()
    return story.then("missing")


@attack
def list_rollback() -> Vector:
    story, repository = begun("A newer snapshot names an older list.")
    repository.publish_list("the second list")
    story.then(target="the second list")
    repository.snapshot.meta["list.json"].version = 1
    repository.snapshot.version = repository.timestamp.version = 3
    repository.publish_snapshot()
    return story.then("rollback")


@attack
def list_of_another_version_than_signed() -> Vector:
    story, repository = begun("Mix and match: the list's metadata are another version's.")
    repository.publish_list("the second list")
    repository.files["2.list.json"] = repository.files["1.list.json"]
    return story.then("mismatch")


@attack
def list_of_another_version_where_no_hash_is_signed() -> Vector:
    story, repository = begun("A snapshot may leave out hashes: the version alone then tells.")
    repository.publish_list("the second list")
    repository.snapshot.meta["list.json"] = MetaFile(2)
    repository.snapshot.version = repository.timestamp.version = 3
    repository.publish_snapshot()
    repository.files["2.list.json"] = repository.files["1.list.json"]
    return story.then("rollback")


@attack
def list_signed_by_another_key() -> Vector:
    story, repository = begun("Who holds snapshot and timestamp cannot make a list.")
    repository.signers["list"] = [signer("attacker")]
    repository.publish_list("a forged list")
    return story.then("unsigned")


@attack
def list_tampered() -> Vector:
    story, repository = begun("The list's own bytes were changed; the length is the same.")
    repository.publish_list("the second list")
    name = next(name for name, data in repository.files.items() if data == b"the second list")
    repository.files[name] = b"the forged list"
    return story.then("mismatch")


@attack
def list_expired() -> Vector:
    story, repository = begun("The list's role has expired.")
    repository.list.expires = ENDED
    repository.publish_list("the second list")
    return story.then("expired")


@attack
def list_key_rotated() -> Vector:
    story, repository = begun("Targets gives the role list another key.")
    repository.replace_key("list", signer("list second"))
    repository.targets.version += 1
    repository.publish_list("the second list")
    return story.then(target="the second list")


@attack
def list_trusted_before_by_a_revoked_key() -> Vector:
    story, repository = begun("What was stored under a key that is revoked is not trusted again.")
    repository.replace_key("list", signer("list second"))
    repository.signers["list"] = [signer("list")]
    repository.targets.version += 1
    repository.publish()
    return story.then("unsigned")


@attack
def list_outside_its_paths() -> Vector:
    story, repository = begun("A role speaks only of the paths that were delegated to it.")
    repository.list_role.paths = ["other/*"]
    repository.targets.version += 1
    repository.publish()
    return story.then(target=None)


@attack
def recovery_from_a_version_too_high() -> Vector:
    story, repository = begun("After a new root renews the keys, lower versions are right again.")
    repository.snapshot.version = repository.timestamp.version = 2_000_000_000
    repository.publish_list("the second list")
    story.then(target="the second list")
    for role in ("timestamp", "snapshot"):
        repository.replace_key(role, signer(f"{role} second"))
    repository.publish_root()
    repository.snapshot.version = repository.timestamp.version = 5
    repository.publish_list("the third list")
    return story.then(target="the third list")


@attack
def threshold_not_met() -> Vector:
    story, repository = begun("Two keys must sign the list, and one did.")
    repository.key_of("list").add_key(signer("list second").public_key, "list")
    repository.list_role.threshold = 2
    repository.targets.version += 1
    repository.publish_list("the second list")
    story.then("unsigned")
    repository.signers["list"].append(signer("list second"))
    repository.publish_list("the third list")
    return story.then(target="the third list")


@attack
def threshold_met_by_one_key_under_two_ids() -> Vector:
    story, repository = begun("One key with two ids counts once.", stricter=True)
    twin = copy.copy(signer("list"))
    key = twin.public_key
    other = SSlibKey.from_dict("another-id", key.to_dict())
    twin._public_key = other  # noqa: SLF001 - an attacker is not bound by the interface
    repository.key_of("list").add_key(other, "list")
    repository.list_role.threshold = 2
    repository.signers["list"].append(twin)
    repository.targets.version += 1
    repository.publish_list("the second list")
    return story.then("unsigned")


@attack
def hardware_keys() -> Vector:
    """Such as those of smart cards."""
    p256, p384 = (CryptoSigner(generate_private_key(curve())) for curve in (SECP256R1, SECP384R1))
    repository = Repository(root=p384, targets=p256)
    story = Story("ECDSA on P-384 signs root, on P-256 targets.", repository)
    return story.then(target="the first list")


@attack
def unknown_fields() -> Vector:
    story, repository = begun("Fields of a later version are signed too; canonical JSON is exact.")
    repository.list.unrecognized_fields = {
        "x-é": 'a "quoted" \\ word\n\twith tab',
        "x-￿": None,
        "x-😀": [True, -1, {"b": 1, "a": {}}],
    }
    repository.publish_list("the second list")
    return story.then(target="the second list")


@attack
def another_major_version() -> Vector:
    story, repository = begun("A specification that is not known is not followed.")
    repository.timestamp.spec_version = "2.0.0"
    repository.publish_list("the second list")
    return story.then("format")


@attack
def not_json() -> Vector:
    story, repository = begun("A captive portal answers every question with its page.")
    repository.files["timestamp.json"] = b"<!doctype html><title>Sign in</title>"
    return story.then("format")


@attack
def snapshot_in_place_of_a_timestamp() -> Vector:
    story, repository = begun("One role's file in another's place.")
    repository.files["timestamp.json"] = repository.files["1.snapshot.json"]
    return story.then("format")


@attack
def server_lost_a_file() -> Vector:
    story, repository = begun("A file that is named and not there: nothing is replaced.")
    repository.publish_list("the second list")
    del repository.files["2.list.json"]
    return story.then("unreachable")


def main() -> None:
    """Write one file a vector."""
    folder = Path(__file__).parent
    for make in ATTACKS:
        text = json.dumps(make(), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{make.__name__}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
