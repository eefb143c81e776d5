"""Routes through systemd-resolved: a link of our own whose routing domains lead to the sinkhole.

Source: org.freedesktop.resolve1(5). Rules kept here:
 * The link is made once and left standing: Chromium drops loads when a link is added, and a change
   of its domains disturbs nothing.
 * At most 250 names come here: at the 257th resolved refuses *and empties the list*. While it sets
   new names it counts the old ones too, so those that go are taken off first where both together
   have no room; those that stay are routed all the while.
 * Only what differs is set, and then all is read back. A link without a scope answers nothing, so
   its scope is waited for.
 * resolved keeps a link's settings over its own restart; `keep` sees to it in any case.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.enforce.interface import NotEnforced
from agent.sinkhole.ports import DNS_ADDRESS
from agent.system import linux
from agent.system.bus import BusFailed, Service
from blocklists.hosts import Host, parents

LINK = "sluis0"
LINK_ADDRESS = "192.0.2.53"
"""For documentation (RFC 5737): global in scope, as resolved wants it, and nobody's."""

_SERVICE = "org.freedesktop.resolve1"
_PATH, _MANAGER, _LINK = "/org/freedesktop/resolve1", f"{_SERVICE}.Manager", f"{_SERVICE}.Link"
_DNS_SCOPE = 1
"""Bit of ScopesMask: servers of the link are asked."""
_ROOM = 256
"""Domains that a link has room for (systemd, resolved-link.h, LINK_SEARCH_DOMAINS_MAX)."""
_PATIENCE = 3.0
"""Seconds until a new link has its scope: the kernel may tell of a carrier a second late."""

_log = logging.getLogger(__name__)


class Resolved:
    """The enforcer for systemd-resolved."""

    def __init__(self) -> None:
        self._started = asyncio.Event()
        self._service = Service(_SERVICE, self._started.set)
        self._wanted: tuple[Host, ...] | None = None

    async def runs(self) -> bool:
        """Whether systemd-resolved is there."""
        return await self._service.runs()

    async def apply(self, names: Sequence[Host]) -> None:
        """See Enforcer."""
        self._wanted = tuple(names)
        try:
            link = linux.ensure_link(LINK, LINK_ADDRESS)
            state = await self._state(link)
            different = [one for one in _settings(names) if state.get(one.name) != one.value]
            for one in different:
                for value in _steps(one, state):
                    await self._manager(one.method, f"i{one.kind}", link, value)
            if different:
                await self._manager("FlushCaches")
        except (BusFailed, linux.LinkFailed) as error:
            raise NotEnforced(str(error)) from error

    async def verify(self, names: Sequence[Host]) -> list[Host]:
        """See Enforcer."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _PATIENCE
        while wrong := await self._wrong(names):
            if loop.time() > end:
                raise NotEnforced(f"systemd-resolved did not take {wrong} for the link {LINK}")
            await asyncio.sleep(0.05)
        return conflicts(names, await self._others())

    async def clear(self) -> None:
        """See Enforcer."""
        self._wanted = None
        try:
            link = linux.link_index(LINK)
            if link and await self.runs():
                await self._manager("RevertLink", "i", link)
                await self._manager("FlushCaches")
            linux.remove_link(LINK)
        except (BusFailed, linux.LinkFailed) as error:
            raise NotEnforced(str(error)) from error

    async def keep(self) -> None:
        """Apply again what was last wanted, each time systemd-resolved starts; without end."""
        while True:
            await self._started.wait()
            self._started.clear()
            if self._wanted is not None:
                try:
                    await self.apply(self._wanted)
                    await self.verify(self._wanted)
                    _log.info("routes=again because=resolver-started")
                except NotEnforced as error:
                    _log.warning("routes=failed because=resolver-started error=%r", str(error))

    def close(self) -> None:
        """End the connection to the bus; what was applied stays."""
        self._service.close()

    async def _wrong(self, names: Sequence[Host]) -> str:
        """What of the link is not as it should be; empty where all is."""
        link = linux.link_index(LINK)
        if link is None:
            return "the address"
        try:
            state = await self._state(link)
        except BusFailed as error:
            raise NotEnforced(str(error)) from error
        wrong = [one.name for one in _settings(names) if state.get(one.name) != one.value]
        if not state.get("ScopesMask", 0) & _DNS_SCOPE:
            wrong.append("a scope")
        return ", ".join(wrong)

    async def _state(self, link: int) -> dict[str, Any]:
        """The properties of the link, its domains sorted."""
        path = (await self._manager("GetLink", "i", link))[0]
        state = await self._service.properties(path, _LINK)
        return state | {"Domains": sorted(state.get("Domains", []))}

    async def _others(self) -> list[str]:
        """The domains of all other links, and the global ones."""
        try:
            manager = await self._service.properties(_PATH, _MANAGER)
        except BusFailed as error:
            raise NotEnforced(str(error)) from error
        own = linux.link_index(LINK)
        return [domain for index, domain, _ in manager["Domains"] if index != own]

    async def _manager(self, method: str, signature: str = "", *body: object) -> list[Any]:
        return await self._service.call(_PATH, _MANAGER, method, signature, *body)


@dataclass(frozen=True)
class _Setting:
    """A property of the link, the manager's method that sets it, and what it should be."""

    name: str
    method: str
    kind: str
    """Its D-Bus type."""
    value: object


def _settings(names: Sequence[Host]) -> tuple[_Setting, ...]:
    """What the link always has, and the names; in the order in which they are set."""
    domains = [(str(name), True) for name in sorted(names)]
    servers = [(int(socket.AF_INET), DNS_ADDRESS.packed)]
    return (
        # the default route first: the link never answers for other names, not even for a moment
        _Setting("DefaultRoute", "SetLinkDefaultRoute", "b", value=False),
        _Setting("LLMNR", "SetLinkLLMNR", "s", "no"),
        _Setting("MulticastDNS", "SetLinkMulticastDNS", "s", "no"),
        _Setting("DNSSEC", "SetLinkDNSSEC", "s", "no"),
        _Setting("DNSOverTLS", "SetLinkDNSOverTLS", "s", "no"),
        _Setting("DNS", "SetLinkDNS", "a(iay)", servers),
        _Setting("Domains", "SetLinkDomains", "a(sb)", domains),
    )


def _steps(setting: _Setting, state: Mapping[str, Any]) -> Iterator[object]:
    """Give the values to set one after the other; names go before others come where room is short.

    A domain is a name with the mark that it only routes.
    """
    if setting.name == "Domains" and isinstance(setting.value, list):
        old = {(name, only_routes) for name, only_routes in state.get("Domains", [])}
        if len(old.union(setting.value)) > _ROOM:
            yield [domain for domain in setting.value if domain in old]
    yield setting.value


def conflicts(names: Iterable[Host], others: Iterable[str]) -> list[Host]:
    """The names that another link claims too, or more closely: resolved then asks there as well."""
    claimed = {name for other in others for name in parents(Host(other))}
    return [name for name in names if name in claimed]
