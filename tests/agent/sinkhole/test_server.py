"""The sinkhole as its clients see it: real sockets on free ports of loopback."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address

import dns.message
import dns.rcode
import pytest

from agent.sinkhole import server as module
from agent.sinkhole.http import Page
from agent.sinkhole.ports import Port, Sockets
from agent.sinkhole.server import Arrival, Sinkhole
from agent.verbs import MAX_CONNECTIONS, Connection, Owner
from blocklists.channels import CANARY
from blocklists.hosts import Host
from blocklists.matcher import decide
from blocklists.protocol.messages import Kind
from tests.agent.small_daemon import NOW, blocklist

HERE = IPv4Address("127.0.0.1")
PAGE = Page(b"<!doctype html><p>the notice", "default-src 'none'")
LIST = blocklist("chat.example")


class Stage:
    """A sinkhole, its sockets, and who came."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        kinds = (socket.SOCK_DGRAM, *[socket.SOCK_STREAM] * 3)
        self.sockets = Sockets(*(Port("", HERE, 0, kind).take() for kind in kinds))
        self.sinkhole = Sinkhole(
            decide=lambda host: decide(LIST, host, "/", NOW),
            record=self.arrivals.append,
            notice=lambda _: PAGE,
            owners=self._owners,
        )

    async def _owners(self, connections: Sequence[Connection]) -> Sequence[Owner]:
        return [Owner(None, "/usr/bin/curl") for _ in connections]

    def at(self, name: str) -> tuple[str, int]:
        address: tuple[str, int] = getattr(self.sockets, name).getsockname()
        return address

    async def say(self, name: str, data: bytes) -> bytes:
        """What a client gets for these bytes, until the other side closes."""
        reader, writer = await asyncio.open_connection(*self.at(name))
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    await made.sinkhole.open(made.sockets)
    made.sinkhole.answer_for([Host("chat.example")])
    try:
        yield made
    finally:
        await made.sinkhole.close()


def request(host: str, accept: str = "text/html", method: str = "GET") -> bytes:
    return f"{method} /secret HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode()


def hello(host: str) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(
        incoming, outgoing, server_hostname=host
    )
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_our_page_asked_for_as_a_document_is_an_attempt() -> None:
    async def story() -> None:
        async with stage() as here:
            answer = await here.say("http", request("www.chat.example"))
            assert answer.endswith(PAGE.body)
            [came] = here.arrivals
            assert (came.host, came.kind) == ("www.chat.example", Kind.ATTEMPT)
            assert came.decision.service == "chat"
            assert came.owner == Owner(os.getuid(), "/usr/bin/curl")

    asyncio.run(story())


def test_all_else_is_a_contact_and_gets_no_page() -> None:
    async def story() -> None:
        async with stage() as here:
            for data in (
                request("chat.example", accept="image/png"),
                request("chat.example", method="POST") + b"x" * 100_000,
            ):
                answer = await here.say("http", data)
                assert answer.startswith(b"HTTP/1.1 403 ")
                assert PAGE.body not in answer
            assert await here.say("tls", hello("chat.example")) == bytes([21, 3, 3, 0, 2, 2, 112])
            assert [came.kind for came in here.arrivals] == [Kind.CONTACT] * 3

    asyncio.run(story())


def test_nothing_is_recorded_of_who_names_no_blocked_host() -> None:
    async def story() -> None:
        async with stage() as here:
            for data in (request("open.example"), request(f"x.{CANARY}"), request("127.0.0.1")):
                assert (await here.say("http", data)).startswith(b"HTTP/1.1 421 ")
            assert (await here.say("http", b"what?\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
            assert await here.say("tls", b"GET / HTTP/1.1\r\n\r\n") == b""
            assert await here.say("tls", hello("open.example"))
            assert not here.arrivals

    asyncio.run(story())


def test_a_client_that_says_nothing_is_closed_and_one_that_leaves_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)

    async def story() -> None:
        async with stage() as here:
            for name in ("http", "tls", "dns_tcp"):
                assert await here.say(name, b"") == b""
                with socket.create_connection(here.at(name)) as client:
                    client.sendall(b"\x16")
            assert (await here.say("http", request("chat.example"))).endswith(PAGE.body)

    asyncio.run(story())


def test_more_connections_than_the_limit_are_closed_at_once() -> None:
    async def story() -> None:
        async with stage() as here:
            held = [await asyncio.open_connection(*here.at("http")) for _ in range(MAX_CONNECTIONS)]
            with suppress(ConnectionError):
                assert await here.say("http", request("chat.example")) == b""
            for _, writer in held:
                writer.close()
            await asyncio.sleep(0.1)
            assert (await here.say("http", request("chat.example"))).endswith(PAGE.body)
            assert len(here.arrivals) == 1

    asyncio.run(story())


def test_names_over_udp_and_tcp() -> None:
    async def story() -> None:
        async with stage() as here:
            query = dns.message.make_query("www.chat.example", "A")
            wire = query.to_wire()
            framed = len(wire).to_bytes(2) + wire
            reader, writer = await asyncio.open_connection(*here.at("dns_tcp"))
            writer.write(framed + framed)
            for _ in range(2):
                size = int.from_bytes(await reader.readexactly(2))
                assert_sinkhole(query, await reader.readexactly(size))
            writer.close()
            assert_sinkhole(query, await asyncio.to_thread(over_udp, here.at("dns_udp"), wire))

    asyncio.run(story())


def over_udp(address: tuple[str, int], wire: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(wire, address)
        return client.recv(4096)


def assert_sinkhole(query: dns.message.Message, wire: bytes) -> None:
    message = dns.message.from_wire(wire)
    assert query.is_response(message)
    assert message.answer[0][0].to_text() == "127.77.0.1"


def test_without_port_443_blocked_names_do_not_exist() -> None:
    async def story() -> None:
        here = Stage()
        assert here.sockets.tls
        here.sockets.tls.close()
        await here.sinkhole.open(
            Sockets(here.sockets.dns_udp, here.sockets.dns_tcp, here.sockets.http)
        )
        here.sinkhole.answer_for([Host("chat.example")])
        wire = dns.message.make_query("chat.example", "A").to_wire()
        reply = await asyncio.to_thread(over_udp, here.at("dns_udp"), wire)
        assert dns.message.from_wire(reply).rcode() == dns.rcode.NXDOMAIN
        await here.sinkhole.close()

    asyncio.run(story())


def test_a_port_that_came_free_later_is_taken_up_and_the_others_go_on() -> None:
    async def story() -> None:
        here = Stage()
        ours = here.sockets
        await here.sinkhole.open(Sockets(ours.dns_udp, ours.dns_tcp, ours.http))
        was = here.sinkhole.web
        again = ours.http.dup() if ours.http else None
        await here.sinkhole.open(Sockets(http=again, tls=ours.tls))
        assert (was, here.sinkhole.web) == (False, True)
        assert again
        assert again.fileno() == -1  # a port that is served already is closed
        assert (await here.say("http", request("chat.example"))).endswith(PAGE.body)
        await here.sinkhole.close()

    asyncio.run(story())


def test_what_is_watched_is_seen() -> None:
    async def story() -> None:
        async with stage() as here:
            host = Host(f"abc.{CANARY}")
            with here.sinkhole.watching(host) as seen:
                await here.say("http", request(host))
                await here.say("tls", hello(host))
                wire = dns.message.make_query(host, "A").to_wire()
                await asyncio.to_thread(over_udp, here.at("dns_udp"), wire)
            assert seen == {"http", "tls", "dns"}

    asyncio.run(story())
