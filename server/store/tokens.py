"""Enrolment tokens, which lie here hashed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from server.store.schema import enrolment_tokens


@dataclass(frozen=True)
class StoredToken:
    """A right to enrol endpoints of one kind, some times, until an instant."""

    hash: bytes
    kind: str
    uses_left: int
    ends: datetime


def add_token(connection: Connection, organisation: UUID, token: StoredToken) -> None:
    """Keep a new token."""
    connection.execute(insert(enrolment_tokens).values(organisation=organisation, **vars(token)))


def usable_token(
    connection: Connection, organisation: UUID, hashed: bytes, now: datetime
) -> StoredToken | None:
    """The token with this hash, if it has not ended and has uses left."""
    row = connection.execute(
        select(enrolment_tokens).where(
            enrolment_tokens.c.organisation == organisation,
            enrolment_tokens.c.hash == hashed,
            enrolment_tokens.c.uses_left > 0,
            enrolment_tokens.c.ends > now,
        )
    ).one_or_none()
    return StoredToken(row.hash, row.kind, row.uses_left, row.ends) if row else None


def use_token(connection: Connection, organisation: UUID, hashed: bytes) -> None:
    """Take one use off."""
    connection.execute(
        update(enrolment_tokens)
        .where(enrolment_tokens.c.organisation == organisation, enrolment_tokens.c.hash == hashed)
        .values(uses_left=enrolment_tokens.c.uses_left - 1)
    )


def drop_ended_tokens(connection: Connection, organisation: UUID, now: datetime) -> None:
    """Delete tokens that can no longer be used."""
    connection.execute(
        delete(enrolment_tokens).where(
            enrolment_tokens.c.organisation == organisation,
            (enrolment_tokens.c.ends <= now) | (enrolment_tokens.c.uses_left <= 0),
        )
    )
