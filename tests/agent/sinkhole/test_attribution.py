"""Rows of the kernel's table: both ends must match, and who has gone has no owner."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sinkhole.attribution import Open, find
from agent.system import linux
from agent.verbs import Connection

TO_443 = Connection("127.0.0.1", 45000, "127.77.0.1", 443)
TO_80 = Connection("127.0.0.1", 45000, "127.77.0.1", 80)

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"


def row(local: str, remote: str, uid: int, inode: int) -> str:
    """As Linux on a little-endian machine writes it."""
    queues = "00000000:00000000 00:00000000 00000000"
    return f"  12: {local} {remote} 01 {queues}  {uid}        0 {inode} 1 0000"


CLIENT, SERVER = "0100007F:AFC8", "01004D7F:01BB"


def test_both_ends_must_match() -> None:
    rows = [
        HEAD,
        row(SERVER, CLIENT, 4713, 5),  # the sinkhole's own end
        row(CLIENT, "01004D7F:0050", 4712, 6),  # the same port, to another place
        row(CLIENT, SERVER, 4711, 7),
    ]
    assert find(rows, [TO_443]) == {TO_443: Open(4711, 7)}
    assert find(rows, [TO_443, TO_80]) == {TO_443: Open(4711, 7), TO_80: Open(4712, 6)}


def test_who_has_gone_is_not_root() -> None:
    assert find([row(CLIENT, SERVER, 0, 0)], [TO_443]) == {}


def test_an_ipv6_socket_that_speaks_ipv4() -> None:
    mapped = "0000000000000000FFFF0000"
    assert find([row(mapped + CLIENT, mapped + SERVER, 4711, 7)], [TO_443]) == {
        TO_443: Open(4711, 7)
    }


def test_the_rest_of_the_tables_is_left_when_all_are_found() -> None:
    def rows() -> Iterator[str]:
        yield row(CLIENT, SERVER, 4711, 7)
        raise AssertionError("read on")

    assert find(rows(), [TO_443])


def test_nothing_wanted_reads_nothing() -> None:
    assert find(iter([HEAD]), []) == {}


@given(st.lists(st.text(max_size=80)))
def test_whatever_a_row_holds(rows: list[str]) -> None:
    assert find(rows, [TO_443]) == {}


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_real_connection(family: socket.AddressFamily) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(family) as client:
        port = server.getsockname()[1]
        client.connect(("127.0.0.1" if family == socket.AF_INET else "::ffff:127.0.0.1", port))
        connection = Connection("127.0.0.1", client.getsockname()[1], "127.0.0.1", port)
        assert find(linux.connections(), [connection])[connection].uid == os.getuid()
