"""Who opened the sinkhole's connections: one look for all connections of a moment.

The account is looked up first, since anybody may and the client may be gone a moment later. Its
program is seen by the superuser alone, who looks for all that wait in one scan.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from agent.sinkhole import attribution
from agent.system import linux
from agent.verbs import Connection, Owner

PATIENCE = 1.0
"""Seconds that an answer waits for its owner's name."""

PAUSE = 0.02
"""Seconds between two looks: the kernel walks a large table for each, so that a look costs some ten
milliseconds. The first is made at once, and those that were accepted together share it."""

Ask = Callable[[Sequence[Connection]], Awaitable[Sequence[Owner]]]
"""The owners of connections, in their order."""

_Seen = TypeVar("_Seen")

_log = logging.getLogger(__name__)


class Owners:
    """Owners of connections, asked for one by one and looked up together."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._accounts = SharedLook(self._look_up_accounts)
        self._programs = SharedLook(self._look_up_programs)

    async def account(self, connection: Connection) -> Owner:
        """The account alone, as far as it can be seen."""
        return await self._accounts.get(connection) or Owner()

    async def program(self, connection: Connection, account: Owner) -> Owner:
        """The owner with its program, as far as it can be seen; never raises for what it cannot."""
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._programs.get(connection) or Owner()
        except Exception as error:  # noqa: BLE001 - whatever happens there, somebody waits here
            _log.warning("owners=unknown error=%r", str(error) or type(error).__name__)
            seen = Owner()
        return Owner(seen.uid if account.uid is None else account.uid, seen.program)

    async def _look_up_accounts(self, batch: Sequence[Connection]) -> Mapping[Connection, Owner]:
        found = attribution.find(linux.connections(), batch)
        return {connection: Owner(one.uid) for connection, one in found.items()}

    async def _look_up_programs(self, batch: Sequence[Connection]) -> Mapping[Connection, Owner]:
        return dict(zip(batch, await self._ask(batch), strict=True))


@dataclass(eq=False)
class _Place(Generic[_Seen]):
    """A connection in the queue."""

    connection: Connection
    served: bool = False
    seen: _Seen | None = None


class SharedLook(Generic[_Seen]):
    """Answers for single connections out of looks for all that wait.

    As many wait as the sinkhole holds open, which is no more than one look may be for.
    """

    def __init__(
        self, look: Callable[[Sequence[Connection]], Awaitable[Mapping[Connection, _Seen]]]
    ) -> None:
        self._look = look
        self._queue: list[_Place[_Seen]] = []
        self._turn = asyncio.Lock()
        self._next = 0.0

    async def get(self, connection: Connection) -> _Seen | None:
        """What was seen of this connection. Raises what the look raises."""
        place = _Place[_Seen](connection)
        self._queue.append(place)
        try:
            async with self._turn:
                if not place.served:
                    await self._serve()
                return place.seen
        finally:
            if not place.served:
                self._queue.remove(place)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next - loop.time()))
        batch, self._queue = self._queue, []
        for place in batch:
            place.served = True
        seen = await self._look([place.connection for place in batch])
        for place in batch:
            place.seen = seen.get(place.connection)
        self._next = loop.time() + PAUSE
