"""Attempts and contacts by day: apart, today included, nothing outside the 35 days."""

from __future__ import annotations

from datetime import date, timedelta

from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Kind
from server.oversight.daily import DAYS, Counts, by_day
from server.store.violations import DayCount

TODAY = date(2026, 11, 25)


def count(
    ago: int, kind: Kind = Kind.ATTEMPT, times: int = 1, service: str = "chatgpt"
) -> DayCount:
    return DayCount(TODAY - timedelta(days=ago), service, Verdict.BLOCK, kind, times)


def test_attempts_and_contacts_are_never_added() -> None:
    daily = by_day([count(0, times=3), count(0, Kind.CONTACT, 40), count(1)], TODAY)
    assert daily.today == Counts(3, 40)
    assert daily.total == Counts(4, 40)


def test_every_day_is_there_and_today_is_the_last() -> None:
    days = list(by_day([], TODAY).days)
    assert (len(days), days[0], days[-1]) == (DAYS, TODAY - timedelta(days=34), TODAY)


def test_what_is_older_or_ahead_is_not_shown() -> None:
    daily = by_day([count(34), count(35), count(-1)], TODAY)
    assert daily.total == Counts(1, 0)


def test_rows_stand_by_service_and_verdict_the_most_attempts_first() -> None:
    warned = DayCount(TODAY, "chatgpt", Verdict.WARN, Kind.ATTEMPT, 1)
    daily = by_day([warned, count(3, times=2, service="poe"), count(2, times=9)], TODAY)
    rows = [(row.service, row.verdict, row.total.attempts) for row in daily.services]
    assert rows == [
        ("chatgpt", Verdict.BLOCK, 9),
        ("poe", Verdict.BLOCK, 2),
        ("chatgpt", Verdict.WARN, 1),
    ]
    assert daily.services[1].last == TODAY - timedelta(days=3)


def test_one_service_under_one_verdict_can_be_looked_at_alone() -> None:
    counts = [count(0, times=2), count(0, times=5, service="poe")]
    daily = by_day(counts, TODAY, ("poe", Verdict.BLOCK))
    assert (daily.total, daily.days[TODAY], daily.today) == (Counts(5), Counts(5), Counts(7))
    assert len(daily.services) == 2


def test_nothing_at_all_has_no_busiest_day() -> None:
    assert by_day([], TODAY).busiest is None
    assert by_day([count(4)], TODAY).busiest == TODAY - timedelta(days=4)
