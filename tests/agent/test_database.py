"""One SQLite file of the agent: what was committed stays, what is damaged is set aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.database import CannotStore, Database

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (text TEXT) STRICT;"


def opened(path: Path, max_bytes: int = 1_000_000) -> Database:
    return Database(path, SCHEMA, max_bytes=max_bytes)


def add(text: str) -> Callable[[sqlite3.Connection], None]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO notes VALUES (?)", (text,))

    return work


def texts(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT text FROM notes")]


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scribble(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096))


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_what_is_committed_is_there_at_the_next_start(tmp_path: Path) -> None:
    opened(tmp_path / "db").run(add("one"))

    assert opened(tmp_path / "db").run(texts) == ["one"]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    opened(tmp_path / "db").run(add("one"))

    assert (tmp_path / "db").stat().st_mode & 0o777 == 0o600


def test_work_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = opened(tmp_path / "db")

    def work(connection: sqlite3.Connection) -> None:
        add("half")(connection)
        raise KeyError

    with pytest.raises(KeyError):
        database.run(work)
    assert database.run(texts) == []


@pytest.mark.parametrize("damage", [overwrite, cut, scribble, make_folder])
def test_a_damaged_file_is_set_aside_and_a_new_one_made(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    database = opened(tmp_path / "db")
    for number in range(500):
        database.run(add(f"note {number}" * 10))
    database.close()
    damage(tmp_path / "db")

    database.run(add("after"))

    assert database.run(texts) == ["after"]
    assert (tmp_path / "db.damaged").exists()


def test_damage_while_it_is_open_heals_too(tmp_path: Path) -> None:
    database = opened(tmp_path / "db")
    database.run(add("before"))
    with sqlite3.connect(tmp_path / "db") as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(tmp_path / "db")

    database.run(add("after"))

    assert "after" in database.run(texts)


def test_it_grows_no_further_than_told(tmp_path: Path) -> None:
    database = opened(tmp_path / "db", max_bytes=64 * 1024)

    with pytest.raises(CannotStore, match="full"):
        database.run(add("x" * 200_000))
    database.run(add("small"))

    assert database.run(texts) == ["small"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotStore, match="unable to open"):
        opened(tmp_path / "gone" / "db").run(texts)
