"""The local socket: who asks is known from the kernel, and nobody makes it fall over."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from agent.control import BadQuestion, Control
from agent.control_link import NotRunning, Refused, ask
from tests.simulators.waiting import until


async def who(account: int, query: Mapping[str, str]) -> object:
    return {"account": account, **query}


async def bad(account: int, query: Mapping[str, str]) -> object:
    raise BadQuestion("host: write ?host=chatgpt.com")


async def broken(account: int, query: Mapping[str, str]) -> object:
    raise KeyError("a fault of ours")


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "control.sock"
    path.touch()  # as a killed agent leaves it
    serving = Control(path, {"/who": who, "/bad": bad, "/broken": broken})
    loop = asyncio.new_event_loop()
    task = loop.create_task(serving.serve())
    thread = threading.Thread(target=lambda: finish(loop, task))
    thread.start()
    until("the socket", path.is_socket)
    until("it answers", lambda: path.stat().st_mode & 0o777 == 0o666)
    yield path
    loop.call_soon_threadsafe(task.cancel)
    thread.join()
    loop.close()


def finish(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)


def test_the_account_is_the_kernels_word(control: Path) -> None:
    assert ask(control, "/who") == {"account": os.getuid()}


ANOTHER = """
import os
from pathlib import Path
from agent.control_link import ask
os.setuid(65534)
print(ask(Path("control.sock"), "/who")["account"])
"""


def test_another_account_cannot_pass_for_us(control: Path) -> None:
    control.parent.chmod(0o711)

    command = [sys.executable, "-c", ANOTHER]
    told = subprocess.run(command, check=True, cwd=control.parent, capture_output=True, text=True)

    assert told.stdout == "65534\n"


def test_a_query_arrives_as_it_was_sent(control: Path) -> None:
    assert ask(control, "/who", host="bücher.example&x=1")["host"] == "bücher.example&x=1"


def test_a_bad_question_is_told_what_is_right(control: Path) -> None:
    with pytest.raises(Refused, match="write \\?host="):
        ask(control, "/bad")


def test_an_unknown_question_is_told_the_known_ones(control: Path) -> None:
    with pytest.raises(Refused, match="/who, /bad"):
        ask(control, "/nothing")


def test_a_fault_of_ours_is_an_answer_without_its_inside(control: Path) -> None:
    with pytest.raises(Refused) as caught:
        ask(control, "/broken")

    assert "a fault of ours" not in str(caught.value)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /who HTTP/1.1\r\n\r\n", b"405"),
        (b"GET\r\n\r\n", b"400"),
        (b"\xff\xfe / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_question_is_refused(control: Path, sent: bytes, status: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(control))
        connection.sendall(sent)
        assert connection.recv(12) == b"HTTP/1.1 " + status

    assert ask(control, "/who") == {"account": os.getuid()}


def test_one_who_says_nothing_holds_up_nobody(control: Path) -> None:
    silent = [socket.socket(socket.AF_UNIX) for _ in range(10)]
    for connection in silent:
        connection.connect(str(control))

    assert ask(control, "/who") == {"account": os.getuid()}
    for connection in silent:
        connection.close()


def test_without_an_agent_the_command_is_told_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="sluis-agent run"):
        ask(tmp_path / "control.sock", "/who")
