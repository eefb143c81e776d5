"""The data folder and the rights to it."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from agent.commands import folders
from agent.commands.answering import COULD_NOT, Stopped
from agent.commands.folders import make_data_folder, want_root


def test_everybody_may_pass_through_and_nobody_look_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "ACCOUNT", "nobody")
    folder = tmp_path / "some" / "data"

    make_data_folder(folder)

    assert folder.stat().st_mode & 0o777 == 0o711
    wanted = pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else os.getuid()
    assert folder.stat().st_uid == wanted


def test_a_missing_account_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "ACCOUNT", "no-such-account")

    with pytest.raises(Stopped, match="useradd --system no-such-account") as caught:
        make_data_folder(tmp_path)

    assert caught.value.code == COULD_NOT


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(Stopped, match="--data DIR"):
        make_data_folder(tmp_path / "data")


GIVES_UP = """
import os, sys
from pathlib import Path
from agent.commands.folders import become_owner
become_owner(Path(sys.argv[1]))
print(os.getresuid(), os.getresgid(), os.getgroups())
"""


def test_root_gives_its_rights_up_for_the_owners(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)

    told = subprocess.run(
        [sys.executable, "-c", GIVES_UP, tmp_path], check=True, capture_output=True, text=True
    )

    assert told.stdout == "(65534, 65534, 65534) (65534, 65534, 65534) []\n"


def test_others_are_told_to_be_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)

    with pytest.raises(Stopped, match="sluis-agent run wants root") as caught:
        want_root("run")

    assert caught.value.code == COULD_NOT
