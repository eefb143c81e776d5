"""What has ended is gone from the disk, though nothing new was met since."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from agent.in_force import InForce
from agent.outbox import Acknowledgement, Outbox, Sighting
from agent.pseudonym import Pseudonyms
from agent.record import Record
from agent.retention import Retention
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Channel, Kind, Outcome
from tests.simulators.counterpart import NOW, REPORTS, in_force
from tests.simulators.repository import blocklist

TEN = timedelta(minutes=10)
ATTEMPT = Sighting(
    service="chatgpt",
    host="find-me.chatgpt.com",
    channel=Channel.CONNECTION,
    kind=Kind.ATTEMPT,
    verdict=Verdict.BLOCK,
    outcome=Outcome.STOPPED,
    pseudonym="0" * 32,
)


class Workstation:
    """The stores of one workstation on which something was met at NOW."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        self.in_force: InForce | None = in_force(blocklist(1, published=NOW))
        self.outbox = Outbox(folder / "outbox.db", os.urandom)
        self.record = Record(folder / "record.db")
        self.pseudonyms = Pseudonyms(folder, os.urandom)
        self.pseudonyms.of(4711, NOW)
        self.outbox.spool(ATTEMPT, NOW, TEN)
        self.record.note(4711, uuid4(), ATTEMPT, NOW)
        self.retention = Retention(
            outbox=self.outbox,
            record=self.record,
            pseudonyms=self.pseudonyms,
            in_force=lambda: self.in_force,
            clock=lambda: self.now,
        )

    def holding(self) -> set[str]:
        """The stores on whose files it stands."""
        return {
            path.name.partition(".")[0]
            for path in self.folder.iterdir()
            if b"find-me" in path.read_bytes()
        }

    @property
    def keys(self) -> list[str]:
        return [path.name for path in self.folder.glob("*.key")]


def test_what_has_not_ended_stays(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    workstation.now += timedelta(days=34)
    workstation.retention.look()

    assert workstation.holding() == {"outbox", "record"}
    assert workstation.keys == ["pseudonym-2026-q4.key"]


def test_after_35_days_it_is_off_the_disk(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    workstation.now += timedelta(days=36)
    workstation.retention.look()

    assert workstation.holding() == set()


def test_what_was_sent_is_off_the_disk(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    sent = workstation.outbox.closed(NOW + TEN, 10)
    workstation.outbox.settle(sent, [Acknowledgement("accepted")], NOW)
    workstation.retention.look()

    assert workstation.holding() == {"record"}


def test_the_key_of_a_quarter_ends_with_it(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    workstation.now = NOW.replace(year=2027, month=1, day=1)
    workstation.retention.look()

    assert workstation.keys == []


def test_a_clock_turned_back_erases_no_key(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    workstation.now -= timedelta(days=400)
    workstation.retention.look()

    assert workstation.keys == ["pseudonym-2026-q4.key"]


def test_where_reporting_is_withdrawn_what_waits_is_deleted(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    for organisation, left in ((REPORTS, 1), (b"{}", 0)):
        workstation.in_force = in_force(blocklist(1, published=NOW), organisation)
        workstation.retention.look()
        assert workstation.outbox.held().violations == left


def test_without_a_list_nobody_knows_and_nothing_is_deleted(tmp_path: Path) -> None:
    workstation = Workstation(tmp_path)
    workstation.in_force = None
    workstation.retention.look()

    assert workstation.outbox.held().violations == 1
