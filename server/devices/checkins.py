"""Check-ins: an endpoint says how it is, and gets the tickets on which it may report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.devices.tokens import hash_secret
from server.errors import Refused
from server.store.database import Connection
from server.store.endpoints import Endpoint, Health, endpoint_by_key, note_check_in
from server.store.tickets import add_tickets

INTERVAL = 60
"""Seconds until the next check-in."""
TICKETS_HELD = 5
"""An endpoint holds at most so many tickets."""
TICKETS_A_DAY = 1500
"""And gets no more than so many on one day, so that none can flood the reports."""
EVERYBODY = "all"
"""The reporting group of every ticket."""


@dataclass(frozen=True)
class CheckIn:
    """What an endpoint says at a check-in."""

    epoch: int | None
    """None for a browser's profile, which counts no starts."""
    tickets_held: int
    health: Health


def check_in(
    connection: Connection,
    organisation: UUID,
    keyid: str,
    said: CheckIn,
    random_bytes: Callable[[int], bytes],
    now: datetime,
) -> list[str]:
    """Note what an endpoint said, and make its tickets. Raises Refused.

    Of a ticket its hash, day and group are kept; of the endpoint only how many it got today.
    """
    endpoint = endpoint_by_key(connection, organisation, keyid)
    if endpoint is None:
        raise Refused(401, "unknown-device", "this key is not enrolled here: enrol again")
    epoch = _epoch(endpoint, said)
    today = now.date()
    given = endpoint.tickets_given if endpoint.last_seen == today else 0
    count = max(0, min(TICKETS_HELD - said.tickets_held, TICKETS_A_DAY - given))
    tickets = [random_bytes(16).hex() for _ in range(count)]
    add_tickets(connection, organisation, [hash_secret(t) for t in tickets], today, EVERYBODY)
    seen = replace(endpoint, epoch=epoch, last_seen=today, tickets_given=given + count)
    note_check_in(connection, organisation, seen, said.health)
    return tickets


def _epoch(endpoint: Endpoint, said: CheckIn) -> int:
    """The epoch to keep; one below the highest that was seen comes from a copy of the disk."""
    if endpoint.kind == "profile":
        return endpoint.epoch
    if said.epoch is None:
        raise Refused(400, "form", "epoch: a whole number that rises at each start is wanted")
    if said.epoch < endpoint.epoch:
        raise Refused(
            401,
            "epoch",
            "epoch: another copy of this device has started since; enrol again with a new token",
        )
    return said.epoch
