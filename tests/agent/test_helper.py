"""The superuser's process on a workstation: what the daemon may, what stays, what is given back."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.helper import serve
from agent.verbs import MAX_MESSAGE, PREFIX, Cleared, Code, Listen, Refused, Reply, Request, frame
from agent.verbs import read_reply as read
from blocklists.channels import CANARY
from tests.agent.small_daemon import SmallAgent
from tests.simulators.machine import PEOPLE
from tests.simulators.namespaces import CODE, PROGRAMS
from tests.simulators.waiting import until
from tests.simulators.world import World

SINKHOLE, INTERNET = ["127.77.0.1"], ["203.0.113.80"]
CURL = ["curl", "-sS", "--max-time", "5"]


@pytest.fixture
def agent(world: World) -> Iterator[SmallAgent]:
    """An agent that blocks chat.example; the machine is given back afterwards."""
    with SmallAgent(world) as started:
        started.tell("listen")
        started.tell("route", "chat.example")
        yield started
    clear(world)


def clear(world: World) -> None:
    world.workstation.run(
        [PROGRAMS / "python", "-B", "-c", "from agent.helper import clear; clear()"]
    )


def links(world: World) -> list[str]:
    rows = world.workstation.run(["ip", "-brief", "link"]).splitlines()
    return [row.split()[0].partition("@")[0] for row in rows]


def test_who_comes_and_with_what(world: World, agent: SmallAgent) -> None:
    for user in ("staff", "colleague"):
        page = world.workstation.run(
            [*CURL, "-H", "Accept: text/html", "http://www.chat.example/secret"], user=user
        )
        assert "Chat kun je hier niet gebruiken" in page
        assert "secret" not in page
        world.workstation.run([*CURL, "https://chat.example/"], user=user, check=False)
        assert agent.tell("arrivals") == [
            ["www.chat.example", "attempt", PEOPLE[user], "/usr/bin/curl"],
            ["chat.example", "contact", PEOPLE[user], "/usr/bin/curl"],
        ]
    assert not {"chat.example", "www.chat.example"} & set(world.internet.seen("dns"))


def test_many_at_once_each_with_its_owner(world: World, agent: SmallAgent) -> None:
    urls = [f"http://n{number}.chat.example/" for number in range(20)]
    together = [*CURL, "--parallel", "--parallel-immediate", *urls]
    running = [world.workstation.popen(together, user=user) for user in ("staff", "colleague")]
    assert all(process.wait(30) == 0 for process in running)
    arrivals = agent.tell("arrivals")
    assert len(arrivals) == 40
    for user in ("staff", "colleague"):
        own = {
            host
            for host, _, uid, program in arrivals
            if (uid, program) == (PEOPLE[user], "/usr/bin/curl")
        }
        assert len(own) == 20


def test_a_program_that_speaks_ipv4_through_ipv6(world: World, agent: SmallAgent) -> None:
    code = (
        "import socket; s = socket.socket(socket.AF_INET6); s.connect(('::ffff:127.77.0.1', 80));"
        "s.sendall(b'GET / HTTP/1.1\\r\\nHost: chat.example\\r\\n\\r\\n'); s.recv(99)"
    )
    world.workstation.run([PROGRAMS / "python", "-c", code], user="staff")
    [[host, kind, uid, program]] = agent.tell("arrivals")
    assert (host, kind, uid) == ("chat.example", "contact", PEOPLE["staff"])
    assert "python" in program


def test_the_self_test_sees_the_effect_and_is_not_recorded(world: World, agent: SmallAgent) -> None:
    good = {"dns": ["in-force", ""], "connection": ["in-force", ""]}
    assert agent.tell("check", "chat.example") == good
    assert agent.tell("arrivals") == []
    world.workstation.run(["resolvectl", "domain", "sluis0", f"~{CANARY}"])
    assert agent.tell("check", "chat.example")["dns"] == ["not-in-force", "leaks"]
    world.workstation.run(["resolvectl", "domain", "sluis0", ""])
    assert agent.tell("check", "chat.example") == {
        "dns": ["not-in-force", "leaks"],
        "connection": ["not-in-force", "not-reached"],
    }


def test_the_daemon_has_no_rights(world: World, agent: SmallAgent) -> None:
    _, identity = agent.tell("try", "sh", "-c", "id -u; id -G; grep CapEff /proc/self/status")
    own = str(PEOPLE["sluis-agent"])
    assert identity.split() == [own, own, "CapEff:", "0" * 16]
    for command in (
        ["ip", "link", "delete", "sluis0"],
        ["resolvectl", "domain", "sluis0", "~com"],
        ["resolvectl", "revert", "sluis0"],
        ["ls", f"/proc/{agent.tell('pid')}/../1/fd"],
        ["kill", "1"],
    ):
        code, words = agent.tell("try", *command)
        assert code, (command, words)
    assert agent.tell("route", "localhost") == {"refused": "bad-name"}
    assert agent.tell("route", "com") == {"refused": "bad-name"}
    assert agent.tell("route", "sluis.example") == {"refused": "protected-name"}
    assert world.workstation.resolve("chat.example") == SINKHOLE


def test_a_daemon_that_dies_is_started_again_and_nothing_opens_meanwhile(
    world: World, agent: SmallAgent
) -> None:
    first = agent.tell("pid")
    world.workstation.run(["kill", "-9", str(first)])
    until("another one obeys", agent.obeys)
    assert agent.tell("pid") != first
    assert agent.tell("listen") == [True, True]
    agent.tell("route", "chat.example")
    assert world.workstation.resolve("chat.example") == SINKHOLE
    assert "chat.example" not in world.internet.seen("dns")


def test_a_killed_helper_takes_the_daemon_along_and_blocked_names_fail(
    world: World, agent: SmallAgent
) -> None:
    lives = ["kill", "-0", str(agent.tell("pid"))]
    agent.helper.kill()
    until("the daemon has ended", lambda: not world.workstation.succeeds(lives))
    world.workstation.run(["resolvectl", "flush-caches"])
    start = time.monotonic()
    assert world.workstation.resolve("chat.example") == []
    assert time.monotonic() - start < 2
    assert world.workstation.resolve("open.example") == INTERNET
    assert "chat.example" not in world.internet.seen("dns")
    with SmallAgent(world) as again:
        assert again.tell("listen") == [True, True]
        again.tell("route", "chat.example")
        assert world.workstation.resolve("chat.example") == SINKHOLE


def test_its_end_takes_nothing_back_and_clear_does(world: World, agent: SmallAgent) -> None:
    world.workstation.end(agent.helper)
    assert agent.helper.returncode == 0
    assert "sluis0" in links(world)
    assert "chat.example" in world.workstation.run(["resolvectl", "domain", "sluis0"])
    for _ in range(2):  # the second time there is nothing left
        clear(world)
        assert "sluis0" not in links(world)
    assert world.workstation.resolve("chat.example") == INTERNET
    assert "sluis" not in world.workstation.run(["resolvectl", "status"])


def test_the_verb_clear_gives_the_machine_back(world: World, agent: SmallAgent) -> None:
    assert agent.tell("clear") is None
    assert "sluis0" not in links(world)
    assert world.workstation.resolve("chat.example") == INTERNET


@pytest.fixture
def other_server(world: World) -> Iterator[subprocess.Popen[Any]]:
    """A developer's server on port 443 of all addresses."""
    serve = ["-m", "http.server", "443"]
    server = world.workstation.popen([PROGRAMS / "python", *serve], log="other-server")
    until("it serves", lambda: world.workstation.succeeds([*CURL, "http://127.0.0.1:443/"]))
    yield server
    world.workstation.end(server)


def test_a_port_of_somebody_else_gets_no_visitors(
    world: World, other_server: subprocess.Popen[Any]
) -> None:
    with SmallAgent(world) as agent:
        assert agent.tell("listen") == [True, False]
        agent.tell("route", "chat.example")
        assert world.workstation.resolve("chat.example") == []
        assert world.workstation.resolve("open.example") == INTERNET
        assert agent.tell("check", "chat.example") == {
            "dns": ["in-force", ""],
            "connection": ["not-in-force", "sinkhole-port"],
        }
        world.workstation.end(other_server)
        assert agent.tell("listen") == [True, True]
        until(
            "people are sent to us", lambda: world.workstation.resolve("chat.example") == SINKHOLE
        )
    clear(world)


def test_a_dns_port_of_somebody_else_means_no_routes(world: World) -> None:
    code = (
        "import socket, time; s = socket.socket(type=socket.SOCK_DGRAM);"
        "s.bind(('127.77.0.53', 53)); time.sleep(99)"
    )
    other = world.workstation.popen([PROGRAMS / "python", "-c", code])
    until("it has the port", lambda: "127.77.0.53" in world.workstation.run(["ss", "-Hlun"]))
    with SmallAgent(world) as agent:
        assert agent.tell("listen") == [False, True]
        assert agent.tell("route", "chat.example") == {"refused": "port-53"}
        assert world.workstation.resolve("chat.example") == INTERNET
    world.workstation.end(other)
    clear(world)


def test_only_root_may() -> None:
    code = "from agent import helper; helper.clear()"
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", PROGRAMS / "python", "-B", "-c", code],
        capture_output=True,
        text=True,
        cwd=CODE,
        check=False,
    )
    assert done.returncode
    assert "root" in done.stderr


async def nothing_to_do(_: Request) -> tuple[Reply, list[socket.socket]]:
    return Cleared(), []


def conversation(data: bytes) -> bytes:
    """What a daemon that has been taken over gets for these bytes."""

    async def story() -> bytes:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            with ours:
                await asyncio.wait_for(serve(ours, nothing_to_do), 5)
            try:
                return theirs.recv(1 << 20)
            except ConnectionResetError:  # ended with bytes unread
                return b""

    return asyncio.run(story())


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(PREFIX) + body


def test_an_unknown_verb_is_refused_and_the_next_one_heard() -> None:
    answer = conversation(framed(b'{"type":"kill","pid":1}') + frame(Listen()))
    size = int.from_bytes(answer[:PREFIX])
    refused = read(answer[PREFIX : PREFIX + size])
    assert isinstance(refused, Refused)
    assert refused.code == Code.FORM
    assert read(answer[2 * PREFIX + size :]) == Cleared()


def test_what_is_too_long_or_cut_off_ends_the_conversation() -> None:
    assert conversation((MAX_MESSAGE + 1).to_bytes(PREFIX) + frame(Listen())) == b""
    assert conversation(b"\xff" * 5000) == b""
    assert conversation(frame(Listen())[:-1]) == b""
    assert conversation(b"\0\0") == b""


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_whatever_bytes_come(bodies: Sequence[bytes]) -> None:
    answer = conversation(b"".join(map(framed, bodies)))
    for _ in bodies:
        size = int.from_bytes(answer[:PREFIX])
        assert isinstance(read(answer[PREFIX : PREFIX + size]), Refused)
        answer = answer[PREFIX + size :]
    assert answer == b""


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_open_files_that_a_daemon_sends_are_not_taken() -> None:
    async def story() -> None:
        ours, theirs = socket.socketpair()
        before = open_files()
        with ours, theirs:
            socket.send_fds(theirs, [frame(Listen())], [theirs.fileno()] * 10)
            theirs.shutdown(socket.SHUT_WR)
            await serve(ours, nothing_to_do)
            assert open_files() == before

    asyncio.run(story())
