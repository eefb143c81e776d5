"""What the pages ask of the other parts: what is in force, and what was met by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.decisions.applying import Decisions
from server.oversight.daily import DAYS
from server.pages.language import Language
from server.pages.overview import Point, Standing
from server.store.books import Books
from server.store.endpoints import count_endpoints, count_enforcing
from server.store.violations import DayCount, violations_by_day


@dataclass(frozen=True)
class StandingOfTheDay:
    """Answers the overview's two questions, each time anew."""

    books: Books
    decisions: Decisions
    clock: Callable[[], datetime]

    async def standing(self, language: Language) -> Standing:
        """What is in force now."""
        made = await self.decisions.made()
        blocklist = made.blocklist
        return Standing(
            organisation=blocklist.organisation,
            version=blocklist.version,
            published=blocklist.published.astimezone(ZoneInfo(blocklist.time_zone)),
            entries=len(blocklist.entries),
            names={name: service.name for name, service in blocklist.services.items()},
            not_enforced=[Point(one.what, one.why[language.code]) for one in made.not_enforced],
            devices=await self.books.read(count_endpoints, "agent"),
            in_force=await self.books.read(count_enforcing, "agent", blocklist.version),
        )

    async def counts(self) -> tuple[list[DayCount], date]:
        """What was met by day, and which day it is, in the organisation's time zone."""
        zone = ZoneInfo((await self.decisions.made()).blocklist.time_zone)
        today = self.clock().astimezone(zone).date()
        since = today - timedelta(days=DAYS - 1)
        return await self.books.read(violations_by_day, since, zone), today
