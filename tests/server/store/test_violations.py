"""Violations in the store: each once, counted by the organisation's days, deleted by their hour."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Channel, Kind, Layer, Outcome, Violation, new_id
from server.store.books import Books
from server.store.database import Database
from server.store.violations import (
    DayCount,
    add_violations,
    delete_violations,
    violations_by_day,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    database = Database(tmp_path / "sluis.db")
    yield Books(database, UUID(int=1))
    database.close()


def violation(when: str, number: int = 1, kind: Kind = Kind.ATTEMPT, times: int = 1) -> Violation:
    instant = datetime.fromisoformat(when).astimezone(UTC)
    return Violation(
        id=new_id(instant, number.to_bytes(10, "big")),
        when=instant,
        service="chatgpt",
        host="chatgpt.com",
        channel=Channel.BROWSER,
        layer=Layer.RULE,
        kind=kind,
        verdict=Verdict.BLOCK,
        outcome=Outcome.STOPPED,
        times=times,
    )


def add(books: Books, *violations: Violation) -> set[UUID]:
    return asyncio.run(books.write(add_violations, violations, "all"))


def test_the_same_id_is_kept_once_and_not_changed(books: Books) -> None:
    first = violation("2026-11-24T08:14:00Z", times=1)
    again = violation("2026-11-24T08:14:00Z", times=9)
    assert add(books, first, again) == {first.id}
    assert add(books, again) == set()
    counts = asyncio.run(books.read(violations_by_day, date(2026, 11, 1), AMSTERDAM))
    assert [count.times for count in counts] == [1]


def test_a_day_is_the_organisations_not_that_of_utc(books: Books) -> None:
    add(
        books,
        violation("2026-11-24T22:59:00Z", 1),  # 23:59 in Amsterdam
        violation("2026-11-24T23:00:00Z", 2, times=3),  # midnight there
        violation("2026-07-01T22:00:00Z", 3, Kind.CONTACT, 2),  # midnight there, in summer
    )
    counts = asyncio.run(books.read(violations_by_day, date(2026, 7, 2), AMSTERDAM))
    block, attempt = Verdict.BLOCK, Kind.ATTEMPT
    assert counts == [
        DayCount(date(2026, 7, 2), "chatgpt", block, Kind.CONTACT, 2),
        DayCount(date(2026, 11, 24), "chatgpt", block, attempt, 1),
        DayCount(date(2026, 11, 25), "chatgpt", block, attempt, 3),
    ]
    later = asyncio.run(books.read(violations_by_day, date(2026, 11, 25), AMSTERDAM))
    assert later == counts[2:]


def test_an_offset_of_three_quarters_of_an_hour_counts_right(books: Books) -> None:
    add(books, violation("2026-11-24T18:14:00Z", 1), violation("2026-11-24T18:15:00Z", 2))
    kathmandu = ZoneInfo("Asia/Kathmandu")  # UTC+5:45
    counts = asyncio.run(books.read(violations_by_day, date(2026, 11, 1), kathmandu))
    assert [count.day.day for count in counts] == [24, 25]


def test_deletion_goes_by_the_hour_of_the_id_and_in_slices(books: Books) -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    old = [violation((start + timedelta(minutes=n)).isoformat(), n) for n in range(5)]
    add(books, *old, violation("2026-10-01T01:00:00Z", 9))
    bound = datetime(2026, 10, 1, 1, tzinfo=UTC)
    assert asyncio.run(books.write(delete_violations, bound, 3)) == 3
    assert asyncio.run(books.write(delete_violations, bound, 3)) == 2
    assert asyncio.run(books.write(delete_violations, bound, 3)) == 0
    left = asyncio.run(books.read(violations_by_day, date(2026, 9, 1), AMSTERDAM))
    assert sum(count.times for count in left) == 1


def test_another_organisations_rows_are_not_seen(books: Books) -> None:
    add(books, violation("2026-11-24T08:14:00Z"))
    other = Books(books.database, UUID(int=2))
    assert asyncio.run(other.read(violations_by_day, date(2026, 1, 1), AMSTERDAM)) == []
