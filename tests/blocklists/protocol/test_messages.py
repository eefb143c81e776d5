"""Violations on the wire: strict per entry, tolerant per batch."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.protocol.messages import (
    BadBatch,
    Rejected,
    Violation,
    hour_of,
    new_id,
    read_batch,
    read_violation,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "messages"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOOD: dict[str, Any] = json.JSONDecoder().raw_decode((VECTORS / "batch.json").read_text(), 2)[0]
"""The first entry: others are more than Python's json can read."""


def read(**fields: object) -> Violation | Rejected:
    return read_violation(GOOD | fields, NOW)


def outcomes() -> list[str]:
    seen: set[UUID] = set()
    found = []
    body = b'{"violations": ' + (VECTORS / "batch.json").read_bytes() + b"}"
    for one in read_batch(body, NOW):
        if isinstance(one, Rejected):
            found.append("rejected")
        else:
            found.append("skipped" if one.id in seen else "accepted")
            seen.add(one.id)
    return found


def test_every_row_of_the_vectors() -> None:
    with (VECTORS / "expected.tsv").open(encoding="utf-8", newline="") as file:
        expected = [row["outcome"] for row in csv.DictReader(file, delimiter="\t")]
    assert outcomes() == expected


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"when": "2026-11-24T08:14:00"}, "form"),
        ({"when": "2026-13-24T08:14:00Z"}, "form"),
        ({"when": 1}, "form"),
        ({"when": "2026-11-24T08:14:00+01:60"}, "form"),
        ({"host": "203.0.113.5"}, "form"),
        ({"service": "Chat GPT"}, "form"),
        ({"times": True}, "form"),
        ({"times": 1.5}, "form"),
        ({"reason": "other"}, "form"),
        ({"outcome": "let_through"}, "form"),
        ({"verdict": "observe"}, "form"),
        ({"layer": None}, "form"),
        ({"channel": "process", "layer": None}, "form"),
        ({"channel": "connection"}, "form"),
        ({"id": "{01a20c91-a000-7c11-8d3e-000000000001}"}, "form"),
        ({"id": str(new_id(NOW - timedelta(days=36), bytes(10)))}, "id-window"),
    ],
)
def test_a_field_that_is_wrong_is_named(fields: dict[str, Any], code: str) -> None:
    rejected = read(**fields)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code
    assert rejected.detail.split(":")[0] in fields.keys() | {"outcome", "host", "layer"}


def test_another_offset_is_the_same_minute() -> None:
    violation = read(when="2026-11-24T09:14:59.9+01:00")
    assert isinstance(violation, Violation)
    assert (violation.when, violation.clock_off) == (
        datetime(2026, 11, 24, 8, 14, tzinfo=UTC),
        False,
    )


@pytest.mark.parametrize(
    "when", ["2026-11-24T07:59:59Z", "2026-11-24T09:00:00Z", "0001-01-01T00:00:00+23:00"]
)
def test_a_time_outside_the_hour_of_the_id_becomes_its_start_and_is_marked(when: str) -> None:
    violation = read(when=when)
    assert isinstance(violation, Violation)
    assert (violation.when, violation.clock_off) == (datetime(2026, 11, 24, 8, tzinfo=UTC), True)


def test_what_is_sent_is_read_back_the_same() -> None:
    violation = read()
    assert isinstance(violation, Violation)
    assert read_violation(violation.to_wire(), NOW) == violation


@given(st.integers(0, 4_000_000_000), st.binary(min_size=10, max_size=10))
def test_an_id_holds_the_hour_and_nothing_finer(seconds: int, random: bytes) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    made = new_id(at, random)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert hour_of(made) == at.replace(minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"violations": {}}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_body_that_is_no_batch_is_refused_whole(body: bytes) -> None:
    with pytest.raises(BadBatch):
        read_batch(body, NOW)


def test_too_many_at_once_are_refused_whole() -> None:
    with pytest.raises(BadBatch, match="at most"):
        read_batch(json.dumps({"violations": [None] * 1001}).encode(), NOW)
