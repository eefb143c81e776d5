"""What a machine sees of the host's folders, and that the host keeps them as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.machine import ROOT, Machine
from tests.simulators.namespaces import interpreter, sights


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that only its owner may enter, not under /tmp, which is a fresh one inside."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        home = Path(folder)
        (home / "secret").write_text("secret")
        (home / "shown").mkdir()
        (home / "shown" / "file").write_text("shown")
        yield home


def test_a_closed_folder_shows_only_what_is_meant(home: Path, tmp_path: Path) -> None:
    with Machine("machine", tmp_path, ROOT, *sights([], [home / "shown"])) as machine:
        assert machine.run(["cat", home / "shown" / "file"], user="staff") == "shown"
        assert machine.run(["ls", home], user="staff").split() == ["shown"]
        assert not machine.succeeds(["touch", home / "shown" / "file"])

    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secret").read_text() == "secret"


def test_a_writable_folder_may_lie_in_a_readable_one(home: Path, tmp_path: Path) -> None:
    (home / "shown" / "logs").mkdir()
    seen = sights([home / "shown" / "logs"], [home / "shown"])
    with Machine("machine", tmp_path, ROOT, *seen) as machine:
        machine.write(home / "shown" / "logs" / "log", "written")
        assert not machine.succeeds(["touch", home / "shown" / "file"])

    assert (home / "shown" / "logs" / "log").read_text() == "written"


def test_what_is_written_elsewhere_stays_inside(home: Path, tmp_path: Path) -> None:
    with Machine("machine", tmp_path, ROOT) as machine:
        machine.write("/etc/made-inside", "x")
        machine.write(home / "made-inside", "x")
        assert machine.succeeds(["test", "-s", "/etc/made-inside"])

    assert not Path("/etc/made-inside").exists()
    assert not (home / "made-inside").exists()


def test_code_that_people_may_not_read_is_said_in_a_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.prefix", str(home))

    with pytest.raises(PermissionError, match=f"{home}: .*chmod"):
        interpreter()
