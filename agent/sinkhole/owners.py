"""Who opened the sinkhole's connections: one look for all connections of a moment.

The account is looked up at once, since anybody may and the client may be gone a moment later. Its
program is seen by the superuser alone, who looks for all that wait in one scan.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from agent.sinkhole import attribution
from agent.system import linux
from agent.verbs import MAX_CONNECTIONS, Connection, Owner

PATIENCE = 1.0
"""Seconds that an answer waits for its owner's name."""

Ask = Callable[[Sequence[Connection]], Awaitable[Sequence[Owner]]]
"""The owners of connections, in their order."""

_log = logging.getLogger(__name__)


class Owners:
    """Owners of connections, asked for one by one and looked up together."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._waiting: list[Connection] = []
        self._found: Mapping[Connection, Owner] = {}
        self._turn = asyncio.Lock()

    def account(self, connection: Connection) -> Owner:
        """The account alone, at once: nothing is asked."""
        found = attribution.find(linux.connections(), [connection]).get(connection)
        return Owner(found.uid if found else None)

    async def program(self, connection: Connection, account: Owner) -> Owner:
        """The owner with its program, as far as it can be seen; never raises for what it cannot."""
        self._waiting.append(connection)
        try:
            async with asyncio.timeout(PATIENCE), self._turn:
                if connection not in self._found:
                    await self._look(connection)
                seen = self._found.get(connection, Owner())
        except Exception as error:  # noqa: BLE001 - whatever happens there, somebody waits here
            _log.warning("owners=unknown error=%r", str(error) or type(error).__name__)
            seen = Owner()
        return Owner(seen.uid if account.uid is None else account.uid, seen.program)

    async def _look(self, connection: Connection) -> None:
        """Ask for all that wait. Who comes meanwhile queues behind them and looks again."""
        await asyncio.sleep(0)  # connections that were accepted together come along
        batch = list(dict.fromkeys([connection, *self._waiting]))[:MAX_CONNECTIONS]
        self._waiting = [one for one in self._waiting if one not in batch]
        self._found = dict(zip(batch, await self._ask(batch), strict=True))
