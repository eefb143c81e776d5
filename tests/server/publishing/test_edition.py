"""Editions: versions, lives, and which signatures follow from which change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets

from server.publishing.edition import LIVES, Edition
from server.publishing.files import LIST_PATH, OFFICERS_PATH, ORGANISATION_PATH, Publication
from server.publishing.keys import ROLES, Keys, load_keys

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
UNIX = int(NOW.timestamp())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(tmp_path_factory.mktemp("data") / "keys", make=True)


@pytest.fixture
def first(keys: Keys) -> Publication:
    edition = Edition(keys, NOW)
    edition.put("targets", {ORGANISATION_PATH: b"organisation"})
    edition.put("officers", {OFFICERS_PATH: b"officers"})
    edition.put("list", {LIST_PATH: b"list 1"})
    return Publication((), {}, {}, {}).after(edition.close())


def versions(publication: Publication) -> dict[str, int]:
    files = {"root": publication.root, **publication.current}
    return {role: file.version for role, file in files.items()}


def test_the_first_edition_signs_every_role(first: Publication) -> None:
    assert versions(first) == {role: 1 if role == "root" else UNIX for role in ROLES}
    assert first.blocklist == b"list 1"


def test_each_role_is_verified_by_who_delegates_to_it(first: Publication) -> None:
    root = Metadata[Root].from_bytes(first.root.data)
    root.verify_delegate("root", root)
    for role in ("timestamp", "snapshot", "targets"):
        root.verify_delegate(role, Metadata.from_bytes(first.current[role].data))
    targets = Metadata[Targets].from_bytes(first.current["targets"].data)
    for role in ("list", "officers"):
        targets.verify_delegate(role, Metadata.from_bytes(first.current[role].data))
    with pytest.raises(UnsignedMetadataError):
        targets.verify_delegate("list", Metadata.from_bytes(first.current["officers"].data))


def test_every_role_has_a_key_of_its_own(keys: Keys, first: Publication) -> None:
    ids = {signer.public_key.keyid for signer in keys.signers.values()}
    assert len(ids) == len(ROLES)
    assert Metadata[Root].from_bytes(first.root.data).signed.consistent_snapshot


def test_the_delegations_own_their_folders_and_no_more(first: Publication) -> None:
    delegations = Metadata[Targets].from_bytes(first.current["targets"].data).signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    paths = {name: (role.paths, role.terminating) for name, role in delegations.roles.items()}
    assert paths == {"list": (["list/*"], True), "officers": (["officers/*"], True)}


def test_a_new_list_takes_snapshot_and_timestamp_along(keys: Keys, first: Publication) -> None:
    edition = Edition(keys, NOW + timedelta(seconds=10), first)
    edition.put("list", {LIST_PATH: b"list 2"})
    change = edition.close()
    assert [file.role for file in change.metadata] == ["list", "snapshot", "timestamp"]
    second = first.after(change)
    snapshot = Metadata[Snapshot].from_bytes(second.current["snapshot"].data).signed
    named = {name: meta.version for name, meta in snapshot.meta.items()}
    assert named == {"list.json": UNIX + 10, "targets.json": UNIX, "officers.json": UNIX}
    assert second.blocklist == b"list 2"


def test_versions_rise_within_a_second_and_when_the_clock_went_back(
    keys: Keys, first: Publication
) -> None:
    for now in (NOW, NOW - timedelta(days=300)):
        edition = Edition(keys, now, first)
        edition.put("list", {LIST_PATH: b"list 2"})
        assert versions(first.after(edition.close()))["list"] == UNIX + 1


def test_a_server_put_back_from_a_copy_is_above_what_it_published(
    keys: Keys, first: Publication
) -> None:
    lost = Edition(keys, NOW + timedelta(hours=1), first)
    lost.put("list", {LIST_PATH: b"lost"})
    published = versions(first.after(lost.close()))
    restored = Edition(keys, NOW + timedelta(hours=2), first)
    restored.put("list", {LIST_PATH: b"after"})
    after = versions(first.after(restored.close()))
    assert all(after[role] > published[role] for role in ("list", "snapshot", "timestamp"))


@pytest.mark.parametrize(
    ("days", "renewed"),
    [
        (0.5, set()),
        (1.1, {"timestamp", "snapshot"}),
        (306, set(ROLES)),
    ],
)
def test_what_is_near_its_end_is_renewed_with_a_new_life(
    keys: Keys, first: Publication, days: float, renewed: set[str]
) -> None:
    later = NOW + timedelta(days=days)
    edition = Edition(keys, later, first)
    assert edition.renew_due() is bool(renewed)
    if not renewed:
        return
    change = edition.close()
    assert {file.role for file in change.metadata} == renewed
    assert all(file.expires == later + LIVES[file.role].length for file in change.metadata)
    second = first.after(change)
    assert second.targets == first.targets
    if "root" in renewed:
        Metadata[Root].from_bytes(first.root.data).verify_delegate(
            "root", Metadata.from_bytes(second.root.data)
        )
        assert [root.version for root in second.roots] == [1, 2]
