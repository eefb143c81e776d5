"""Ingest: a report becomes rows, each violation once, on a ticket that is used up by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from blocklists.protocol.messages import Rejected, Violation
from server.devices.tokens import hash_secret
from server.errors import Refused
from server.store.database import Connection
from server.store.tickets import use_ticket
from server.store.violations import add_violations

Result = Rejected | bool
"""Rejected; or True for accepted, False for skipped (seen before)."""


def ingest(
    connection: Connection,
    organisation: UUID,
    ticket: str,
    entries: Sequence[Violation | Rejected],
    reporting_from: datetime,
) -> list[Result]:
    """Keep what is new of a batch, in its order; all of it or none. Raises Refused."""
    group = use_ticket(connection, organisation, hash_secret(ticket))
    if group is None:
        raise Refused(401, "ticket", "this ticket is not known, or used: take another one")
    checked = [_in_time(entry, reporting_from) for entry in entries]
    batch = [entry for entry in checked if isinstance(entry, Violation)]
    new = add_violations(connection, organisation, batch, group)
    return [_result(entry, new) for entry in checked]


def _in_time(entry: Violation | Rejected, reporting_from: datetime) -> Violation | Rejected:
    """What is from before reporting began is rejected."""
    if isinstance(entry, Violation) and _latest(entry) < reporting_from:
        return Rejected("reporting-from", f"when: not before {reporting_from:%Y-%m-%dT%H:%MZ}")
    return entry


def _latest(violation: Violation) -> datetime:
    """When it happened at the latest: with a clock that was off only the hour is known."""
    return violation.when + timedelta(minutes=59 if violation.clock_off else 0)


def _result(entry: Violation | Rejected, new: set[UUID]) -> Result:
    """Accepted is said once of an id; where it stands again in the batch, it was seen before."""
    if isinstance(entry, Rejected):
        return entry
    accepted = entry.id in new
    new.discard(entry.id)
    return accepted
