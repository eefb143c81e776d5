"""From an arrival at the sinkhole to outbox and record."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from agent import reporting as reporting_module
from agent.database import CannotStore
from agent.in_force import InForce
from agent.outbox import Outbox
from agent.pseudonym import Pseudonyms
from agent.record import Record
from agent.reporting import OPEN_IN_A_TRIAL, Reporting
from agent.sinkhole.server import Arrival
from agent.verbs import Owner
from blocklists.hosts import Host
from blocklists.matcher import decide
from blocklists.protocol.messages import Kind, Violation
from tests.simulators.counterpart import NOW, in_force
from tests.simulators.repository import blocklist

STAFF, COLLEAGUE = 4711, 4712
CLOSED = NOW + OPEN_IN_A_TRIAL


class Story:
    """Reporting with its stores in a folder."""

    def __init__(self, folder: Path, outbox: Path | None = None) -> None:
        self.in_force: InForce | None = in_force(blocklist(1))
        self.outbox = Outbox(outbox or folder / "outbox.db", os.urandom)
        self.record = Record(folder / "record.db")
        self.stored = 0
        self.now = NOW
        self.reporting = Reporting(
            outbox=self.outbox,
            record=self.record,
            pseudonyms=Pseudonyms(folder, os.urandom),
            in_force=lambda: self.in_force,
            clock=lambda: self.now,
            stored=self.count,
        )

    def count(self) -> None:
        self.stored += 1

    def take(self, *arrivals: Arrival) -> list[Violation]:
        """Let these be stored; what is then closed in the outbox."""

        async def while_it_runs() -> None:
            task = asyncio.ensure_future(self.reporting.run())
            for arrival in arrivals:
                self.reporting.take(arrival)
            await asyncio.sleep(0.2)
            task.cancel()

        asyncio.run(while_it_runs())
        return self.outbox.closed(CLOSED, 100)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def arrival(kind: Kind, uid: int | None, host: str = "chatgpt.com") -> Arrival:
    decision = decide(blocklist(1), Host(host), "/", NOW)
    return Arrival(Host(host), decision, kind, Owner(uid, "/usr/bin/curl"))


def test_an_attempt_carries_a_pseudonym_and_no_account(story: Story) -> None:
    [violation] = story.take(arrival(Kind.ATTEMPT, STAFF))

    assert violation.pseudonym
    assert str(STAFF) not in str(violation.to_wire())
    assert "curl" not in str(violation.to_wire())
    assert story.stored == 1


def test_a_contact_is_counted_without_anybody(story: Story) -> None:
    [violation] = story.take(arrival(Kind.CONTACT, STAFF))

    assert violation.pseudonym is None


def test_an_attempt_of_whom_nobody_knows_counts_without_a_person(story: Story) -> None:
    [violation] = story.take(arrival(Kind.ATTEMPT, None))

    assert violation.kind is Kind.ATTEMPT
    assert violation.pseudonym is None


def test_each_account_has_what_was_its_own_on_its_record(story: Story) -> None:
    story.take(
        arrival(Kind.ATTEMPT, STAFF),
        arrival(Kind.CONTACT, STAFF, "api.chatgpt.com"),
        arrival(Kind.ATTEMPT, COLLEAGUE),
    )

    assert {row.host for row in story.record.of(STAFF, NOW)} == {"chatgpt.com", "api.chatgpt.com"}
    assert {row.host for row in story.record.of(COLLEAGUE, NOW)} == {"chatgpt.com"}


def test_repeats_are_one_violation(story: Story) -> None:
    [violation] = story.take(*[arrival(Kind.ATTEMPT, STAFF)] * 3)

    assert violation.times == 3
    assert [row.times for row in story.record.of(STAFF, NOW)] == [3]


@pytest.mark.parametrize("organisation", [b"{}", b'{"reporting_from": "2027-01-01T00:00:00Z"}'])
def test_before_the_organisation_reports_nothing_is_stored(
    story: Story, organisation: bytes
) -> None:
    story.in_force = in_force(blocklist(1), organisation)

    assert story.take(arrival(Kind.ATTEMPT, STAFF)) == []
    assert story.record.of(STAFF, NOW) == []


def test_a_clock_turned_back_is_not_believed(story: Story) -> None:
    story.in_force = in_force(blocklist(1, published=NOW))
    story.now = NOW - timedelta(days=400)

    [violation] = story.take(arrival(Kind.CONTACT, STAFF))

    assert violation.when == NOW


def test_a_flood_is_counted_and_neither_waits_nor_raises(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting_module, "MOST_WAITING", 1000)
    for _ in range(1500):
        story.reporting.take(arrival(Kind.CONTACT, STAFF))

    assert story.reporting.not_kept == 500


def test_where_nothing_can_be_stored_it_is_counted_and_the_next_is_tried(tmp_path: Path) -> None:
    story = Story(tmp_path, outbox=tmp_path / "gone" / "outbox.db")
    with pytest.raises(CannotStore):
        story.take(arrival(Kind.CONTACT, STAFF), arrival(Kind.CONTACT, STAFF))
    assert story.reporting.not_kept == 2

    (tmp_path / "gone").mkdir()

    assert len(story.take(arrival(Kind.CONTACT, STAFF))) == 1
