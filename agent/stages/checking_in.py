"""Stage: enrol where that is still to be done, and tell the server how this device is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from agent.answers import Condition, Failed
from agent.detached import detached
from agent.outbox import Outbox
from agent.stages.backoff import Uniform
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.stages.timer import Timer

if TYPE_CHECKING:  # it loads TUF and TLS, which wait until the stored list is enforced
    from agent.conversation import Conversation

WITHOUT_TOKEN = 60.0
"""Seconds after which it is looked whether somebody enrolled this device by hand."""

log = logging.getLogger(__name__)


class CheckingIn:
    """Says how we are: at the server's interval, and at once when something changed."""

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
        self._told: Condition | None = None
        """What the last check-in said."""

    async def round(self) -> bool:
        """Do what is due; says whether the device has enrolled just now."""
        conversation = self._contact.conversation
        if conversation is None or not self.timer.due:
            return False
        if conversation.enrolled:
            await self._check_in(conversation)
            return False
        if enrolled := await self._enrol(conversation):
            await self._check_in(conversation)
        return enrolled

    def note_change(self) -> None:
        """Be due at once where the server was told something else."""
        if self._told and self._told != self._standing.condition():
            self.timer.no_later_than(0)

    async def _enrol(self, conversation: Conversation) -> bool:
        configuration, standing = self._contact.configuration, self._standing
        token = configuration.enrolment if configuration else None
        if token is None:
            standing.enrolment = (
                "no token: write the setting `enrolment`, or run `sluis-agent enrol`"
            )
            self.timer.done(WITHOUT_TOKEN)
            return False
        answer = await detached(conversation.enrol, token)
        if isinstance(answer, Failed):
            standing.enrolment = answer.why
            log.warning("enrolment=failed code=%s detail=%r", answer.code, answer.why)
            self.timer.failed(answer.retry_after)
            return False
        log.info("enrolment=done device=%s", answer.device)
        return True

    async def _check_in(self, conversation: Conversation) -> None:
        standing, condition = self._standing, self._standing.condition()
        standing.enrolment = ""
        held = await asyncio.to_thread(self._outbox.held)
        answer = await detached(conversation.check_in, condition, held.tickets)
        if isinstance(answer, Failed):
            standing.check_in = answer.why
            log.warning("check_in=failed code=%s detail=%r", answer.code, answer.why)
            self.timer.failed(answer.retry_after)
            return
        now = self._clock()
        standing.check_in, standing.checked_in, self._told = "", now, condition
        self.timer.done(answer.interval * self._uniform(0.9, 1))
        await asyncio.to_thread(self._outbox.keep_tickets, answer.tickets, now)
