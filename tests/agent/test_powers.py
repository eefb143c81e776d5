"""What the helper does and does not do for the daemon, on a workstation whose resolver varies."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from agent.powers import owners
from agent.verbs import Connection, Owner
from tests.agent.small_daemon import SmallAgent
from tests.simulators.waiting import until
from tests.simulators.world import World


@pytest.mark.parametrize(
    "elsewhere",
    [
        Connection("127.0.0.1", 45000, "127.0.0.1", 443),
        Connection("127.0.0.1", 45000, "127.77.0.1", 8700),
        Connection("192.0.2.2", 45000, "203.0.113.80", 443),
        Connection("::1", 45000, "127.77.0.1", 443),
        Connection("localhost", 45000, "127.77.0.1", 443),
        Connection("127.77.0.1", 443, "127.0.0.1", 45000),
    ],
    ids=str,
)
def test_a_connection_elsewhere_has_no_owner(elsewhere: Connection) -> None:
    assert owners([elsewhere]) == [Owner()]


def test_a_real_connection_elsewhere_has_no_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert owners([Connection(*client.getsockname(), *server.getsockname())]) == [Owner()]


def test_nothing_asked_nothing_told() -> None:
    assert owners([]) == []


@pytest.fixture(scope="module")
def agent(world: World) -> Iterator[SmallAgent]:
    with SmallAgent(world) as started:
        yield started


def test_no_route_before_somebody_answers(world: World, agent: SmallAgent) -> None:
    assert agent.tell("route", "chat.example") == {"refused": "not-listening"}
    assert "chat.example" not in world.workstation.run(["resolvectl", "domain"])
    assert agent.tell("listen") == [True, True]
    assert agent.tell("route", "chat.example") == ["systemd-resolved", []]


def test_no_route_where_programs_ask_somebody_else(world: World, agent: SmallAgent) -> None:
    run = world.workstation.run
    stub = run(["readlink", "/etc/resolv.conf"]).strip()
    run(["sh", "-c", "rm /etc/resolv.conf; echo nameserver 192.0.2.1 > /etc/resolv.conf"])
    assert agent.tell("route", "chat.example") == {"refused": "resolver-not-used"}
    run(["ln", "-sf", stub, "/etc/resolv.conf"])
    assert agent.tell("route", "chat.example") == ["systemd-resolved", []]


def test_a_resolver_that_hangs_is_given_up(world: World, agent: SmallAgent) -> None:
    """The daemon is answered, and the next time all is well again."""
    signal = ["sh", "-c", "kill -$0 $(pidof systemd-resolved)"]
    world.workstation.run([*signal, "STOP"])
    assert agent.tell("route", "chat.example") == {"refused": "resolver-failed"}
    world.workstation.run([*signal, "CONT"])
    assert agent.tell("route", "chat.example") == ["systemd-resolved", []]


def test_no_route_without_a_resolver(world: World, agent: SmallAgent) -> None:
    world.workstation.run(["sh", "-c", "kill -9 $(pidof systemd-resolved)"])
    until(  # the bus names it for a moment yet
        "it is known to be gone",
        lambda: agent.tell("route", "chat.example") == {"refused": "no-resolver"},
    )
    world.workstation.popen(["/usr/lib/systemd/systemd-resolved"], log="resolved-again")
    until(
        "the routes can be made",
        lambda: agent.tell("route", "chat.example") == ["systemd-resolved", []],
    )
