"""Files are written whole or not at all, and damaged ones are kept to be looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import durable


def test_a_file_is_replaced_whole_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"old and long", b"new"):
        durable.replace(path, data)

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    durable.replace(path, b"old")
    (tmp_path / ".file.new").mkdir()

    with pytest.raises(IsADirectoryError):
        durable.replace(path, b"new")

    assert path.read_bytes() == b"old"


def test_a_damaged_file_or_folder_is_set_aside_over_an_earlier_one(tmp_path: Path) -> None:
    for content in (b"first", None, b"third"):
        path = tmp_path / "thing"
        if content is None:
            path.mkdir()
            (path / "inside").touch()
        else:
            path.write_bytes(content)
        durable.set_aside(path)

    assert [each.name for each in tmp_path.iterdir()] == ["thing.damaged"]
    assert (tmp_path / "thing.damaged").read_bytes() == b"third"


def test_nothing_to_set_aside_is_no_fault(tmp_path: Path) -> None:
    durable.set_aside(tmp_path / "thing")

    assert list(tmp_path.iterdir()) == []
