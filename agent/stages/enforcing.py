"""Applies the list in force to this workstation, and knows from a test of the effect how it stands.

Routes change in an order in which no moment hands a blocked name to somebody else: the sinkhole
answers for old and new names first, then look-ups are routed, then the old names are let go.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from agent.in_force import InForce
from agent.selftest import Health, State
from agent.sinkhole.ports import Sockets
from agent.verbs import Refusal, Routed
from blocklists.channels import dns_routes
from blocklists.hosts import Host

REPAIR = 60.0
"""Seconds after which everything is set and tested again, though nothing changed."""
REPAIR_SOON = 5.0
"""The same where a channel is not in force: a start in a busy moment must not cost a minute."""

log = logging.getLogger(__name__)


class Machine(Protocol):
    """What the superuser's helper does for us."""

    async def listen(self) -> Sockets:
        """Give the sinkhole's sockets, as far as the ports are free. Raises Refusal."""

    async def route(self, names: Iterable[Host]) -> Routed:
        """Send look-ups of exactly these names to the sinkhole. Raises Refusal."""


class Answering(Protocol):
    """What the sinkhole does for us."""

    async def open(self, sockets: Sockets) -> None:
        """Serve on these sockets."""

    def answer_for(self, names: Iterable[Host]) -> None:
        """Answer for these names and all below."""


Test = Callable[[Iterable[Host]], Awaitable[Mapping[str, Health]]]
"""Asks the system for names and sees what becomes of it: the health of each channel."""


class Enforcing:
    """The routes of one workstation."""

    def __init__(
        self,
        *,
        machine: Machine,
        sinkhole: Answering,
        test: Test,
        monotonic: Callable[[], float],
    ) -> None:
        self._machine = machine
        self._sinkhole = sinkhole
        self._test = test
        self._monotonic = monotonic
        self._tried: frozenset[Host] | None = None
        self._answered: frozenset[Host] = frozenset()
        self._again = 0.0
        self.health: Mapping[str, Health] = {"dns": Health(State.OFF, "waiting")}
        """By channel, from the last test."""

    async def enforce(self, in_force: InForce | None, at: datetime) -> None:
        """Make the machine hold what the list says at this instant; what is refused is in `health`.

        Without a list nothing is touched.
        """
        if in_force is None:
            return
        names = frozenset(dns_routes(in_force.blocklist, at).names)
        if names == self._tried and self._monotonic() < self._again:
            return
        self.health = await self._applied(names)
        self._tried = names
        whole = all(health.state is State.IN_FORCE for health in self.health.values())
        self._again = self._monotonic() + (REPAIR if whole else REPAIR_SOON)

    @property
    def left(self) -> float:
        """Seconds until everything is set and tested again."""
        return self._again - self._monotonic()

    async def _applied(self, names: frozenset[Host]) -> Mapping[str, Health]:
        try:
            await self._sinkhole.open(await self._machine.listen())
            self._sinkhole.answer_for(names | self._answered)
            routed = await self._machine.route(names)
        except Refusal as refusal:
            health = Health(State.NOT_IN_FORCE, str(refusal.code))
            if self.health.get("dns") != health:
                log.warning("dns=not-in-force code=%s detail=%r", refusal.code, refusal.detail)
            return {"dns": health, "connection": health}
        self._sinkhole.answer_for(names)
        if names != self._answered:
            log.info("dns=routed names=%d mechanism=%s", len(names), routed.mechanism)
        self._answered = names
        tested = await self._test(names)
        if not routed.conflicts:
            return tested
        conflict = Health(State.NOT_IN_FORCE, "conflict")  # the resolver asks both, and one wins
        if self.health.get("dns") != conflict:
            log.warning("dns=not-in-force code=conflict names=%d", len(routed.conflicts))
        return {**tested, "dns": conflict}
