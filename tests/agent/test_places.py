"""Where data lie when nobody says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import places
from agent.places import default_data_folder


def test_the_systems_folder_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "DATA_FOLDER", tmp_path)

    assert default_data_folder({}) == tmp_path


def test_else_the_accounts_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "DATA_FOLDER", tmp_path / "gone" / "sluis-agent")

    state = {"XDG_STATE_HOME": str(tmp_path)}
    assert default_data_folder(state) == tmp_path / "sluis-agent"
