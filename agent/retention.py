"""What may not be kept any longer is deleted, also where nothing new is met.

Rules kept here:
 * Outbox and record hold 35 days, and what is deleted leaves the disk.
 * The key of a quarter's pseudonyms ends with the quarter.
 * Where the organisation has withdrawn its reporting, what waits to be sent is deleted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from agent.database import CannotStore
from agent.in_force import InForce
from agent.outbox import Outbox
from agent.pseudonym import Pseudonyms
from agent.record import Record
from blocklists.protocol.messages import KEPT

EVERY = 900.0
"""Seconds between two looks."""

log = logging.getLogger(__name__)


class Retention:
    """Deletes what has ended."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        record: Record,
        pseudonyms: Pseudonyms,
        in_force: Callable[[], InForce | None],
        clock: Callable[[], datetime],
    ) -> None:
        """Nothing is looked at yet."""
        self._outbox = outbox
        self._record = record
        self._pseudonyms = pseudonyms
        self._in_force = in_force
        self._clock = clock

    async def run(self) -> None:
        """Look now and then, for ever; what cannot be deleted now is tried again."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except (CannotStore, OSError) as error:
                log.warning("retention=failed error=%r", str(error))
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        """Delete what has ended by now. Raises CannotStore, OSError."""
        in_force, clock = self._in_force(), self._clock()
        at = in_force.effective_time(clock) if in_force else clock
        self._pseudonyms.forget(at)
        self._record.forget(at - KEPT)
        self._outbox.forget(at - KEPT)
        if in_force and not in_force.reports(clock):
            self._outbox.clear()
