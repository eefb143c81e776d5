"""The stored list: kept whole, set aside when damaged, and time that never runs back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.in_force import Damaged, InForce, ListFile, VerifiedFiles
from blocklists.blocklist import BadBlocklist, pack
from tests.simulators.repository import blocklist

PUBLISHED = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def in_force(organisation: bytes = b"{}") -> InForce:
    files = VerifiedFiles(pack(blocklist(1, published=PUBLISHED)), organisation)
    return InForce.read(files)


def test_what_is_stored_is_read_again(tmp_path: Path) -> None:
    file = ListFile(tmp_path / "list")
    file.store(in_force())

    assert file.load() == in_force()


def test_nothing_stored_is_none(tmp_path: Path) -> None:
    assert ListFile(tmp_path / "list").load() is None


@pytest.mark.parametrize("keep", [0, 10, 200])
def test_a_damaged_file_is_set_aside_once(tmp_path: Path, keep: int) -> None:
    file = ListFile(tmp_path / "list")
    file.store(in_force())
    (tmp_path / "list").write_bytes((tmp_path / "list").read_bytes()[:keep])

    with pytest.raises(Damaged, match=r"list\.damaged"):
        file.load()

    assert (tmp_path / "list.damaged").exists()
    assert file.load() is None


def test_a_folder_in_its_place_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()

    with pytest.raises(Damaged, match=r"list\.damaged"):
        ListFile(tmp_path / "list").load()

    ListFile(tmp_path / "list").store(in_force())
    assert ListFile(tmp_path / "list").load() == in_force()


def test_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "list").symlink_to("list")

    with pytest.raises(Damaged, match="cannot be read"):
        ListFile(tmp_path / "list").load()


def test_a_clock_turned_back_stops_at_the_lists_own_time() -> None:
    assert in_force().effective_time(PUBLISHED - timedelta(days=400)) == PUBLISHED
    assert in_force().effective_time(PUBLISHED + timedelta(days=1)) == PUBLISHED + timedelta(days=1)


@pytest.mark.parametrize(
    ("organisation", "reports"),
    [
        (b"{}", False),
        (b'{"reporting_from": "2026-11-25T11:00:00Z"}', True),
        (b'{"reporting_from": "2027-01-01T00:00:00Z"}', False),
    ],
)
def test_nothing_is_reported_before_the_organisation_says_so(
    organisation: bytes, *, reports: bool
) -> None:
    assert in_force(organisation).reports(PUBLISHED) is reports


@pytest.mark.parametrize(
    "organisation",
    [b"<html>", b'{"a":' * 100_000, b'{"reporting_from": "2026-11-25T11:00:00"}'],
    ids=["no JSON", "deep", "a time of no zone"],
)
def test_an_organisation_that_cannot_be_read_is_refused(organisation: bytes) -> None:
    with pytest.raises(BadBlocklist, match=r"organisation\.json"):
        in_force(organisation)
