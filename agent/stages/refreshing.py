"""Stage: replace the list in force by a newer verified one.

A long poll brings what is new as soon as it is published. Besides, the published files are read at
the start, after a failure, and now and then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from agent.answers import Bundle, Failed, NotRefreshed, Refreshed
from agent.detached import detached
from agent.in_force import InForce, ListFile, ListState
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.stages.timer import Timer

if TYPE_CHECKING:  # it loads TUF and TLS, which wait until the stored list is enforced
    from agent.conversation import Conversation

LOOK_AGAIN = 900.0
"""Seconds after which the published files are read though the poll brought nothing, so that a front
which hides what is new does not go unseen for long."""
WITHOUT_POLL = 60.0
"""The same where the device may not poll, since the server does not know it."""
PAUSE_OF_POLLS = 1.0
"""Seconds between two polls at least, whatever the server answers."""

log = logging.getLogger(__name__)


class Refreshing:
    """Keeps the list fresh."""

    def __init__(
        self,
        contact: Contact,
        standing: Standing,
        list_file: ListFile,
        timer: Timer,
        clock: Callable[[], datetime],
    ) -> None:
        self.timer = timer
        self._contact = contact
        self._standing = standing
        self._list_file = list_file
        self._clock = clock
        self._first_is_read = False
        self._bundle: Bundle | None = None
        """What the poll brought and no round has taken yet."""
        self._may_poll = asyncio.Event()

    async def round(self) -> None:
        """Take what the poll brought, or look at what is published when it is time."""
        if await self._contact.read():
            self.timer.at_once()
            self._first_is_read = False
        conversation, standing = self._contact.conversation, self._standing
        if conversation is None:
            return
        if standing.has_aged(self._clock()):
            self.timer.at_once()
        if standing.in_force is None and await self._take_first(conversation):
            return  # it is enforced before the server is asked
        bundle, self._bundle = self._bundle, None
        if bundle or self.timer.due:
            now, current = self._clock(), standing.in_force
            answer = await detached(conversation.refresh, now, current, bundle)
            await self._settle(answer, conversation)
        if conversation.enrolled and standing.state is ListState.FRESH and self._bundle is None:
            self._may_poll.set()

    async def poll(self, wake: Callable[[], None]) -> None:
        """Wait for something newer, again and again, and wake the rounds when it came."""
        while True:
            await self._may_poll.wait()
            self._may_poll.clear()
            conversation, current = self._contact.conversation, self._standing.in_force
            if conversation is not None:
                answer = await detached(conversation.wait, current)
                if conversation is self._contact.conversation:
                    self._came(answer)
                    wake()
            await asyncio.sleep(PAUSE_OF_POLLS)

    def _came(self, answer: Bundle | Failed | None) -> None:
        match answer:
            case Bundle():
                self._bundle = answer
            case Failed():
                self._standing.kept(answer)
                self.timer.failed(answer.retry_after)
                log.warning("poll=failed code=%s detail=%r", answer.code, answer.why)
            case None:
                self._may_poll.set()

    async def _take_first(self, conversation: Conversation) -> bool:
        """Take the list that lies beside the configuration, where there is one."""
        configuration = self._contact.configuration
        if self._first_is_read or configuration is None or not configuration.first.is_dir():
            return False
        self._first_is_read = True
        folder = configuration.first
        answer = await detached(conversation.first, folder)
        if isinstance(answer, NotRefreshed):
            self._standing.kept(answer)
            log.warning("first=%s detail=%r", self._standing.state, answer.why)
            return False
        await self._take(answer.in_force)
        self._standing.in_force = answer.in_force
        self._standing.kept(NotRefreshed(ListState.STALE, "the server has not been asked yet"))
        return True

    async def _settle(self, answer: Refreshed | NotRefreshed, conversation: Conversation) -> None:
        if isinstance(answer, NotRefreshed):
            self._standing.kept(answer)
            log.warning("list=%s detail=%r", self._standing.state, answer.why)
            self.timer.failed(answer.retry_after)
            return
        await self._take(answer.in_force)
        self._standing.took(answer)
        self.timer.done(LOOK_AGAIN if conversation.enrolled else WITHOUT_POLL)

    async def _take(self, in_force: InForce) -> None:
        """Store a list that is to be in force; on a full disk it is enforced all the same."""
        if in_force is self._standing.in_force:
            return
        log.info("list=new version=%d", in_force.blocklist.version)
        try:
            await asyncio.to_thread(self._list_file.store, in_force)
        except OSError as error:
            log.warning("list=not-stored error=%r", str(error))
