"""What returns by the clock: retention, forgetting, renewal; one failure does not end it."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from server.devices.tokens import hash_secret
from server.jobs import Job, forget, jobs, retain, run_for_ever, untie
from tests.simulators.endpoint import attempt, report
from tests.simulators.running import RunningTrial


def count(trial: RunningTrial, table: str) -> int:
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(number)


def test_a_violation_older_than_35_days_is_gone_from_the_disk(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    old = attempt(trial.clock(), host="find-me-on-disk.example")
    assert report(trial.url, endpoint.tickets()[0], [old]).status == 200
    trial.clock.forward(timedelta(days=34, hours=22))
    young = attempt(trial.clock())
    assert report(trial.url, endpoint.tickets()[0], [young]).status == 200
    assert trial.call(retain(trial.parts.books, trial.clock())) == 0
    trial.clock.forward(timedelta(hours=3))
    assert trial.call(retain(trial.parts.books, trial.clock())) == 1
    files = [path for path in trial.settings.data.iterdir() if path.is_file()]
    assert b"find-me-on-disk" not in b"".join(path.read_bytes() for path in files)
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        (left,) = connection.execute("SELECT id FROM violations").fetchone()
    assert UUID(bytes=left) == UUID(young["id"])


def test_a_late_resend_of_what_was_deleted_does_not_count_again(trial: RunningTrial) -> None:
    endpoint, old = trial.endpoint(), attempt(trial.clock())
    report(trial.url, endpoint.tickets()[0], [old])
    trial.clock.forward(timedelta(days=36))
    trial.call(retain(trial.parts.books, trial.clock()))
    answer = report(trial.url, endpoint.tickets()[0], [old])
    assert answer.json["results"][0]["code"] == "id-window"
    assert count(trial, "violations") == 0


def test_nonces_tokens_and_tickets_are_forgotten_when_they_are_over(trial: RunningTrial) -> None:
    trial.endpoint().tickets()
    trial.token(days=2)
    trial.call(forget(trial.parts.books, trial.clock()))
    assert (count(trial, "nonces"), count(trial, "tickets")) == (2, 5)
    assert count(trial, "enrolment_tokens") == 1  # the one that was used up is gone
    trial.clock.forward(timedelta(minutes=11))
    trial.call(forget(trial.parts.books, trial.clock()))
    assert (count(trial, "nonces"), count(trial, "tickets")) == (0, 5)
    trial.clock.forward(timedelta(days=9))
    trial.call(forget(trial.parts.books, trial.clock()))
    assert (count(trial, "tickets"), count(trial, "enrolment_tokens")) == (0, 0)


def test_the_disk_does_not_tell_on_whose_ticket_a_violation_came(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    ticket, log = endpoint.tickets()[0], trial.settings.data / "sluis.db-wal"
    keyid = endpoint.key.public.keyid.encode()
    assert {keyid in log.read_bytes(), hash_secret(ticket) in log.read_bytes()} == {True}
    report(trial.url, ticket, [attempt(trial.clock())])
    trial.call(untie(trial.parts.books))
    files = [path for path in trial.settings.data.iterdir() if path.is_file()]
    assert hash_secret(ticket) not in b"".join(path.read_bytes() for path in files)
    assert log.read_bytes() == b""
    table = jobs(trial.parts.books, trial.parts.repository, trial.clock)
    assert [job.every for job in table if job.name == "untie"] == [timedelta(minutes=1)]


def test_a_server_that_starts_does_what_is_due(tmp_path: Path) -> None:
    with RunningTrial(tmp_path) as trial:
        report(trial.url, trial.endpoint().tickets()[0], [attempt(trial.clock())])
        timestamp = trial.parts.publication.current["timestamp"].version
    late = RunningTrial(tmp_path)
    late.clock.forward(timedelta(days=40))
    with late:
        late.call(asyncio.sleep(0.5))
        assert count(late, "violations") == 0
        assert late.parts.publication.current["timestamp"].version > timestamp


def test_a_job_that_fails_is_run_again() -> None:
    ran: asyncio.Queue[None] = asyncio.Queue()

    async def broken() -> None:
        ran.put_nowait(None)
        raise OSError("disk full")

    async def story() -> None:
        task = asyncio.create_task(run_for_ever(Job("broken", timedelta(milliseconds=1), broken)))
        for _ in range(3):
            await ran.get()
        task.cancel()

    asyncio.run(asyncio.wait_for(story(), 5))
