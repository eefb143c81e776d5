"""The inventory of endpoints. When one was last seen is a day: more would tie it to reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from server.store.schema import endpoints


@dataclass(frozen=True)
class Endpoint:
    """What speaks to the server with a key of its own."""

    id: UUID
    kind: str
    """`agent` (a device) or `profile` (a browser's)."""
    keyid: str
    algorithm: str
    public_key: bytes
    epoch: int
    """The highest that was seen; it rises at each start of the agent."""
    last_seen: date
    tickets_given: int
    """On the day when it was last seen."""


@dataclass(frozen=True)
class NewEndpoint:
    """What an endpoint says of itself when it enrols."""

    id: UUID
    kind: str
    keyid: str
    algorithm: str
    public_key: bytes
    name: str
    os: str


@dataclass(frozen=True)
class Health:
    """What an endpoint says at a check-in."""

    software: str
    list_version: int | None
    list_state: str
    channels: str
    """JSON: by channel its state and code."""


def endpoint_by_key(connection: Connection, organisation: UUID, keyid: str) -> Endpoint | None:
    """The endpoint that has this key."""
    row = connection.execute(
        select(
            endpoints.c.id,
            endpoints.c.kind,
            endpoints.c.keyid,
            endpoints.c.algorithm,
            endpoints.c.public_key,
            endpoints.c.epoch,
            endpoints.c.last_seen,
            endpoints.c.tickets_given,
        ).where(endpoints.c.organisation == organisation, endpoints.c.keyid == keyid)
    ).one_or_none()
    return Endpoint(*row) if row else None


def count_endpoints(
    connection: Connection, organisation: UUID, kind: str, enrolled: date | None = None
) -> int:
    """How many of a kind there are, or how many of them enrolled on a day."""
    question = select(func.count()).where(
        endpoints.c.organisation == organisation, endpoints.c.kind == kind
    )
    if enrolled is not None:
        question = question.where(endpoints.c.enrolled == enrolled)
    return int(connection.execute(question).scalar_one())


def count_enforcing(
    connection: Connection, organisation: UUID, kind: str, list_version: int
) -> int:
    """How many of a kind said at their last check-in that they enforce this list."""
    question = select(func.count()).where(
        endpoints.c.organisation == organisation,
        endpoints.c.kind == kind,
        endpoints.c.list_version == list_version,
        endpoints.c.list_state != "waiting",
    )
    return int(connection.execute(question).scalar_one())


def add_endpoint(
    connection: Connection, organisation: UUID, endpoint: NewEndpoint, today: date
) -> None:
    """Keep a new endpoint."""
    connection.execute(
        insert(endpoints).values(
            organisation=organisation,
            **vars(endpoint),
            enrolled=today,
            last_seen=today,
            epoch=0,
            software="",
            list_version=None,
            list_state="waiting",
            channels="{}",
            tickets_given=0,
        )
    )


def note_check_in(
    connection: Connection,
    organisation: UUID,
    endpoint: Endpoint,
    health: Health,
) -> None:
    """Keep what an endpoint said, with its `epoch`, `last_seen` and `tickets_given` as given."""
    connection.execute(
        update(endpoints)
        .where(endpoints.c.organisation == organisation, endpoints.c.id == endpoint.id)
        .values(
            epoch=endpoint.epoch,
            last_seen=endpoint.last_seen,
            tickets_given=endpoint.tickets_given,
            **vars(health),
        )
    )
