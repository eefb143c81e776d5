"""The versions of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from server.store.schema import policies


@dataclass(frozen=True)
class PolicyVersion:
    """One version of the policy, with who made it and why."""

    version: int
    at: datetime
    who: str
    """The account on the server's machine."""
    why: str
    text: str
    difference: str
    """From the version before, as a unified diff."""
    list_version: int
    """The version of the list that was compiled from it."""


def newest_policy(connection: Connection, organisation: UUID) -> PolicyVersion | None:
    """The version in force."""
    row = connection.execute(
        select(policies)
        .where(policies.c.organisation == organisation)
        .order_by(policies.c.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return PolicyVersion(
        row.version, row.at, row.who, row.why, row.text, row.difference, row.list_version
    )


def add_policy(connection: Connection, organisation: UUID, policy: PolicyVersion) -> None:
    """Keep a version. One that is there already raises IntegrityError."""
    connection.execute(insert(policies).values(organisation=organisation, **vars(policy)))
