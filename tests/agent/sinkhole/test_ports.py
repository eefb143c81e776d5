"""Ports are taken from nobody, also not from a server on all addresses."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address

import pytest

from agent.sinkhole.ports import Port, Sockets

HERE = IPv4Address("127.77.0.1")


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("address", [str(HERE), "0.0.0.0"])  # noqa: S104 - that is the case
def test_somebody_elses_port(kind: socket.SocketKind, address: str) -> None:
    with socket.socket(socket.AF_INET, kind) as theirs:
        theirs.bind((address, 0))
        if kind is socket.SOCK_STREAM:
            theirs.listen()
        port = Port("web", HERE, theirs.getsockname()[1], kind)
        assert port.take() is None
    taken = port.take()  # free again
    assert taken
    assert taken.getsockname() == (str(HERE), port.number)
    taken.close()


def test_a_port_of_the_past_is_free() -> None:
    taken = Port("web", HERE, 0).take()
    assert taken
    port = Port("web", HERE, taken.getsockname()[1])
    with socket.create_connection(taken.getsockname()) as client:
        client.recv(0)
        theirs, _ = _accepted(taken)
        theirs.close()  # our side waits now (TIME_WAIT)
    taken.close()
    again = port.take()
    assert again
    again.close()


def _accepted(listener: socket.socket) -> tuple[socket.socket, object]:
    listener.settimeout(5)
    return listener.accept()


def test_what_is_ours_as_a_whole() -> None:
    with socket.socket() as one:
        assert Sockets(http=one, tls=one).web
        assert not Sockets(http=one, dns_udp=one).web
        assert Sockets(dns_udp=one, dns_tcp=one).dns
        assert not Sockets(dns_udp=one, http=one).dns
