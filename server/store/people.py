"""Sign-in links and sessions: both kept as the hash of a secret, with an end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select

from server.store.schema import sessions, sign_in_links


def add_link(connection: Connection, organisation: UUID, digest: bytes, ends: datetime) -> None:
    """Keep a one-time code."""
    _add(connection, sign_in_links, organisation, digest, ends)


def take_link(connection: Connection, organisation: UUID, digest: bytes, now: datetime) -> bool:
    """Use a code up; whether there was one that had not ended."""
    taken = connection.execute(
        delete(sign_in_links)
        .where(sign_in_links.c.organisation == organisation, sign_in_links.c.hash == digest)
        .returning(sign_in_links.c.ends)
    ).scalar()
    return taken is not None and taken > now


def add_session(connection: Connection, organisation: UUID, digest: bytes, ends: datetime) -> None:
    """Open a session."""
    _add(connection, sessions, organisation, digest, ends)


def session_holds(connection: Connection, organisation: UUID, digest: bytes, now: datetime) -> bool:
    """Whether a session is open."""
    ends = connection.execute(
        select(sessions.c.ends).where(
            sessions.c.organisation == organisation, sessions.c.hash == digest
        )
    ).scalar()
    return ends is not None and ends > now


def end_session(connection: Connection, organisation: UUID, digest: bytes) -> None:
    """Close a session; one that is closed already stays so."""
    connection.execute(
        delete(sessions).where(sessions.c.organisation == organisation, sessions.c.hash == digest)
    )


def forget_ended(connection: Connection, organisation: UUID, now: datetime) -> None:
    """Delete codes and sessions whose time is over."""
    for table in (sign_in_links, sessions):
        connection.execute(
            delete(table).where(table.c.organisation == organisation, table.c.ends <= now)
        )


def _add(
    connection: Connection, table: Table, organisation: UUID, digest: bytes, ends: datetime
) -> None:
    connection.execute(insert(table).values(organisation=organisation, hash=digest, ends=ends))
