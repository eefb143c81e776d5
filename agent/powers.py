"""What the superuser's process can do for the daemon: the four verbs, carried out.

The daemon reads what comes from the network, so what it asks is not trusted: each verb checks what
it was given and does no more than its name says.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address

from agent.enforce.choose import Environment, Mechanism, choose
from agent.enforce.interface import Enforcer, NotEnforced
from agent.sinkhole import attribution
from agent.sinkhole.ports import DNS_TCP, DNS_UDP, HTTP, PORTS, TLS, WEB_ADDRESS, Port
from agent.system import linux
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
    Reply,
    Request,
    Route,
    Routed,
    routable,
)
from blocklists.hosts import Host

_TRIES = 20
"""How often a port is tried at first, a tenth of a second apart: the daemon of a helper that was
killed may still hold it."""

_REFUSED = {Mechanism.NONE: Code.NO_RESOLVER, Mechanism.UNUSED: Code.RESOLVER_NOT_USED}

_log = logging.getLogger(__name__)


class Powers:
    """The verbs and what they work on.

    The sockets stay here too, so that nobody else gets a port while the daemon starts again.
    """

    def __init__(self, enforcer: Enforcer, protected: Collection[Host]) -> None:
        """`protected` names, and what is above or below them, are never routed."""
        self._enforcer = enforcer
        self._protected = protected
        self._sockets: dict[Port, socket.socket] = {}
        self._listened = False

    async def carry_out(self, request: Request) -> tuple[Reply, list[socket.socket]]:
        """Do what is asked and give the answer, with the sockets that go along. Raises Refusal."""
        match request:
            case Listen():
                return await self._listen()
            case Route():
                return await self._route(request), []
            case Owners():
                return Owned(owners(request.connections)), []
            case Clear():
                return await self._clear(), []

    async def _listen(self) -> tuple[Reply, list[socket.socket]]:
        for _ in range(1 if self._listened else _TRIES):
            for port in PORTS:
                if port not in self._sockets and (taken := port.take()):
                    self._sockets[port] = taken
            if len(self._sockets) == len(PORTS):
                break
            await asyncio.sleep(0.1)
        self._listened = True
        ours = [port for port in PORTS if port in self._sockets]
        _log.info("listening=%s", ",".join(port.name for port in ours))
        return Listening([port.name for port in ours]), [self._sockets[port] for port in ours]

    async def _route(self, request: Route) -> Reply:
        names = routable(request.names, self._protected)
        if not self._listened:
            raise Refusal(Code.NOT_LISTENING, "names are routed once somebody answers for them")
        if not {DNS_UDP, DNS_TCP} <= self._sockets.keys():
            where = f"{DNS_UDP.address}:{DNS_UDP.number}"
            raise Refusal(Code.PORT_53, f"another program answers DNS at {where}")
        environment = Environment(await self._enforcer.runs(), *linux.resolver_files())
        choice = choose(environment)
        if choice.mechanism is not Mechanism.RESOLVED:
            raise Refusal(_REFUSED[choice.mechanism], f"nothing here routes names: {choice.trace}")
        try:
            await self._enforcer.apply(names)
            conflicts = await self._enforcer.verify(names)
        except NotEnforced as error:
            raise Refusal(Code.RESOLVER_FAILED, str(error)) from error
        _log.info("routes=%d conflicts=%d %s", len(names), len(conflicts), choice.trace)
        return Routed(choice.mechanism, list(conflicts), choice.trace)

    async def _clear(self) -> Reply:
        try:
            await self._enforcer.clear()
        except NotEnforced as error:
            raise Refusal(Code.RESOLVER_FAILED, str(error)) from error
        while self._sockets:
            self._sockets.popitem()[1].close()
        self._listened = False
        _log.info("routes=cleared")
        return Cleared()


def owners(connections: Collection[Connection]) -> list[Owner]:
    """Who opened each connection, in one look; nobody for one that leads not to the sinkhole."""
    ours = [connection for connection in connections if _at_sinkhole(connection)]
    found = attribution.find(linux.connections(), ours)
    programs = linux.programs({one.inode: one.uid for one in found.values()})
    open_ones = (found.get(connection) for connection in connections)
    return [Owner(one.uid, programs.get(one.inode)) if one else Owner() for one in open_ones]


def _at_sinkhole(connection: Connection) -> bool:
    try:
        IPv4Address(connection.client)
    except AddressValueError:
        return False
    at = (connection.server, connection.server_port)
    return at in {(str(WEB_ADDRESS), port.number) for port in (HTTP, TLS)}
