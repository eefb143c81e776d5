"""From what the sinkhole saw to a violation in the outbox and in the person's record.

Rules kept here:
 * The sinkhole never waits: an arrival is taken down at once and stored by a task of its own.
 * Nothing is stored before the instant from which the organisation reports.
 * An attempt carries the account's pseudonym, a contact nobody's; the record is the account's own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from agent.database import CannotStore
from agent.in_force import InForce
from agent.outbox import Outbox, Sighting
from agent.pseudonym import Pseudonyms
from agent.record import Record
from agent.sinkhole.server import Arrival
from blocklists.protocol.messages import Channel, Kind, Outcome

OPEN = timedelta(minutes=10)
"""How long repeats of a violation count as the same one."""
OPEN_IN_A_TRIAL = timedelta(seconds=2)
MOST_WAITING = 1000
"""Arrivals that wait to be stored; beyond, they are only counted."""

log = logging.getLogger(__name__)


class Reporting:
    """Takes arrivals down and stores them."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        record: Record,
        pseudonyms: Pseudonyms,
        in_force: Callable[[], InForce | None],
        clock: Callable[[], datetime],
        stored: Callable[[], None],
    ) -> None:
        """`stored` is called in the event loop after something was stored."""
        self._outbox = outbox
        self._record = record
        self._pseudonyms = pseudonyms
        self._in_force = in_force
        self._clock = clock
        self._stored = stored
        self._waiting: asyncio.Queue[Arrival] = asyncio.Queue(MOST_WAITING)
        self.not_kept = 0
        """How many arrivals found no room since the start."""

    def take(self, arrival: Arrival) -> None:
        """Take an arrival down; neither waits nor raises."""
        try:
            self._waiting.put_nowait(arrival)
        except asyncio.QueueFull:
            self.not_kept += 1

    async def run(self) -> None:
        """Store what was taken down, for ever."""
        while True:
            arrivals = [await self._waiting.get()]
            while not self._waiting.empty():
                arrivals.append(self._waiting.get_nowait())
            in_force = self._in_force()
            if in_force is None or not in_force.reports(self._clock()):
                continue
            await asyncio.to_thread(self._store, arrivals, in_force)
            self._stored()

    def _store(self, arrivals: list[Arrival], in_force: InForce) -> None:
        at = in_force.effective_time(self._clock())
        stays_open = OPEN_IN_A_TRIAL if in_force.blocklist.trial else OPEN
        for arrival in arrivals:
            try:
                self._store_one(arrival, at, stays_open)
            except (CannotStore, OSError) as error:
                self.not_kept += 1
                log.warning("spool=failed error=%r", str(error))

    def _store_one(self, arrival: Arrival, at: datetime, stays_open: timedelta) -> None:
        service = arrival.decision.service
        if service is None:
            return
        account = arrival.owner.uid
        attempt = arrival.kind is Kind.ATTEMPT and account is not None
        sighting = Sighting(
            service=service,
            host=arrival.host,
            channel=Channel.CONNECTION,
            kind=arrival.kind,
            verdict=arrival.decision.verdict,
            outcome=Outcome.STOPPED,
            pseudonym=self._pseudonyms.of(account, at) if attempt and account is not None else None,
        )
        spooled = self._outbox.spool(sighting, at, stays_open)
        if spooled is None:
            self.not_kept += 1
        elif account is not None:
            self._record.note(account, spooled, sighting, at)
