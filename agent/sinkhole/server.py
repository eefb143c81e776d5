"""The sinkhole: answers DNS for the names on the list, and whoever then connects.

Rules kept here:
 * It looks who connected first and answers then: a client that has gone has no owner any more.
 * It speaks no TLS and reads no body; a connection lives for seconds, and their number is bounded.
 * Whatever a client sends, it gets an answer or a closed connection, and no other client notices.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address

from agent.sinkhole import dns, http, tls
from agent.sinkhole.owners import Ask, Owners
from agent.sinkhole.ports import WEB_ADDRESS, Sockets
from agent.verbs import MAX_CONNECTIONS, Connection, Owner
from blocklists.blocklist import Verdict
from blocklists.channels import CANARY
from blocklists.hosts import Host, parents
from blocklists.matcher import Decision
from blocklists.protocol.messages import Kind

PATIENCE = 5.0
"""Seconds that a client has for its first request, or between two queries."""
LINGER = 1.0
"""Seconds in which a client may still be sending after our answer."""

_CHUNK = 4096

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """One connection for a blocked host."""

    host: Host
    decision: Decision
    kind: Kind
    """An attempt only where our page was asked for as a document on port 80; else a contact."""
    owner: Owner


class Sinkhole:
    """One server for the four ports, as far as they are ours."""

    def __init__(
        self,
        *,
        decide: Callable[[Host], Decision],
        record: Callable[[Arrival], None],
        notice: Callable[[Decision], http.Page],
        owners: Ask,
    ) -> None:
        """Take what it needs to know, and serve nothing yet.

        Args:
            decide: what the list says of a host now.
            record: takes each connection for a blocked host; it neither waits nor raises.
            notice: the page for what is blocked so.
            owners: who opened these connections; the superuser's helper knows.
        """
        self._decide, self._record, self._notice = decide, record, notice
        self._owners = Owners(owners)
        self._zone = dns.Zone(frozenset({CANARY}), None)
        self._serving: dict[str, asyncio.Server | asyncio.DatagramTransport] = {}
        self._open: dict[StreamWriter, asyncio.Task[None] | None] = {}
        self._watched: dict[Host, set[str]] = {}

    async def open(self, sockets: Sockets) -> None:
        """Serve on these sockets, and close those whose port is served already."""
        await self._serve("dns_udp", sockets.dns_udp, self._serve_datagrams)
        await self._serve("dns_tcp", sockets.dns_tcp, self._serve_streams(self._names))
        await self._serve("http", sockets.http, self._serve_streams(self._http))
        await self._serve("tls", sockets.tls, self._serve_streams(self._tls))
        self.answer_for(self._zone.names)

    def answer_for(self, names: Iterable[Host]) -> None:
        """Answer for these names and all below them from now on, and for the self-test's.

        They lead to us if both ports there are ours, else they do not exist: nobody else's server
        is handed their visitors.
        """
        address: IPv4Address | None = WEB_ADDRESS if self.web else None
        self._zone = dns.Zone(frozenset({*names, CANARY}), address)

    @property
    def web(self) -> bool:
        """Whether people are sent to us."""
        return {"http", "tls"} <= self._serving.keys()

    @contextmanager
    def watching(self, host: Host) -> Iterator[set[str]]:
        """Where this host shows up meanwhile: `dns`, `http`, `tls`."""
        seen = self._watched[host] = set()
        try:
            yield seen
        finally:
            del self._watched[host]

    async def close(self) -> None:
        """Stop serving, close the sockets and what is open."""
        while self._serving:
            self._serving.popitem()[1].close()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*filter(None, self._open.values()), return_exceptions=True)

    async def _serve(
        self,
        name: str,
        taken: socket.socket | None,
        start: Callable[[socket.socket], Awaitable[asyncio.Server | asyncio.DatagramTransport]],
    ) -> None:
        if taken is None:
            return
        if name in self._serving:
            taken.close()
        else:
            self._serving[name] = await start(taken)

    async def _serve_datagrams(self, taken: socket.socket) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._reply), sock=taken
        )
        return transport

    def _serve_streams(
        self, converse: Callable[[StreamReader, StreamWriter], Awaitable[None]]
    ) -> Callable[[socket.socket], Awaitable[asyncio.Server]]:
        async def connected(reader: StreamReader, writer: StreamWriter) -> None:
            self._open[writer] = asyncio.current_task()
            try:
                if len(self._open) <= MAX_CONNECTIONS:
                    await converse(reader, writer)
            except (OSError, EOFError):  # gone, or too slow
                pass
            finally:
                del self._open[writer]
                writer.transport.abort()

        async def start(taken: socket.socket) -> asyncio.Server:
            return await asyncio.start_server(connected, sock=taken, limit=_CHUNK)

        return start

    def _reply(self, query: bytes) -> bytes | None:
        if self._watched and (host := dns.asked(query)):
            self._saw(host, "dns")
        return dns.answer(query, self._zone)

    async def _names(self, reader: StreamReader, writer: StreamWriter) -> None:
        """DNS over TCP (RFC 7766): queries with their length in front, one after the other."""
        while True:
            async with asyncio.timeout(PATIENCE):
                query = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
                reply = self._reply(query)
                if reply is None:
                    return
                writer.write(len(reply).to_bytes(2) + reply)
                await writer.drain()

    async def _http(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection = _ends(writer)
        account, data = await self._owners.account(connection), b""
        async with asyncio.timeout(PATIENCE):
            while (request := http.read(data)) is http.Head.INCOMPLETE:
                data += await _more(reader)
        if not isinstance(request, http.Request):
            return await _finish(reader, writer, http.respond("400 Bad Request"))
        kind = Kind.ATTEMPT if request.document else Kind.CONTACT
        decision = await self._arrived(request.host, "http", kind, connection, account)
        if decision is None:
            return await _finish(reader, writer, http.respond("421 Misdirected Request"))
        page = self._notice(decision) if request.document else None
        return await _finish(reader, writer, http.respond("403 Forbidden", page))

    async def _tls(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection = _ends(writer)
        account, data = await self._owners.account(connection), b""
        async with asyncio.timeout(PATIENCE):
            while (name := tls.server_name(data)) is tls.Hello.INCOMPLETE:
                data += await _more(reader)
        if not isinstance(name, tls.Hello):
            await self._arrived(name, "tls", Kind.CONTACT, connection, account)
        if name is not tls.Hello.NOT_TLS:
            await _finish(reader, writer, tls.ALERT)

    async def _arrived(
        self, host: Host | None, where: str, kind: Kind, connection: Connection, account: Owner
    ) -> Decision | None:
        """What the list says of the host, if it is blocked; the connection is then recorded."""
        if host is None:
            return None
        self._saw(host, where)
        decision = self._decide(host)
        if decision.verdict is not Verdict.BLOCK or CANARY in parents(host):
            return None
        owner = await self._owners.program(connection, account)
        self._record(Arrival(host, decision, kind, owner))
        return decision

    def _saw(self, host: Host, where: str) -> None:
        if host in self._watched:
            self._watched[host].add(where)


class _Datagrams(asyncio.DatagramProtocol):
    """DNS over UDP."""

    def __init__(self, reply: Callable[[bytes], bytes | None]) -> None:
        self._reply = reply
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # CPython's is no DatagramTransport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._reply(data)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)


def _ends(writer: StreamWriter) -> Connection:
    client, server = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
    return Connection(client[0], client[1], server[0], server[1])


async def _more(reader: StreamReader) -> bytes:
    """What has come. Raises EOFError at the end."""
    data = await reader.read(_CHUNK)
    if not data:
        raise EOFError
    return data


async def _finish(reader: StreamReader, writer: StreamWriter, answer: bytes) -> None:
    """Send the answer and wait for the client's end.

    Closed with bytes unread, the kernel would take the answer back.
    """
    writer.write(answer)
    async with asyncio.timeout(LINGER):
        await writer.drain()
        writer.write_eof()
        while await reader.read(_CHUNK):
            pass
