"""Rounds of the agent: STAGES, in this order, and what begins the next round.

A stage does its part if that is due, and none calls another. None lets a failure out: what the
server does not give is tried again with back-off, and the list in force stays in force.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agent.database import CannotStore
from agent.in_force import Damaged, ListFile, ListState
from agent.stages.checking_in import CheckingIn
from agent.stages.contact import Contact
from agent.stages.enforcing import Enforcing
from agent.stages.refreshing import Refreshing
from agent.stages.standing import Standing
from agent.stages.uploading import Uploading

LONGEST_PAUSE = 60.0
"""Seconds after which a round begins at the latest: settings are read, routes are repaired."""
WITHOUT_SETTINGS = 10.0
"""The same where there are no settings that can be used."""
SHORTEST_PAUSE = 0.05
AFTER_A_FAULT = 5.0
FOR_TICKETS = 10.0
"""Seconds until a check-in fetches tickets where there are none."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the stages work with."""

    standing: Standing
    contact: Contact
    list_file: ListFile
    enforcing: Enforcing
    refreshing: Refreshing
    checking_in: CheckingIn
    uploading: Uploading
    clock: Callable[[], datetime]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to begin the next round at once."""

    async def enforce(self) -> None:
        """Make the machine hold what the list in force says now."""
        standing = self.standing
        await self.enforcing.enforce(standing.in_force, standing.effective_time(self.clock()))
        standing.health = self.enforcing.health


async def enforce_stored(parts: Parts) -> None:
    """What lies on the disk is in force before anybody is asked."""
    await parts.enforce()


async def refresh(parts: Parts) -> None:
    """Replace the list by a newer verified one."""
    await parts.refreshing.round()


async def check_in(parts: Parts) -> None:
    """Tell the server how we are; one that has just enrolled may poll, from the next round on."""
    if await parts.checking_in.round():
        parts.wake.set()


async def enforce_changed(parts: Parts) -> None:
    """Make the machine hold what came; a check-in that tells of it is due at once."""
    await parts.enforce()
    parts.checking_in.note_change()


async def report(parts: Parts) -> None:
    """Upload violations."""
    await parts.uploading.round()
    if parts.uploading.short_of_tickets:
        parts.checking_in.timer.no_later_than(FOR_TICKETS)


STAGES = (enforce_stored, refresh, check_in, enforce_changed, report)


async def run(parts: Parts) -> None:
    """Go round until cancelled."""
    load_stored(parts.list_file, parts.standing)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(parts.refreshing.poll(parts.wake.set))
        while True:
            went_well = await one_round(parts)
            await _pause(parts, SHORTEST_PAUSE if went_well else AFTER_A_FAULT)


def load_stored(list_file: ListFile, standing: Standing) -> None:
    """Take the list on the disk as the one in force."""
    try:
        standing.in_force = list_file.load()
    except Damaged as error:
        standing.why = str(error)
        log.warning("list=damaged detail=%r", str(error))
    if standing.in_force:
        standing.state = ListState.STALE
        standing.why = "the server has not been asked since the start"


async def one_round(parts: Parts) -> bool:
    """All stages, once; says whether each went well. A fault in one does not stop the others."""
    went_well = True
    for stage in STAGES:
        try:
            await stage(parts)
        except (CannotStore, OSError) as error:
            log.warning("stage=%s error=%r", stage.__name__, str(error))
            went_well = False
        except Exception:  # ours; the machine is held all the same
            log.exception("stage=%s", stage.__name__)
            went_well = False
    return went_well


async def _pause(parts: Parts, shortest: float) -> None:
    stages = (parts.refreshing, parts.checking_in, parts.uploading)
    due = min(stage.timer.left for stage in stages)
    if parts.standing.in_force:
        due = min(due, parts.enforcing.left)
    seconds = WITHOUT_SETTINGS if parts.contact.conversation is None else due
    try:
        async with asyncio.timeout(min(max(seconds, shortest), LONGEST_PAUSE)):
            await parts.wake.wait()
    except TimeoutError:
        return
    parts.wake.clear()
