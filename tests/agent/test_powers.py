"""What the helper tells of people's connections: of those to the sinkhole, and of no others."""

from __future__ import annotations

import socket

import pytest

from agent.powers import owners
from agent.verbs import Connection, Owner


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
