"""A person's own record: what this workstation counted of an account, for that account to read.

It lies on this device alone, goes to nobody, and ends with the violation's own time of 35 days.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from agent.database import Database
from agent.outbox import Sighting
from blocklists.protocol.messages import KEPT

MAX_BYTES = 32 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
  account INTEGER NOT NULL,
  id TEXT NOT NULL,
  "when" REAL NOT NULL,
  service TEXT NOT NULL,
  host TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  verdict TEXT NOT NULL,
  outcome TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
"""

_NOTE = """
INSERT INTO record (account, id, "when", service, host, channel, kind, verdict, outcome)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, id) DO UPDATE SET times = times + 1
"""
_OF = """
SELECT "when", service, host, channel, kind, verdict, outcome, times FROM record
WHERE account = ? AND "when" >= ? ORDER BY "when" DESC, id
"""


@dataclass(frozen=True)
class Row:
    """One line of a person's record, in the words of a violation."""

    when: datetime
    service: str
    host: str
    channel: str
    kind: str
    verdict: str
    outcome: str
    times: int


class Record:
    """The records of all accounts of this workstation, in one file that the daemon alone reads."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, max_bytes=MAX_BYTES)

    def note(self, account: int, spooled: UUID, sighting: Sighting, now: datetime) -> None:
        """Add what was spooled under this id; the same id again adds to its `times`.

        Raises CannotStore.
        """
        minute = now.replace(second=0, microsecond=0).timestamp()
        values = (
            account,
            str(spooled),
            minute,
            sighting.service,
            sighting.host,
            sighting.channel.value,
            sighting.kind.value,
            sighting.verdict.value,
            sighting.outcome.value,
        )

        def work(connection: sqlite3.Connection) -> None:
            oldest = (now - KEPT).timestamp()
            connection.execute('DELETE FROM record WHERE "when" < ?', (oldest,))
            connection.execute(_NOTE, values)

        self._database.run(work)

    def of(self, account: int, now: datetime) -> list[Row]:
        """The account's rows of the last 35 days, the newest first. Raises CannotStore."""
        oldest = (now - KEPT).timestamp()

        def work(connection: sqlite3.Connection) -> list[Row]:
            return [
                Row(datetime.fromtimestamp(when, UTC), *rest)
                for when, *rest in connection.execute(_OF, (account, oldest))
            ]

        return self._database.run(work)

    def forget(self, before: datetime) -> None:
        """Delete the rows from before this instant, off the disk too. Raises CannotStore."""
        delete = 'DELETE FROM record WHERE "when" < ?'
        self._database.run(lambda connection: connection.execute(delete, (before.timestamp(),)))
        self._database.empty_log()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
