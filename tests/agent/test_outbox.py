"""The outbox: at least once from here, and what is spooled survives kill -9."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from agent import outbox as outbox_module
from agent.outbox import Acknowledgement, Held, Outbox, Sighting
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import (
    Channel,
    Kind,
    Outcome,
    Rejected,
    Violation,
    hour_of,
    read_violation,
)

NOW = datetime(2026, 11, 25, 12, 34, 56, tzinfo=UTC)
TEN = timedelta(minutes=10)
CONTACT = Sighting(
    service="chatgpt",
    host="chatgpt.com",
    channel=Channel.CONNECTION,
    kind=Kind.CONTACT,
    verdict=Verdict.BLOCK,
    outcome=Outcome.STOPPED,
    pseudonym=None,
)
ACCEPTED = Acknowledgement("accepted")
OUT_OF_WINDOW = Acknowledgement("rejected", "id-window")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db", os.urandom)
    yield made
    made.close()


def one(outbox: Outbox, at: datetime) -> Violation:
    [violation] = outbox.closed(at, 100)
    return violation


def test_a_violation_is_what_the_server_takes(outbox: Outbox) -> None:
    attempt = dataclasses.replace(CONTACT, kind=Kind.ATTEMPT, pseudonym="0" * 32)
    outbox.spool(attempt, NOW, TEN)

    violation = one(outbox, NOW + TEN)

    assert read_violation(violation.to_wire(), NOW) == violation
    assert violation.when == NOW.replace(second=0)
    assert hour_of(violation.id) == NOW.replace(minute=0, second=0)


def test_it_stays_open_and_repeats_add_up(outbox: Outbox) -> None:
    first = outbox.spool(CONTACT, NOW, TEN)
    second = outbox.spool(CONTACT, NOW + timedelta(minutes=9), TEN)

    assert first == second
    assert outbox.closed(NOW + timedelta(minutes=9), 100) == []
    assert one(outbox, NOW + TEN).times == 2


def test_after_it_closed_the_next_is_a_new_one(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)
    outbox.spool(CONTACT, NOW + TEN, TEN)

    assert [violation.times for violation in outbox.closed(NOW + 2 * TEN, 100)] == [1, 1]


def test_what_differs_is_counted_apart(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)
    outbox.spool(dataclasses.replace(CONTACT, host="api.chatgpt.com"), NOW, TEN)
    for person in ("0" * 32, "1" * 32):
        attempt = dataclasses.replace(CONTACT, kind=Kind.ATTEMPT, pseudonym=person)
        outbox.spool(attempt, NOW, TEN)

    assert len(outbox.closed(NOW + TEN, 100)) == 4


def test_it_waits_until_it_is_acknowledged(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)
    violation = one(outbox, NOW + TEN)
    assert one(outbox, NOW + TEN) == violation

    outbox.settle([violation], [ACCEPTED], NOW)

    assert outbox.closed(NOW + TEN, 100) == []


def test_seen_before_is_as_good_as_accepted(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)

    lost = outbox.settle([one(outbox, NOW + TEN)], [Acknowledgement("skipped")], NOW)

    assert lost == []
    assert outbox.held() == Held(violations=0, tickets=0)


def test_a_rejected_one_is_told_and_goes(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)

    lost = outbox.settle([one(outbox, NOW + TEN)], [Acknowledgement("rejected", "form")], NOW)

    assert lost == ["form"]
    assert outbox.held().violations == 0


def test_outside_the_window_it_is_made_anew_once(outbox: Outbox) -> None:
    server_time = NOW + timedelta(days=3)
    outbox.spool(CONTACT, NOW, TEN)
    before = one(outbox, NOW + TEN)

    assert outbox.settle([before], [OUT_OF_WINDOW], server_time) == []
    anew = one(outbox, server_time)
    assert anew.id != before.id
    assert hour_of(anew.id) == server_time.replace(minute=0, second=0)
    assert not isinstance(read_violation(anew.to_wire(), server_time), Rejected)

    assert outbox.settle([anew], [OUT_OF_WINDOW], server_time) == ["id-window"]
    assert outbox.held().violations == 0


def test_old_ones_go_after_35_days(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW, TEN)

    assert outbox.closed(NOW + timedelta(days=36), 100) == []


def test_a_clock_that_was_ahead_holds_nothing_back(outbox: Outbox) -> None:
    outbox.spool(CONTACT, NOW + timedelta(days=3000), TEN)

    assert len(outbox.closed(NOW, 100)) == 1


def test_when_full_what_is_there_stays(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MAX_VIOLATIONS", 2)
    kept = [
        outbox.spool(dataclasses.replace(CONTACT, host=f"{n}.example"), NOW, TEN) for n in range(3)
    ]

    assert kept[2] is None
    assert outbox.held().violations == 2


def test_what_a_page_makes_up_leaves_room_for_people(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "MAX_OF_ONE", 2)
    made_up = [dataclasses.replace(CONTACT, host=f"{n}.chatgpt.com") for n in range(3)]
    attempt = dataclasses.replace(CONTACT, kind=Kind.ATTEMPT, pseudonym="0" * 32)
    colleague = dataclasses.replace(attempt, pseudonym="1" * 32)

    assert [outbox.spool(one, NOW, TEN) is None for one in made_up] == [False, False, True]
    assert outbox.spool(attempt, NOW, TEN)
    assert outbox.spool(colleague, NOW, TEN)


def test_the_next_end_is_that_of_the_oldest(outbox: Outbox) -> None:
    assert outbox.next_end() is None
    outbox.spool(CONTACT, NOW, TEN)

    assert outbox.next_end() == NOW + TEN


def test_a_row_that_holds_no_violation_stops_nothing(outbox: Outbox, tmp_path: Path) -> None:
    outbox.spool(CONTACT, NOW, TEN)
    outbox.spool(dataclasses.replace(CONTACT, host="claude.ai"), NOW, TEN)
    with sqlite3.connect(tmp_path / "outbox.db") as edited:
        edited.execute("UPDATE violations SET channel = 'pigeon' WHERE host = 'claude.ai'")

    assert one(outbox, NOW + TEN).host == "chatgpt.com"


def test_a_ticket_is_used_until_it_is_spent(outbox: Outbox) -> None:
    outbox.keep_tickets(["a" * 32, "b" * 32], NOW)
    ticket = outbox.ticket()
    assert ticket is not None
    assert outbox.ticket() == ticket

    outbox.spend(ticket)

    assert outbox.ticket() not in {ticket, None}


def test_few_tickets_are_kept(outbox: Outbox) -> None:
    for minute in range(20):
        outbox.keep_tickets([f"{minute:032}"], NOW + timedelta(minutes=minute))

    assert outbox.held().tickets == outbox_module.MAX_TICKETS
    assert outbox.ticket() == f"{19:032}"


SPOOLS_FOR_EVER = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from agent.outbox import Outbox
from tests.agent.test_outbox import CONTACT
import dataclasses
outbox = Outbox(Path(sys.argv[1]), os.urandom)
number = 0
while True:
    number += 1
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    host = f"{number}.{sys.argv[2]}.example"
    spooled = outbox.spool(dataclasses.replace(CONTACT, host=host), now, timedelta(seconds=2))
    print(spooled, flush=True)
"""


def test_what_was_spooled_survives_kill_9(tmp_path: Path) -> None:
    spooled: list[str] = []
    for kill in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", SPOOLS_FOR_EVER, tmp_path / "outbox.db", str(kill)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        spooled.append(process.stdout.readline().strip())
        time.sleep(random.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        spooled += process.stdout.read().split()
        process.wait()

    found = Outbox(tmp_path / "outbox.db", os.urandom).closed(NOW + TEN, 10_000)

    ids = [violation.id for violation in found]
    assert len(ids) == len(set(ids))
    assert {UUID(one) for one in spooled if len(one) == 36} <= set(ids)
