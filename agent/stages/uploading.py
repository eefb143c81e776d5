"""Stage: upload what is closed in the outbox.

Reports go at a moment of their own, drawn at random, padded, and also when they are empty: neither
when one goes nor how long it is says anything. A trial reports at once, so that one can watch.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from agent.answers import Failed, Reported
from agent.detached import detached
from agent.outbox import Outbox
from agent.reporting import OPEN_IN_A_TRIAL
from agent.stages.backoff import Uniform
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.stages.timer import Timer
from blocklists.protocol.messages import Violation

if TYPE_CHECKING:  # it loads TUF and TLS, which wait until the stored list is enforced
    from agent.conversation import Conversation

BETWEEN = (900.0, 2700.0)
"""Seconds between two reports."""
UNTIL_OPEN = 60.0
"""Seconds after which it is looked again whether the organisation takes reports."""
MOST = 200
"""Violations in one report; their bytes may allow fewer."""
NO_TICKET = "the server gave no ticket to report on yet"

log = logging.getLogger(__name__)


class Uploading:
    """Empties the outbox."""

    def __init__(
        self,
        contact: Contact,
        standing: Standing,
        outbox: Outbox,
        timer: Timer,
        clock: Callable[[], datetime],
        uniform: Uniform,
    ) -> None:
        self.timer = timer
        self._contact = contact
        self._standing = standing
        self._outbox = outbox
        self._clock = clock
        self._uniform = uniform
        self._planned = False
        self.short_of_tickets = False
        """Whether a check-in should fetch some soon."""

    @property
    def _is_trial(self) -> bool:
        in_force = self._standing.in_force
        return in_force is not None and in_force.blocklist.trial

    def spooled(self) -> None:
        """Something was stored: in a trial it goes as soon as it is closed."""
        if self._is_trial:
            self.timer.no_later_than(OPEN_IN_A_TRIAL.total_seconds())

    async def round(self) -> None:
        """Upload if it is time."""
        conversation, in_force = self._contact.conversation, self._standing.in_force
        if conversation is None or in_force is None or not in_force.reports(self._clock()):
            self.timer.done(UNTIL_OPEN)
            return
        if not self._planned and not self._is_trial:
            self.timer.done(self._uniform(*BETWEEN))
        self._planned = True
        if self.timer.due:
            await self._upload(conversation, in_force.effective_time(self._clock()))

    async def _upload(self, conversation: Conversation, at: datetime) -> None:
        closed, seconds, ticket = await asyncio.to_thread(self._look, at)
        if not closed and seconds is not None:
            self.timer.done(seconds)
            return
        self.short_of_tickets = ticket is None
        if ticket is None:
            self._failed(Failed(NO_TICKET))
            return
        sent = conversation.fitting(closed)
        answer = await detached(conversation.report, ticket, sent)
        if isinstance(answer, Failed):
            if answer.code == "ticket":
                await asyncio.to_thread(self._outbox.spend, ticket)
            self._failed(answer)
            return
        await asyncio.to_thread(self._settle, ticket, sent, answer)
        self._standing.uploaded, self._standing.upload = self._clock(), ""
        _, seconds, _ = await asyncio.to_thread(self._look, at)
        self.timer.done(self._uniform(*BETWEEN) if seconds is None else seconds)

    def _look(self, at: datetime) -> tuple[list[Violation], float | None, str | None]:
        """What is closed, how many seconds a trial waits for more (None: not), and a ticket."""
        end = self._outbox.next_end() if self._is_trial else None
        seconds = None if end is None else max(0.0, (end - at).total_seconds())
        return self._outbox.closed(at, MOST), seconds, self._outbox.ticket()

    def _settle(self, ticket: str, sent: Sequence[Violation], answer: Reported) -> None:
        lost = self._outbox.settle(sent, answer.acknowledgements, answer.server_time)
        self._outbox.spend(ticket)
        self.short_of_tickets = self._outbox.held().tickets == 0
        log.info("report=done violations=%d", len(sent))
        for code in lost:
            log.warning("violation=rejected code=%s", code)

    def _failed(self, failed: Failed) -> None:
        self._standing.upload = failed.why
        self.timer.failed(failed.retry_after)
        log.warning("report=failed code=%s detail=%r", failed.code, failed.why)
