"""The one thread that writes to SQLite, in groups.

Jobs that wait together share one transaction, since the disk's flush costs more than the jobs; each
runs in a savepoint of its own, so that one that fails takes nobody along. A job is answered after
the commit, never before. This connection alone writes checkpoints: SQLite before 3.51.3 can damage
a database when two connections do (https://sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine

GROUP = 200
"""At most this many jobs share a transaction."""

Job = Callable[[Connection], Any]


@dataclass
class _Waiting:
    job: Job
    alone: bool = False
    """Runs after its group, outside of a transaction."""
    future: Future[Any] = field(default_factory=Future)


@dataclass(frozen=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None


class Writer:
    """Runs jobs on the writing connection, in the order in which they came."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread; `engine` must begin transactions as IMMEDIATE."""
        self._engine = engine
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[Any]:
        """Queue a job; the future has its result once it is on disk."""
        waiting = _Waiting(job)
        self._queue.put(waiting)
        return waiting.future

    def empty_log(self) -> Future[Any]:
        """Queue a checkpoint that empties the write-ahead log."""
        waiting = _Waiting(_empty_log, alone=True)
        self._queue.put(waiting)
        return waiting.future

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._queue.get()) is not None:
                group, last = self._group(first)
                if together := [waiting for waiting in group if not waiting.alone]:
                    self._commit(connection, together)
                for waiting in group:
                    if waiting.alone:
                        _answer(waiting, _outcome(connection, waiting.job))
                if last:
                    break

    def _group(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return group, False
            if waiting is None:
                return group, True
            group.append(waiting)
        return group, False

    def _commit(self, connection: Connection, group: list[_Waiting]) -> None:
        outcomes: list[_Outcome] = []
        try:
            with connection.begin():
                outcomes = [_in_savepoint(connection, waiting.job) for waiting in group]
        except Exception as error:  # noqa: BLE001  whatever it is, each of the group is told
            outcomes = [_Outcome(error=error)] * len(group)
        for waiting, outcome in zip(group, outcomes, strict=True):
            _answer(waiting, outcome)


def _in_savepoint(connection: Connection, job: Job) -> _Outcome:
    try:
        with connection.begin_nested():
            return _Outcome(job(connection))
    except Exception as error:  # noqa: BLE001  the job's own caller gets it
        return _Outcome(error=error)


def _outcome(connection: Connection, job: Job) -> _Outcome:
    try:
        return _Outcome(job(connection))
    except Exception as error:  # noqa: BLE001  as above
        return _Outcome(error=error)


def _answer(waiting: _Waiting, outcome: _Outcome) -> None:
    """Tell the caller, who may have gone away meanwhile."""
    if not waiting.future.set_running_or_notify_cancel():
        return
    if outcome.error is None:
        waiting.future.set_result(outcome.result)
    else:
        waiting.future.set_exception(outcome.error)


def _empty_log(connection: Connection) -> None:
    """By the driver's own connection, since SQLAlchemy would begin a transaction first."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute("PRAGMA incremental_vacuum").fetchall()
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
