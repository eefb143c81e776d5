"""How this workstation stands: what the rounds learn, and what `status` tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent.answers import Condition, Failed, NotRefreshed, Refreshed
from agent.configuration import Configuration
from agent.in_force import InForce, ListState
from agent.selftest import Health


@dataclass
class Standing:
    """The present, changed by the rounds alone."""

    configuration: Configuration | None = None
    fault: str = ""
    """What is wrong with the settings; empty where nothing is."""
    in_force: InForce | None = None
    state: ListState = ListState.WAITING
    why: str = ""
    """Why the list is not fresh, in a sentence."""
    fresh_until: datetime | None = None
    enrolment: str = ""
    """Why the server does not know this device; empty where it does."""
    check_in: str = ""
    """Why the last check-in failed; empty where it did not."""
    checked_in: datetime | None = None
    uploaded: datetime | None = None
    upload: str = ""
    """Why the last upload failed; empty where it did not."""
    health: Mapping[str, Health] = field(default_factory=dict)

    def effective_time(self, clock: datetime) -> datetime:
        """The clock, but never before the list in force was published."""
        return self.in_force.effective_time(clock) if self.in_force else clock

    def took(self, refreshed: Refreshed) -> None:
        """A verified list is in force."""
        self.in_force = refreshed.in_force
        self.fresh_until = refreshed.fresh_until
        self.state, self.why = ListState.FRESH, ""

    def kept(self, answer: NotRefreshed | Failed) -> None:
        """The list in force stays, for a reason."""
        state = answer.state if isinstance(answer, NotRefreshed) else ListState.STALE
        if self.in_force is None and state is ListState.STALE:
            state = ListState.WAITING
        self.state, self.why = state, answer.why

    def has_aged(self, clock: datetime) -> bool:
        """Whether what was fresh is frozen just now, because its time is over."""
        end = self.fresh_until
        if self.state is not ListState.FRESH or not end or clock < end:
            return False
        self.state = ListState.FROZEN
        self.why = "nothing newer was published before the signatures ended"
        return True

    def condition(self) -> Condition:
        """What a check-in says."""
        version = self.in_force.blocklist.version if self.in_force else None
        return Condition(version, self.state, self.health)
