"""The data folder: one server at a time."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server.errors import CannotServe
from server.folder import DataFolder


def test_it_is_made_for_this_account_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "data"
    DataFolder(path).release()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_in_which_everybody_may_lay_keys_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(CannotServe, match=f"chmod o-w {tmp_path}"):
        DataFolder(tmp_path)


def test_one_server_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)
    for _ in range(2):
        with pytest.raises(CannotServe, match="in use by another server"):
            DataFolder(tmp_path)
    first.release()
    DataFolder(tmp_path).release()


def test_a_lock_that_was_left_by_a_kill_holds_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("999999\n")
    DataFolder(tmp_path).release()
