"""Files put in the place of others: all of them, or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.commands.exchanging import exchanged

ROOT = Path(__file__).parents[3]


def inside(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_put_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with exchanged(tmp_path, {"a": b"new", "b": b"more"}):
        assert (tmp_path / "a").read_bytes() == b"new"
    assert inside(tmp_path) == {"a": b"new", "b": b"more"}


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_where_the_body_fails_all_is_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").write_bytes(b"other")
    with pytest.raises(error), exchanged(tmp_path, {"a": b"new", "b": b"more"}):
        raise error
    assert inside(tmp_path) == {"a": b"old", "c": b"other"}


def test_where_one_cannot_be_put_none_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with (
        pytest.raises(OSError, match="No such file"),
        exchanged(tmp_path, {"a": b"new", "gone/b": b"more"}),
    ):
        pass
    assert inside(tmp_path) == {"a": b"old"}


def test_a_full_disk_destroys_nothing(tmp_path: Path) -> None:
    """A file may grow to ten bytes here, so the old one could not be written again either."""
    (tmp_path / "a").write_bytes(b"old" * 10)
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from server.commands.exchanging import exchanged\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "with exchanged(Path(sys.argv[1]), {'b': b'new', 'a': b'new' * 10}): pass"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-c", program, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "File too large" in told.stderr
    assert inside(tmp_path) == {"a": b"old" * 10}
