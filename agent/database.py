"""One SQLite file of the agent: durable at each commit, set aside with words when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent import durable

Answer = TypeVar("Answer")
Work = Callable[[sqlite3.Connection], Answer]

_PAGE = 4096
_PATIENCE = 5.0
"""Seconds to wait for a lock: only a command that looks on holds one."""

log = logging.getLogger(__name__)


class CannotStore(Exception):
    """The disk is full or not writable, or the file is as large as it may be."""


class Database:
    """A file of one schema. Its work is done in transactions, from any thread, one at a time."""

    def __init__(self, path: Path, schema: str, *, max_bytes: int) -> None:
        """`schema` is run at each opening, so it says IF NOT EXISTS."""
        self._path = path
        self._schema = schema
        self._max_pages = max_bytes // _PAGE
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None

    def run(self, work: Work[Answer]) -> Answer:
        """Do the work in one transaction; what it wrote is on the disk when this returns.

        A damaged file is set aside and the work is done on a new one. Raises CannotStore.
        """
        with self._lock:
            try:
                return self._healed(work)
            except (sqlite3.OperationalError, OSError) as error:
                raise CannotStore(f"{self._path}: {error}") from error

    def empty_log(self) -> None:
        """Empty the write-ahead log, where what was deleted still stands. Raises CannotStore."""
        with self._lock:
            if self._open is None:
                return
            try:
                self._open.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error as error:
                raise CannotStore(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Close the file; a later `run` opens it again."""
        with self._lock:
            self._close()

    def _healed(self, work: Work[Answer]) -> Answer:
        try:
            return self._transaction(work)
        except (sqlite3.OperationalError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # the disk's fault or the work's, not the file's
        except sqlite3.DatabaseError as error:
            self._set_aside(str(error))
            return self._transaction(work)

    def _transaction(self, work: Work[Answer]) -> Answer:
        if self._open is None:
            self._open = self._connect()
        connection = self._open
        try:
            connection.execute("BEGIN IMMEDIATE")
            answer = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return answer

    def _connect(self) -> sqlite3.Connection:
        if self._path.is_dir():
            self._set_aside("it is a folder")
        connection = sqlite3.connect(
            self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what is sent leaves the disk
            connection.execute(f"PRAGMA max_page_count = {self._max_pages}")
            [(verdict,)] = connection.execute("PRAGMA quick_check(1)")
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            connection.executescript(self._schema)
        except BaseException:
            connection.close()
            raise
        self._path.chmod(0o600)
        return connection

    def _set_aside(self, fault: str) -> None:
        self._close()
        aside = durable.set_aside(self._path)
        for companion in ("-wal", "-shm"):
            self._path.with_name(self._path.name + companion).unlink(missing_ok=True)
        log.warning("a damaged file was set aside file=%s fault=%s", aside, fault)

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
