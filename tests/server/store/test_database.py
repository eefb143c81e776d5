"""The database: durable, one writer, readers that cannot write, faults said in one line."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from server.errors import CannotServe, DatabaseDown
from server.store.database import Database, answers
from server.store.schema import target_files


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def settings(connection: Connection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "secure_delete", "wal_autocheckpoint", "query_only")
    return {name: pragma(connection, name) for name in names}


def test_the_writer_is_durable_and_alone_writes_checkpoints(tmp_path: Path) -> None:
    database = Database(tmp_path / "sluis.db")
    writer = asyncio.run(database.write(settings))
    reader = asyncio.run(database.read(settings))
    database.close()
    full, erases = 2, 1
    assert (writer["journal_mode"], writer["synchronous"]) == ("wal", full)
    assert writer["secure_delete"] == erases
    assert writer["wal_autocheckpoint"] != 0
    assert (reader["wal_autocheckpoint"], reader["query_only"]) == (0, 1)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "sluis.db")
    with pytest.raises(DatabaseDown, match="readonly"):
        asyncio.run(database.read(lambda c: c.exec_driver_sql("DELETE FROM tickets")))
    database.close()


def test_what_is_deleted_is_gone_from_all_files(tmp_path: Path) -> None:
    async def story() -> None:
        database = Database(tmp_path / "sluis.db")
        insert = "INSERT INTO target_files VALUES (zeroblob(16), 'n', 'FIND-ME-ON-DISK')"
        await database.write(lambda c: c.exec_driver_sql(insert))
        assert b"FIND-ME" in on_disk(tmp_path)
        await database.write(lambda c: c.exec_driver_sql("DELETE FROM target_files"))
        await database.empty_log()
        assert b"FIND-ME" not in on_disk(tmp_path)
        database.close()

    asyncio.run(story())


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sluis.db"
    path.write_bytes(b"these are no tables, whatever it says on the tin" * 100)
    with pytest.raises(CannotServe, match=r"sluis\.db: cannot be used as the database"):
        Database(path)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sluis.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CannotServe, match="schema 9999"):
        Database(path)


def test_an_error_does_not_tell_what_was_in_the_row(tmp_path: Path) -> None:
    database = Database(tmp_path / "sluis.db")
    row = {"organisation": UUID(int=1), "name": "chatgpt.com", "data": None}
    with pytest.raises(IntegrityError) as caught:
        asyncio.run(database.write(lambda c: c.execute(insert(target_files).values(row))))
    assert "chatgpt" not in str(caught.value)
    database.close()


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sluis.db"
    Database(path).close()
    database = Database(path)
    assert asyncio.run(database.read(answers))
    database.close()
