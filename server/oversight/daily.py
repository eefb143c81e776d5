"""Attempts and contacts by day, as a trial shows them: unsuppressed, for made-up people alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Kind
from server.store.violations import DayCount

if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS = 35
"""As long as violations are kept; today is one of them."""


@dataclass
class Counts:
    """Attempts and contacts, apart: they are never added."""

    attempts: int = 0
    contacts: int = 0

    def add(self, count: DayCount) -> None:
        """Count one row."""
        if count.kind is Kind.ATTEMPT:
            self.attempts += count.times
        else:
            self.contacts += count.times


@dataclass
class ServiceRow:
    """One row of the table: a service under a verdict."""

    service: str
    verdict: Verdict
    total: Counts
    today: Counts
    last: date


@dataclass(frozen=True)
class Daily:
    """The last 35 days, today included."""

    days: dict[date, Counts]
    """Every day, the oldest first, also those without any."""
    services: list[ServiceRow]
    """The most attempts first."""
    total: Counts
    """Of the days shown."""
    today: Counts
    """Of the last day, always of all services."""

    @property
    def busiest(self) -> date | None:
        """The day with the highest count of either kind; None where there is nothing at all."""
        day = max(self.days, key=lambda one: max(self.days[one].attempts, self.days[one].contacts))
        return day if self.days[day] != Counts() else None


def by_day(
    counts: Iterable[DayCount], today: date, only: tuple[str, Verdict] | None = None
) -> Daily:
    """Put the rows together; those outside the 35 days are passed over.

    With `only` the days and the total are those of this service under this verdict; the table of
    services stays whole.
    """
    days = {today - timedelta(days=ago): Counts() for ago in reversed(range(DAYS))}
    rows: dict[tuple[str, Verdict], ServiceRow] = {}
    total, of_today = Counts(), Counts()
    for count in counts:
        if count.day not in days:
            continue
        key = (count.service, count.verdict)
        if only in {None, key}:
            days[count.day].add(count)
            total.add(count)
        row = rows.setdefault(key, ServiceRow(*key, Counts(), Counts(), count.day))
        row.total.add(count)
        row.last = max(row.last, count.day)
        if count.day == today:
            row.today.add(count)
            of_today.add(count)
    ordered = sorted(
        rows.values(),
        key=lambda row: (-row.total.attempts, -row.total.contacts, row.service, row.verdict),
    )
    return Daily(days, ordered, total, of_today)
