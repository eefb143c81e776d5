"""The nonces of signed requests, so that none is answered twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert as insert_new

from server.store.schema import nonces


def add_nonce(
    connection: Connection, organisation: UUID, keyid: str, nonce: str, ends: datetime
) -> bool:
    """Keep a nonce until an instant; False if it was there."""
    added = connection.execute(
        insert_new(nonces)
        .values(organisation=organisation, keyid=keyid, nonce=nonce, ends=ends)
        .on_conflict_do_nothing()
    )
    return added.rowcount == 1


def drop_ended_nonces(connection: Connection, organisation: UUID, now: datetime) -> None:
    """Forget the nonces of requests that are too old to be taken anyway."""
    connection.execute(
        delete(nonces).where(nonces.c.organisation == organisation, nonces.c.ends <= now)
    )
