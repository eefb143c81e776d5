"""Worlds stand side by side, each with the same addresses."""

from __future__ import annotations

from pathlib import Path

from tests.simulators.world import made_up_world


def test_two_worlds_know_nothing_of_each_other(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with made_up_world(folders[0]) as one, made_up_world(folders[1]) as other:
        assert one.workstation.resolve("one.example") == other.workstation.resolve("other.example")
        assert set(one.internet.seen("dns")) == {"one.example"}
        assert set(other.internet.seen("dns")) == {"other.example"}
