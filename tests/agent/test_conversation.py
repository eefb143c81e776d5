"""The agent's calls against a real server in this process."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agent.answers import (
    Bundle,
    CheckedIn,
    Condition,
    Enrolled,
    Failed,
    NotRefreshed,
    Refreshed,
    Reported,
)
from agent.configuration import Configuration
from agent.conversation import REPORT_BYTES, Conversation, answered, fitting, padded
from agent.enrol import DeviceFiles
from agent.in_force import InForce, ListState
from agent.selftest import Health, State
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Channel, Kind, Outcome, Violation, new_id
from tests.simulators.running import RunningTrial

WELL = Condition(None, ListState.WAITING, {"dns": Health(State.IN_FORCE)})


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTrial]:
    with RunningTrial(tmp_path_factory.mktemp("trial") / "data") as running:
        yield running


class Device:
    """A conversation and where its files are."""

    def __init__(self, trial: RunningTrial, folder: Path) -> None:
        self.trial = trial
        self.folder = folder
        self.shift = timedelta(0)
        self.files = DeviceFiles(folder)
        self.conversation = self.open()

    def open(self) -> Conversation:
        pin = self.trial.parts.publication.pin
        configuration = Configuration(
            server=self.trial.url, pin=pin, language="nl", first=self.folder / "first"
        )
        return Conversation.open(configuration, self.folder, now=self.now, random=os.urandom)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def enrol(self) -> None:
        answer = self.conversation.enrol(self.trial.token())
        assert isinstance(answer, Enrolled), answer

    def refresh(self, brought: Bundle | None = None) -> InForce:
        answer = self.conversation.refresh(self.now(), None, brought)
        assert isinstance(answer, Refreshed), answer
        return answer.in_force

    def tickets(self) -> tuple[str, ...]:
        answer = self.conversation.check_in(WELL, 0)
        assert isinstance(answer, CheckedIn), answer
        return answer.tickets


@pytest.fixture
def device(trial: RunningTrial, tmp_path: Path) -> Device:
    return Device(trial, tmp_path)


@pytest.fixture(scope="module")
def known(trial: RunningTrial, tmp_path_factory: pytest.TempPathFactory) -> Device:
    """One device that has enrolled; a trial has room for few."""
    made = Device(trial, tmp_path_factory.mktemp("known"))
    made.enrol()
    return made


def violation(**changes: str) -> Violation:
    now = datetime.now(UTC)
    made = Violation(
        id=new_id(now, os.urandom(10)),
        when=now.replace(second=0, microsecond=0),
        service="chatgpt",
        host="chatgpt.com",
        channel=Channel.CONNECTION,
        kind=Kind.CONTACT,
        verdict=Verdict.BLOCK,
        outcome=Outcome.STOPPED,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_published_list_verifies(device: Device) -> None:
    in_force = device.refresh()

    assert in_force.blocklist.trial
    assert in_force.reports(device.now())


def test_without_enrolment_the_list_comes_and_the_poll_does_not(device: Device) -> None:
    in_force = device.refresh()

    answer = device.conversation.wait(in_force)

    assert isinstance(answer, Failed)
    assert answer.code == "unknown-device"


def test_a_wrong_token_is_refused_in_one_line(device: Device) -> None:
    answer = device.conversation.enrol("wrong")

    assert isinstance(answer, Failed)
    assert answer.code == "token"
    assert "\n" not in answer.why
    assert "token" in answer.why
    assert not device.conversation.enrolled


def test_the_poll_brings_what_is_new_and_nothing_else(known: Device) -> None:
    bundle = known.conversation.wait(None)
    assert isinstance(bundle, Bundle)

    in_force = known.refresh(bundle)

    assert known.conversation.wait(in_force) is None


def test_a_check_in_gives_tickets_up_to_five(known: Device) -> None:
    assert len(known.tickets()) == 5
    answer = known.conversation.check_in(WELL, 4)
    assert isinstance(answer, CheckedIn)
    assert len(answer.tickets) == 1


def test_a_report_is_acknowledged_and_counted_once_however_often_it_goes(known: Device) -> None:
    first, second, *_ = known.tickets()
    batch = [violation()]

    answers = [known.conversation.report(ticket, batch) for ticket in (first, second)]

    outcomes = [
        answer.acknowledgements[0].outcome for answer in answers if isinstance(answer, Reported)
    ]
    assert outcomes == ["accepted", "skipped"]
    with closing(sqlite3.connect(known.trial.settings.data / "sluis.db")) as database:
        query = "SELECT count(*) FROM violations WHERE id = ?"
        stored = [
            database.execute(query, (form,)).fetchone()[0]
            for form in (str(batch[0].id), batch[0].id.hex, batch[0].id.bytes)
        ]
    assert sum(stored) == 1


def test_a_ticket_serves_once(known: Device) -> None:
    ticket = known.tickets()[0]
    known.conversation.report(ticket, [])

    answer = known.conversation.report(ticket, [violation()])

    assert isinstance(answer, Failed)
    assert answer.code == "ticket"


def test_one_bad_violation_stops_no_other(known: Device) -> None:
    bad, good = violation(service="NO SERVICE"), violation()

    answer = known.conversation.report(known.tickets()[0], [bad, good])

    assert isinstance(answer, Reported)
    assert [one.outcome for one in answer.acknowledgements] == ["rejected", "accepted"]
    assert answer.acknowledgements[0].code == "form"


def test_every_report_is_as_long_as_every_other() -> None:
    many = [violation() for _ in range(200)]
    sent = fitting(many)

    assert 50 < len(sent) < len(many)
    assert {len(padded(batch)) for batch in ([], many[:1], sent)} == {REPORT_BYTES}
    with pytest.raises(ValueError, match="too many"):
        padded(many)


def test_a_clock_that_is_days_off_heals(known: Device) -> None:
    known.shift = timedelta(days=-20)
    try:
        assert isinstance(known.open().check_in(WELL, 5), CheckedIn)
    finally:
        known.shift = timedelta(0)


def test_a_device_that_the_server_does_not_know_enrols_again(device: Device) -> None:
    pin, key = device.trial.parts.publication.pin, device.files.key().to_bytes()
    device.files.keep_device("60af769f-2aee-44c1-bfc8-4388a27ccac3", pin)

    answer = device.conversation.check_in(WELL, 5)

    assert isinstance(answer, Failed)
    assert answer.code == "unknown-device"
    assert device.files.device(pin) is None
    assert device.files.key().to_bytes() == key


def test_the_older_copy_of_a_disk_becomes_a_device_of_its_own(device: Device) -> None:
    device.enrol()
    older = device.open()
    older.check_in(WELL, 5)
    device.open().check_in(WELL, 5)

    answer = older.check_in(WELL, 5)

    assert isinstance(answer, Failed)
    assert answer.code == "epoch"
    assert not device.conversation.enrolled


def test_the_first_list_lies_under_its_published_names(trial: RunningTrial, device: Device) -> None:
    first = device.folder / "first"
    for name, file in trial.parts.publication.served.items():
        path = first / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)

    answer = device.conversation.first(first)

    assert isinstance(answer, Refreshed)


def test_a_first_list_that_is_not_whole_is_told(device: Device) -> None:
    (device.folder / "first").mkdir()

    answer = device.conversation.first(device.folder / "first")

    assert isinstance(answer, NotRefreshed)
    assert "1.root.json" in answer.why


def test_a_server_that_is_away_is_a_value(device: Device) -> None:
    configuration = Configuration(
        server="http://127.0.0.1:1", pin="1:" + "0" * 64, language="nl", first=device.folder
    )
    conversation = Conversation.open(
        configuration, device.folder, now=device.now, random=os.urandom
    )

    for answer in (
        conversation.enrol("token"),
        conversation.wait(None),
        conversation.check_in(WELL, 5),
        conversation.report("0" * 32, []),
    ):
        assert isinstance(answer, Failed)
        assert answer.code == ""
        assert "no connection" in answer.why


def test_an_answer_nested_without_end_is_a_value() -> None:
    @answered
    def deep() -> object:
        return msgspec.json.decode(b'{"tickets":' + b"[" * 100_000)

    answer = deep()

    assert isinstance(answer, Failed)
    assert "cannot be read" in answer.why


def test_files_that_cannot_be_written_are_a_value(device: Device) -> None:
    device.folder.joinpath(".key.new").mkdir()
    answer = device.conversation.wait(None)

    assert isinstance(answer, Failed)
    assert "cannot be used" in answer.why
