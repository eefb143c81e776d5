"""Violations: each once, however often it was sent, and gone after 35 days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, delete, func, insert, select, type_coerce

from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Kind, Violation
from server.store.schema import EPOCH, violations

QUARTER = 15
"""Minutes. Every time zone's day begins at a whole quarter of an hour in UTC."""


@dataclass(frozen=True, order=True)
class DayCount:
    """How often on a day a service met a verdict, as attempts or as contacts."""

    day: date
    service: str
    verdict: Verdict
    kind: Kind
    times: int


def add_violations(
    connection: Connection, organisation: UUID, batch: Iterable[Violation], group: str
) -> set[UUID]:
    """Keep those whose id was not seen before; gives their ids. The first of an id counts.

    What is there is asked once for all: nobody else writes meanwhile (see writer.py).
    """
    new = {violation.id: violation for violation in reversed(list(batch))}
    seen = connection.execute(
        select(violations.c.id).where(
            violations.c.organisation == organisation, violations.c.id.in_(list(new))
        )
    )
    for row in seen:
        del new[row.id]
    if new:
        rows = [_row(organisation, violation, group) for violation in new.values()]
        connection.execute(insert(violations), rows)
    return set(new)


def violations_by_day(
    connection: Connection, organisation: UUID, since: date, time_zone: ZoneInfo
) -> list[DayCount]:
    """Totals per day of a time zone from a day on, in order of day, service, verdict and kind."""
    start = datetime(since.year, since.month, since.day, tzinfo=time_zone)
    quarter = type_coerce(violations.c.when, BigInteger) // QUARTER
    rows = connection.execute(
        select(
            quarter.label("quarter"),
            violations.c.service,
            violations.c.verdict,
            violations.c.kind,
            func.sum(violations.c.times),
        )
        .where(violations.c.organisation == organisation, violations.c.when >= start)
        .group_by("quarter", violations.c.service, violations.c.verdict, violations.c.kind)
    )
    return sorted(_by_day(((row[0], row[1:4], row[4]) for row in rows), time_zone))


def delete_violations(
    connection: Connection, organisation: UUID, before: datetime, most: int
) -> int:
    """Delete at most so many violations of hours before this instant; says how many went."""
    bound = UUID(int=int(before.timestamp() * 1000) << 80)
    old = (
        select(violations.c.id)
        .where(violations.c.organisation == organisation, violations.c.id < bound)
        .limit(most)
    )
    gone = connection.execute(
        delete(violations).where(
            violations.c.organisation == organisation, violations.c.id.in_(old)
        )
    )
    return gone.rowcount


def _row(organisation: UUID, violation: Violation, group: str) -> dict[str, object]:
    pseudonym = violation.pseudonym
    return {
        "organisation": organisation,
        "id": violation.id,
        "when": violation.when,
        "service": violation.service,
        "host": violation.host,
        "channel": violation.channel,
        "layer": violation.layer,
        "kind": violation.kind,
        "verdict": violation.verdict,
        "outcome": violation.outcome,
        "reason": violation.reason,
        "times": violation.times,
        "pseudonym": None if pseudonym is None else bytes.fromhex(pseudonym),
        "group": group,
        "clock_off": violation.clock_off,
    }


def _by_day(
    rows: Iterable[tuple[int, tuple[str, str, str], int]], time_zone: ZoneInfo
) -> Iterable[DayCount]:
    totals: Counter[tuple[date, str, str, str]] = Counter()
    for quarter, (service, verdict, kind), times in rows:
        instant = EPOCH + timedelta(minutes=quarter * QUARTER)
        totals[instant.astimezone(time_zone).date(), service, verdict, kind] += times
    for (day, service, verdict, kind), times in totals.items():
        yield DayCount(day, service, Verdict(verdict), Kind(kind), times)
