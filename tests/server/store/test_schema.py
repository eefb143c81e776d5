"""The tables: what stands in them, what has no place in them, and that the migrations make them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from server.store.database import Database
from server.store.schema import metadata

VIOLATION = {
    "organisation",
    "id",
    "when",
    "service",
    "host",
    "channel",
    "layer",
    "kind",
    "verdict",
    "outcome",
    "reason",
    "times",
    "pseudonym",
    "group",
    "clock_off",
}
"""The stored violation, as docs and staff are told: a column more is a promise broken."""


def made(folder: Path) -> Path:
    path = folder / "sluis.db"
    Database(path).close()
    return path


def columns(path: Path, table: str) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")}


def test_a_stored_violation_is_its_table_and_nothing_else(tmp_path: Path) -> None:
    assert columns(made(tmp_path), "violations") == VIOLATION


def test_nothing_keeps_the_order_in_which_violations_and_tickets_came(tmp_path: Path) -> None:
    with sqlite3.connect(made(tmp_path)) as connection:
        for table in ("violations", "tickets", "nonces"):
            query = "SELECT sql FROM sqlite_master WHERE name = ?"
            (sql,) = connection.execute(query, (table,)).fetchone()
            assert "WITHOUT ROWID" in sql
            indexes = list(connection.execute(f"PRAGMA index_list('{table}')"))
            assert [origin for _, _, _, origin, _ in indexes] == ["pk"]


def test_a_ticket_knows_no_device_and_an_endpoint_only_the_day(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert columns(path, "tickets") == {"organisation", "hash", "day", "group"}
    with sqlite3.connect(path) as connection:
        types = {row[1]: row[2] for row in connection.execute("PRAGMA table_info('endpoints')")}
    assert types["last_seen"] == types["enrolled"] == "VARCHAR(10)"


def test_the_organisation_stands_first_in_every_key() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "organisation", table.name


def test_the_migrations_make_just_these_tables(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{made(tmp_path)}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
