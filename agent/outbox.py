"""Where violations wait until each is acknowledged; what is spooled survives a kill at any moment.

Rules kept here:
 * A violation is on the disk before `spool` returns. It stays open for a while, in which repeats
   add to `times`; then it is closed, uploaded, and never changes.
 * It leaves on the server's word alone: accepted, skipped (seen before) or rejected. One whose id
   lay outside the server's window is made anew, once.
 * It is capped: by number, by bytes and by age. When full, what is there stays and new ones are
   refused, so that noise pushes nothing out; and one account alone, or contacts alone, which any
   web page can make, never fill it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from agent.database import Database
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import KEPT, Channel, Kind, Outcome, Violation, new_id

MAX_VIOLATIONS = 10_000
MAX_OF_ONE = 2_500
"""Of one account, or of nobody."""
MAX_BYTES = 16 * 1024 * 1024
MAX_TICKETS = 10

Random = Callable[[int], bytes]
"""Gives that many random bytes."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS violations (
  id TEXT PRIMARY KEY,
  opened REAL NOT NULL,
  closes REAL NOT NULL,
  "when" REAL NOT NULL,
  service TEXT NOT NULL,
  host TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  verdict TEXT NOT NULL,
  outcome TEXT NOT NULL,
  pseudonym TEXT,
  times INTEGER NOT NULL DEFAULT 1,
  made_anew INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS by_end ON violations (closes);
CREATE TABLE IF NOT EXISTS tickets (ticket TEXT PRIMARY KEY, received REAL NOT NULL) STRICT;
"""

_SAME = """
SELECT id FROM violations
WHERE opened <= :now AND closes > :now AND service = :service AND host = :host
  AND channel = :channel AND kind = :kind AND verdict = :verdict AND outcome = :outcome
  AND pseudonym IS :pseudonym
"""
_INSERT = """
INSERT INTO violations (id, opened, closes, "when", service, host, channel, kind, verdict, outcome,
  pseudonym)
VALUES (:id, :now, :closes, :when, :service, :host, :channel, :kind, :verdict, :outcome, :pseudonym)
"""
# one whose start lies ahead of the clock was spooled before the clock was put right
_CLOSED = """
SELECT * FROM violations WHERE closes <= :now OR opened > :now ORDER BY closes, id LIMIT :most
"""


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What was met, before it is a violation: without id, time and number."""

    service: str
    host: str
    channel: Channel
    kind: Kind
    verdict: Verdict
    outcome: Outcome
    pseudonym: str | None


@dataclass(frozen=True)
class Acknowledgement:
    """The server's word on one violation."""

    outcome: str
    """accepted, skipped or rejected."""
    code: str = ""
    """Of a rejection: stable."""


@dataclass(frozen=True)
class Held:
    """How full the outbox is."""

    violations: int
    tickets: int


class Outbox:
    """The spool of one workstation, in one SQLite file."""

    def __init__(self, path: Path, random: Random) -> None:
        self._database = Database(path, _SCHEMA, max_bytes=MAX_BYTES)
        self._random = random

    def spool(self, sighting: Sighting, now: datetime, stays_open: timedelta) -> UUID | None:
        """Store it, or count it with the open one that is the same; None when the outbox is full.

        Raises CannotStore.
        """
        values = {
            "id": str(new_id(now, self._random(10))),
            "now": now.timestamp(),
            "when": now.replace(second=0, microsecond=0).timestamp(),
            "closes": (now + stays_open).timestamp(),
            "service": sighting.service,
            "host": sighting.host,
            "channel": sighting.channel.value,
            "kind": sighting.kind.value,
            "verdict": sighting.verdict.value,
            "outcome": sighting.outcome.value,
            "pseudonym": sighting.pseudonym,
        }

        def work(connection: sqlite3.Connection) -> UUID | None:
            if found := connection.execute(_SAME, values).fetchone():
                connection.execute("UPDATE violations SET times = times + 1 WHERE id = ?", found)
                return UUID(found[0])
            if _is_full(connection, sighting.pseudonym):
                return None
            connection.execute(_INSERT, values)
            return UUID(str(values["id"]))

        return self._database.run(work)

    def closed(self, now: datetime, most: int) -> list[Violation]:
        """Those that are closed and wait to be uploaded, the oldest first; too old ones go."""
        oldest = (now - KEPT).timestamp()

        def work(connection: sqlite3.Connection) -> list[Violation]:
            connection.execute("DELETE FROM violations WHERE opened < ?", (oldest,))
            cursor = connection.execute(_CLOSED, {"now": now.timestamp(), "most": most})
            cursor.row_factory = sqlite3.Row
            rows = cursor.fetchall()
            return [found for row in rows if (found := _readable(connection, row))]

        return self._database.run(work)

    def next_end(self) -> datetime | None:
        """When the next violation closes or has closed; None when there is none."""
        query = "SELECT min(closes) FROM violations"
        [end] = self._database.run(lambda connection: connection.execute(query).fetchone())
        return None if end is None else datetime.fromtimestamp(end, UTC)

    def settle(
        self,
        sent: Sequence[Violation],
        answers: Sequence[Acknowledgement],
        server_time: datetime,
    ) -> list[str]:
        """Do what the server said of each; gives the codes of rejections that are lost."""

        def work(connection: sqlite3.Connection) -> list[str]:
            lost = []
            for violation, answer in zip(sent, answers, strict=True):
                if answer.code == "id-window" and self._make_anew(
                    connection, violation, server_time
                ):
                    continue
                connection.execute("DELETE FROM violations WHERE id = ?", (str(violation.id),))
                if answer.outcome == "rejected":
                    lost.append(answer.code)
            return lost

        return self._database.run(work)

    def keep_tickets(self, tickets: Sequence[str], now: datetime) -> None:
        """Store one-time rights to upload; beyond MAX_TICKETS the oldest go."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR IGNORE INTO tickets VALUES (?, ?)",
                [(ticket, now.timestamp()) for ticket in tickets],
            )
            connection.execute(
                "DELETE FROM tickets WHERE ticket NOT IN "
                "(SELECT ticket FROM tickets ORDER BY received DESC LIMIT ?)",
                (MAX_TICKETS,),
            )

        self._database.run(work)

    def ticket(self) -> str | None:
        """The one to use next: the newest, and the same until it is spent."""
        query = "SELECT ticket FROM tickets ORDER BY received DESC, ticket LIMIT 1"
        row = self._database.run(lambda connection: connection.execute(query).fetchone())
        return row and str(row[0])

    def spend(self, ticket: str) -> None:
        """Forget a ticket that was used or is not taken."""
        delete = "DELETE FROM tickets WHERE ticket = ?"
        self._database.run(lambda connection: connection.execute(delete, (ticket,)))

    def forget(self, before: datetime) -> None:
        """Delete what was met before this instant, off the disk too. Raises CannotStore."""
        delete = "DELETE FROM violations WHERE opened < ?"
        self._database.run(lambda connection: connection.execute(delete, (before.timestamp(),)))
        self._database.empty_log()

    def clear(self) -> None:
        """Delete all violations, off the disk too. Raises CannotStore."""
        self._database.run(lambda connection: connection.execute("DELETE FROM violations"))
        self._database.empty_log()

    def held(self) -> Held:
        """How many wait."""
        return self._database.run(
            lambda connection: Held(_count(connection, "violations"), _count(connection, "tickets"))
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _make_anew(
        self, connection: sqlite3.Connection, violation: Violation, server_time: datetime
    ) -> bool:
        """Give it an id and a time of the server's now; False if that was done before."""
        changed = connection.execute(
            'UPDATE violations SET id = ?, "when" = ?, opened = ?, closes = ?, made_anew = 1 '
            "WHERE id = ? AND made_anew = 0",
            (
                str(new_id(server_time, self._random(10))),
                server_time.replace(second=0, microsecond=0).timestamp(),
                server_time.timestamp(),
                server_time.timestamp(),
                str(violation.id),
            ),
        )
        return changed.rowcount == 1


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _is_full(connection: sqlite3.Connection, pseudonym: str | None) -> bool:
    query = "SELECT count(*) FROM violations WHERE pseudonym IS ?"
    [of_one] = connection.execute(query, (pseudonym,)).fetchone()
    return of_one >= MAX_OF_ONE or _count(connection, "violations") >= MAX_VIOLATIONS


def _readable(connection: sqlite3.Connection, row: sqlite3.Row) -> Violation | None:
    """The violation in a row; a row that holds none goes, so that it stops nothing."""
    try:
        return _violation(row)
    except ValueError:
        connection.execute("DELETE FROM violations WHERE id = ?", (row["id"],))
        return None


def _violation(row: sqlite3.Row) -> Violation:
    return Violation(
        id=UUID(row["id"]),
        when=datetime.fromtimestamp(row["when"], UTC),
        service=row["service"],
        host=row["host"],
        channel=Channel(row["channel"]),
        kind=Kind(row["kind"]),
        verdict=Verdict(row["verdict"]),
        outcome=Outcome(row["outcome"]),
        pseudonym=row["pseudonym"],
        times=row["times"],
    )
