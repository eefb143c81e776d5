"""The overview: what is in force, what happened, what nobody enforces. Values in, HTML out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from server.pages.chart import bars
from server.pages.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blocklists.blocklist import Verdict
    from server.oversight.daily import Daily
    from server.pages.language import Language


@dataclass(frozen=True)
class Point:
    """A point of the policy that no endpoint can enforce, and why, in the reader's language."""

    what: str
    why: str


@dataclass(frozen=True)
class Standing:
    """What is in force now."""

    organisation: str
    version: int
    published: datetime
    """In the organisation's time zone."""
    entries: int
    names: Mapping[str, str]
    """The name of each service on the list, by id."""
    not_enforced: Sequence[Point]
    devices: int
    in_force: int
    """Devices that said that they enforce this very version."""

    @property
    def services(self) -> int:
        """How many services are on the list."""
        return len(self.names)


def overview(
    language: Language,
    *,
    trial: bool,
    standing: Standing,
    daily: Daily | None,
    only: tuple[str, Verdict] | None = None,
) -> str:
    """The page; without `daily` (a real server, until oversight is there) it says where numbers
    come from.
    """
    values = {"trial": trial, "standing": standing, "names": standing.names, "daily": daily}
    values |= {"only": only}
    if daily:
        days = list(daily.days)
        values |= {
            "today": daily.today,
            "first": days[0],
            "last": days[-1],
            "chart": bars(
                [(counts.attempts, counts.contacts) for counts in daily.days.values()],
                [language.short_date(day) for day in days],
            ),
        }
    return render("overview.html", language, **values)
