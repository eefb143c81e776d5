"""Tickets: one-time rights to upload a report, kept as a hash, without whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from server.store.schema import tickets


def add_tickets(
    connection: Connection, organisation: UUID, hashes: Sequence[bytes], day: date, group: str
) -> None:
    """Keep new tickets."""
    rows = [
        {"organisation": organisation, "hash": hashed, "day": day, "group": group}
        for hashed in hashes
    ]
    if rows:
        connection.execute(insert(tickets), rows)


def ticket_is_open(connection: Connection, organisation: UUID, hashed: bytes) -> bool:
    """Whether a ticket can still be used."""
    question = select(tickets.c.day).where(
        tickets.c.organisation == organisation, tickets.c.hash == hashed
    )
    return connection.execute(question).one_or_none() is not None


def use_ticket(connection: Connection, organisation: UUID, hashed: bytes) -> str | None:
    """Use a ticket up: its reporting group, or None where there is no such ticket (any more)."""
    row = connection.execute(
        delete(tickets)
        .where(tickets.c.organisation == organisation, tickets.c.hash == hashed)
        .returning(tickets.c.group)
    ).one_or_none()
    return str(row.group) if row else None


def drop_tickets(connection: Connection, organisation: UUID, before: date) -> None:
    """Delete the tickets of days before this one."""
    connection.execute(
        delete(tickets).where(tickets.c.organisation == organisation, tickets.c.day < before)
    )
