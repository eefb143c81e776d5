"""The long poll: endpoints wait here until the list changes, and get all they lack in one answer.

Rules kept here:
 * An endpoint that lacks something is answered at once; what only dates changed wakes nobody.
 * The answer is made once for all that lack the same, and they share its bytes.
 * One endpoint waits once: its next poll ends the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from blocklists.protocol.bundle import pack
from server.publishing.files import Publication

SLICE = 500
"""So many are woken before anything else gets its turn."""


@dataclass(frozen=True)
class Has:
    """What an endpoint has, as it says itself; zeroes where it has nothing."""

    root: int
    timestamp: int
    blocklist: str
    """Hex SHA-256 of its gzipped list."""


class Polls:
    """The endpoints that wait."""

    def __init__(self, publication: Callable[[], Publication], hold: float) -> None:
        """Answer from what is in force at the moment, and hold a poll so many seconds."""
        self._publication = publication
        self._hold = hold
        self._waiting: dict[UUID, asyncio.Future[None]] = {}
        self._bundles: tuple[Publication | None, dict[tuple[int, bool], bytes]] = (None, {})
        self._waking: set[asyncio.Task[None]] = set()
        self._closed = False

    async def wait(self, endpoint: UUID, has: Has) -> bytes | None:
        """The bundle that this endpoint lacks, or None when the hold ends without one."""
        if self._lacks(has):
            return self._bundle(has)
        if self._closed:
            return None
        earlier = self._waiting.pop(endpoint, None)
        if earlier is not None and not earlier.done():
            earlier.set_result(None)
        mine = self._waiting[endpoint] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._hold):
                await mine
        except TimeoutError:
            return None
        finally:
            if self._waiting.get(endpoint) is mine:
                del self._waiting[endpoint]
        return self._bundle(has) if self._lacks(has) else None

    def wake(self) -> None:
        """Answer everybody: the list changed."""
        waiting, self._waiting = list(self._waiting.values()), {}
        task = asyncio.get_running_loop().create_task(_set_in_slices(waiting))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def close(self) -> None:
        """Answer everybody, and hold nobody any more."""
        self._closed = True
        self.wake()
        await asyncio.gather(*self._waking)

    def _lacks(self, has: Has) -> bool:
        """Whether there is anything that this endpoint could take.

        One whose timestamp is newer than ours would refuse all we have: it waits.
        """
        present = self._publication()
        newest = present.current["timestamp"].version
        behind = has.root < present.root.version or has.timestamp < newest
        return behind or (has.timestamp == newest and has.blocklist != present.blocklist_hash)

    def _bundle(self, has: Has) -> bytes:
        present = self._publication()
        if self._bundles[0] is not present:
            self._bundles = (present, {})
        key = (min(has.root, present.root.version), has.blocklist != present.blocklist_hash)
        made = self._bundles[1]
        if key not in made:
            made[key] = pack(present.lacking(key[0], blocklist=key[1]))
        return made[key]


async def _set_in_slices(waiting: list[asyncio.Future[None]]) -> None:
    for start in range(0, len(waiting), SLICE):
        for future in waiting[start : start + SLICE]:
            if not future.done():
                future.set_result(None)
        await asyncio.sleep(0)
