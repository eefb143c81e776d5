"""One service of the system's D-Bus, as the agent calls it; the only file that names dbus_fast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dbus_fast import BusType, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

PATIENCE = 3.0
"""Seconds for one call: the other side is on this machine."""

_BUS = "org.freedesktop.DBus"
_BUS_PATH = "/org/freedesktop/DBus"


class BusFailed(Exception):
    """A call that got no good answer; the message is the other side's own."""


class Service:
    """A service and the connection to it, which is made when needed and again when it was lost.

    A service that does not run is never started by a call.
    """

    def __init__(self, name: str, started: Callable[[], None]) -> None:
        """`started` is called each time the service comes again, while we are connected."""
        self._name = name
        self._started = started
        self._bus: MessageBus | None = None

    async def call(
        self, path: str, interface: str, member: str, signature: str = "", *body: object
    ) -> list[Any]:
        """Call a method of an object of the service and give what it returns. Raises BusFailed."""
        return await self._call(self._name, path, interface, member, signature, *body)

    async def properties(self, path: str, interface: str) -> dict[str, Any]:
        """All properties of an object of the service, as plain values. Raises BusFailed."""
        found = await self.call(path, f"{_BUS}.Properties", "GetAll", "s", interface)
        return {name: variant.value for name, variant in found[0].items()}

    async def runs(self) -> bool:
        """Whether the service is there now; False also without a bus."""
        try:
            owned = await self._call(_BUS, _BUS_PATH, _BUS, "NameHasOwner", "s", self._name)
        except BusFailed:
            return False
        return bool(owned[0])

    def close(self) -> None:
        """End the connection."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()
        self._bus = None

    async def _call(
        self, to: str, path: str, interface: str, member: str, signature: str, *body: object
    ) -> list[Any]:
        message = Message(
            destination=to,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
            flags=MessageFlag.NO_AUTOSTART,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await (await self._connected()).call(message)
        except (OSError, EOFError, DBusError) as error:  # OSError is also TimeoutError
            self.close()
            raise BusFailed(f"{member}: {str(error) or 'no answer'}") from error
        if reply.message_type is MessageType.ERROR:
            raise BusFailed(f"{member}: {reply.error_name}: {' '.join(map(str, reply.body))}")
        return list(reply.body)

    async def _connected(self) -> MessageBus:
        if self._bus is None or not self._bus.connected:
            self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
            self._bus.add_message_handler(self._heard)
            rule = f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{self._name}'"
            await self._bus.call(
                Message(
                    destination=_BUS,
                    path=_BUS_PATH,
                    interface=_BUS,
                    member="AddMatch",
                    signature="s",
                    body=[rule],
                )
            )
        return self._bus

    def _heard(self, message: Message) -> None:
        """Every account may send us a signal; the bus alone cannot be forged as its sender."""
        if (message.sender, message.member) != (_BUS, "NameOwnerChanged"):
            return
        name, _, owner = message.body
        if name == self._name and owner:
            self._started()
