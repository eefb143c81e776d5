"""Which organisation this database belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from server.store.schema import organisations


@dataclass(frozen=True)
class Organisation:
    """The one organisation of this server."""

    id: UUID
    trial: bool
    reporting_from: datetime
    """Before this minute no violation is taken."""
    act: str
    """The act of the privacy officer that opened reporting, in words."""


def the_organisation(connection: Connection) -> Organisation | None:
    """The organisation, or None before the first start was finished."""
    row = connection.execute(select(organisations)).one_or_none()
    if row is None:
        return None
    return Organisation(row.organisation, row.trial, row.reporting_from, row.act)


def add_organisation(connection: Connection, organisation: Organisation) -> None:
    """Keep the organisation at first start."""
    connection.execute(
        insert(organisations).values(
            organisation=organisation.id,
            trial=organisation.trial,
            reporting_from=organisation.reporting_from,
            act=organisation.act,
        )
    )
