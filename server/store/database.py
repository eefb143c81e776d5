"""Opens the database: one writing connection, a few reading ones, and how asyncio asks them.

SQLite in WAL mode with synchronous=FULL: what was answered is on disk. Readers can only read, and
never write a checkpoint (see writer.py).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import QueuePool

from server.errors import CannotServe, DatabaseDown
from server.store.migrate import upgrade
from server.store.writer import Writer

__all__ = ["Connection", "Database", "answers"]

READERS = 4

_ALL = ("busy_timeout=5000", "foreign_keys=ON", "mmap_size=0", "trusted_schema=OFF")
_WRITER = (
    *_ALL,
    "auto_vacuum=INCREMENTAL",  # before the first table
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
)
_READER = (*_ALL, "query_only=1", "wal_autocheckpoint=0")

_T = TypeVar("_T")


class Database:
    """Questions to the store, as functions of a connection."""

    def __init__(self, path: Path) -> None:
        """Open or make the file and bring its schema up to date. Raises CannotServe."""
        path.touch(mode=0o600)
        self._engine = _engine(path, _WRITER, "BEGIN IMMEDIATE", size=1)
        try:
            _prepare(self._engine)
        except DatabaseError as error:
            self._engine.dispose()
            raise CannotServe(f"{path}: cannot be used as the database: {error.orig}") from error
        self._readers = _engine(path, _READER, "BEGIN", size=READERS)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._writer = Writer(self._engine)

    async def write(self, job: Callable[[Connection], _T]) -> _T:
        """Run a job that writes; returns once its result is on disk. Raises DatabaseDown."""
        with _told():
            result: _T = await asyncio.wrap_future(self._writer.submit(job))
        return result

    async def read(self, question: Callable[[Connection], _T]) -> _T:
        """Run a job that only reads, in a short transaction of its own. Raises DatabaseDown."""
        loop = asyncio.get_running_loop()
        with _told():
            return await loop.run_in_executor(self._pool, self._read, question)

    async def empty_log(self) -> None:
        """Empty the write-ahead log into the file: what was deleted is then off the disk."""
        await asyncio.wrap_future(self._writer.empty_log())

    def close(self) -> None:
        """Finish what waits; the writer closes last, so that it writes the last checkpoint."""
        self._pool.shutdown()
        self._readers.dispose()
        self._writer.close()
        self._engine.dispose()

    def _read(self, question: Callable[[Connection], _T]) -> _T:
        with self._readers.connect() as connection:
            return question(connection)


def answers(connection: Connection) -> bool:
    """Whether the database answers at all."""
    return bool(connection.execute(text("SELECT 1")).scalar())


@contextmanager
def _told() -> Iterator[None]:
    """Say that the database is down in our own words; what a job broke itself stays as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise DatabaseDown(f"the database does not answer: {error.orig}") from error


def _prepare(engine: Engine) -> None:
    with engine.connect() as connection:
        upgrade(connection)


def _engine(path: Path, pragmas: tuple[str, ...], begin: str, size: int) -> Engine:
    """An engine whose transactions begin as said: the driver's own way begins them too late."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # an error's text is logged, and a host must not be in it
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
