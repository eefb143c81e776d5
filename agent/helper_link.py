"""The daemon's end of the conversation with the superuser's helper."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence

from agent import verbs
from agent.sinkhole.ports import PORTS, Sockets
from agent.verbs import (
    Clear,
    Cleared,
    Code,
    Connection,
    Listen,
    Listening,
    Owned,
    Owner,
    Owners,
    Refusal,
    Refused,
    Reply,
    Request,
    Route,
    Routed,
)
from blocklists.channels import CANARY, DOH_CANARY
from blocklists.hosts import Host

PATIENCE = 30.0
"""Seconds for one verb; making the link and setting the routes takes one or two."""


class HelperGone(Exception):
    """The helper has ended, so the daemon ends too."""


class Helper:
    """The verbs as functions; each raises Refusal where the helper refuses it, and HelperGone."""

    def __init__(self, connection: socket.socket) -> None:
        """Take over the inherited socket; a running event loop is wanted."""
        connection.settimeout(0)
        self._connection = connection
        self._turn = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self.gone = asyncio.Event()
        """Set once the helper has ended."""
        self._watch()

    async def listen(self) -> Sockets:
        """The sinkhole's sockets, as far as no other program has the port.

        Call it again later: what has come free since is there then.
        """
        reply, descriptors = await self._ask(Listen())
        sockets = [socket.socket(fileno=one) for one in descriptors]
        match reply:
            case Listening(ports) if len(ports) == len(sockets):
                by_name = dict(zip(ports, sockets, strict=True))
                return Sockets(*(by_name.get(port.name) for port in PORTS))
        raise self._strange(reply)

    async def route(self, names: Iterable[Host]) -> Routed:
        """Send look-ups of exactly these names, and of all below them, to the sinkhole.

        The names of the self-test and of Firefox's canary go along. Idempotent: it repairs what
        somebody changed.
        """
        reply, _ = await self._ask(Route(sorted({*names, CANARY, DOH_CANARY})))
        if isinstance(reply, Routed):
            return reply
        raise self._strange(reply)

    async def owners(self, connections: Sequence[Connection]) -> list[Owner]:
        """Who opened these connections to the sinkhole, in their order."""
        reply, _ = await self._ask(Owners(list(connections)))
        if isinstance(reply, Owned) and len(reply.owners) == len(connections):
            return reply.owners
        raise self._strange(reply)

    async def clear(self) -> None:
        """Give the machine back."""
        reply, _ = await self._ask(Clear())
        if not isinstance(reply, Cleared):
            raise self._strange(reply)

    async def _ask(self, request: Request) -> tuple[Reply, list[int]]:
        """Send a verb and wait for its answer; a caller that gives up does not cut it in two."""
        reply, descriptors = await asyncio.shield(self._exchange(verbs.frame(request)))
        if isinstance(reply, Refused):
            raise Refusal(Code(reply.code), reply.detail)
        return reply, descriptors

    async def _exchange(self, message: bytes) -> tuple[Reply, list[int]]:
        async with self._turn:
            if self.gone.is_set():
                raise HelperGone("the helper has ended")
            self._loop.remove_reader(self._connection)
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._loop.sock_sendall(self._connection, message)
                    prefix, descriptors = await self._receive(verbs.PREFIX)
                    body, _ = await self._receive(verbs.length(prefix))
                    return verbs.read_reply(body), descriptors
            except (OSError, verbs.TooLong) as error:  # OSError is also TimeoutError
                self.gone.set()
                raise HelperGone(f"the helper does not answer: {error}") from error
            finally:
                self._watch()

    async def _receive(self, size: int) -> tuple[bytes, list[int]]:
        """So many bytes, and the open files that came along. Raises ConnectionError at the end."""
        data, descriptors = b"", list[int]()
        while len(data) < size:
            await self._readable()
            more, came, _, _ = socket.recv_fds(self._connection, size - len(data), len(PORTS))
            descriptors += came
            if not more:
                raise ConnectionResetError("closed")
            data += more
        return data, descriptors

    async def _readable(self) -> None:
        ready: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(self._connection, _settle, ready)
        try:
            await ready
        finally:
            self._loop.remove_reader(self._connection)

    def _watch(self) -> None:
        """Between two verbs nothing may come: what does is the end."""
        if self.gone.is_set():
            self._connection.close()
        else:
            self._loop.add_reader(self._connection, self._ended)

    def _ended(self) -> None:
        self._loop.remove_reader(self._connection)
        self.gone.set()

    def _strange(self, reply: Reply) -> HelperGone:
        self.gone.set()
        return HelperGone(f"the helper answered something else: {type(reply).__name__}")


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
