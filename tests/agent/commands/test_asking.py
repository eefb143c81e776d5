"""Questions on the command line, answered by a real agent's control socket."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from agent.answers import Refreshed
from agent.cli import main
from agent.commands.answering import DONE, NO, WRONG_USE
from agent.control import Control
from agent.outbox import Outbox
from agent.questions import Questions
from agent.record import Record
from agent.selftest import Health, State
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from tests.agent.test_record import ATTEMPT
from tests.simulators.counterpart import NOW, Counterpart, in_force, settings
from tests.simulators.repository import blocklist
from tests.simulators.waiting import until


class Answering:
    """The agent's answers in a thread, with a state to write in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.standing = Standing(health={"dns": Health(State.IN_FORCE)})
        self.standing.took(Refreshed(in_force(blocklist(7)), NOW + timedelta(days=7)))
        self.record = Record(folder / "record.db")
        contact = Contact(settings(folder), Counterpart().open)
        outbox = Outbox(folder / "outbox.db", os.urandom)
        questions = Questions(contact, self.standing, outbox, self.record, lambda: NOW, lambda: 0)
        self._control = Control(folder / "control.sock", questions.table())

    def serve(self, loop: asyncio.AbstractEventLoop, task: list[asyncio.Task[None]]) -> None:
        task.append(loop.create_task(self._control.serve()))
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task[0])


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Answering]:
    made, loop, task = Answering(tmp_path), asyncio.new_event_loop(), list[asyncio.Task[None]]()
    thread = threading.Thread(target=made.serve, args=(loop, task))
    thread.start()
    until("it listens", lambda: listens(tmp_path / "control.sock"))
    yield made
    loop.call_soon_threadsafe(task[0].cancel)
    thread.join()
    loop.close()


def listens(path: Path) -> bool:
    """Whether somebody takes connections: the file is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.connect(str(path))
        return True
    return False


def told(agent: Answering, capsys: pytest.CaptureFixture[str], *given: str) -> tuple[int, str]:
    code = main([*given, "--data", str(agent.folder)])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_status_in_lines(agent: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(agent, capsys, "status")

    assert code == DONE
    assert "Version 7" in said
    assert "dns" in said


def test_status_in_json(agent: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(agent, capsys, "status", "--json")

    assert code == DONE
    assert json.loads(said)["list"]["version"] == 7


def test_status_is_no_where_a_channel_does_not_hold(
    agent: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    agent.standing.health = {"dns": Health(State.NOT_IN_FORCE, "leaks")}

    assert told(agent, capsys, "status")[0] == NO


def test_status_is_no_while_there_is_no_list(
    agent: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    agent.standing.in_force = None

    assert told(agent, capsys, "status")[0] == NO


def test_check_in_dutch(agent: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(agent, capsys, "check", "chatgpt.com", "--language", "nl")

    assert code == DONE
    assert said.startswith("chatgpt.com\n")
    assert "category assistant zegt block." in said


def test_check_of_no_host_is_wrong_use(
    agent: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told(agent, capsys, "check", "no host")

    assert code == WRONG_USE
    assert "such as chatgpt.com" in said
    assert said.count("\n") == 1


def test_record_shows_the_callers_own_rows(
    agent: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    agent.record.note(os.getuid(), uuid4(), ATTEMPT, NOW)
    agent.record.note(os.getuid() + 1, uuid4(), ATTEMPT, NOW)

    code, said = told(agent, capsys, "record")

    assert code == DONE
    assert said.count("chatgpt.com") == 1
    assert "opened by hand" in said


def test_record_says_when_there_is_nothing(
    agent: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "counted nothing" in told(agent, capsys, "record")[1]
