"""A person's own record: theirs alone, and gone after 35 days."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from agent.outbox import Sighting
from agent.record import Record, Row
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Channel, Kind, Outcome

NOW = datetime(2026, 11, 25, 12, 34, 56, tzinfo=UTC)
ATTEMPT = Sighting(
    service="chatgpt",
    host="chatgpt.com",
    channel=Channel.CONNECTION,
    kind=Kind.ATTEMPT,
    verdict=Verdict.BLOCK,
    outcome=Outcome.STOPPED,
    pseudonym="0" * 32,
)


def test_an_account_reads_its_own_rows(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db")
    record.note(4711, uuid4(), ATTEMPT, NOW)
    record.note(4712, uuid4(), dataclasses.replace(ATTEMPT, host="claude.ai"), NOW)

    assert record.of(4711, NOW) == [
        Row(
            NOW.replace(second=0),
            "chatgpt",
            "chatgpt.com",
            "connection",
            "attempt",
            "block",
            "stopped",
            1,
        )
    ]


def test_repeats_add_up_for_each_account(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db")
    spooled = uuid4()
    for account in (4711, 4711, 4712):
        record.note(account, spooled, ATTEMPT, NOW)

    assert [row.times for row in record.of(4711, NOW)] == [2]
    assert [row.times for row in record.of(4712, NOW)] == [1]


def test_the_newest_stands_first(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db")
    record.note(4711, uuid4(), ATTEMPT, NOW - timedelta(days=1))
    record.note(4711, uuid4(), dataclasses.replace(ATTEMPT, host="claude.ai"), NOW)

    assert [row.host for row in record.of(4711, NOW)] == ["claude.ai", "chatgpt.com"]


def test_a_row_ends_after_35_days(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db")
    record.note(4711, uuid4(), ATTEMPT, NOW)

    assert len(record.of(4711, NOW + timedelta(days=34))) == 1
    assert record.of(4711, NOW + timedelta(days=36)) == []


def test_what_has_ended_leaves_the_disk(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db")
    record.note(4711, uuid4(), dataclasses.replace(ATTEMPT, host="once.example"), NOW)
    record.note(4711, uuid4(), ATTEMPT, NOW + timedelta(days=36))
    record.close()

    assert b"once.example" not in (tmp_path / "record.db").read_bytes()
