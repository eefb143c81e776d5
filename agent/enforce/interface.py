"""What every mechanism offers that sends names to the sinkhole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from blocklists.hosts import Host


class NotEnforced(Exception):
    """The mechanism did not take the names; the message is the system's own words."""


class Enforcer(Protocol):
    """One mechanism. Its work stays when we end: only `clear` takes it back."""

    async def runs(self) -> bool:
        """Whether the part of the system that it works through is there now."""

    async def apply(self, names: Sequence[Host]) -> None:
        """Send look-ups of exactly these names, and of all below them, to the sinkhole.

        Idempotent: what stands so already is left alone, what somebody changed is put right. No
        names is no route. Raises NotEnforced.
        """

    async def verify(self, names: Sequence[Host]) -> list[Host]:
        """Ask the system whether it holds exactly these names, once it has had time to.

        Gives those that may get past, because somebody else claims them too. Raises NotEnforced.
        """

    async def clear(self) -> None:
        """Take back all that was ever applied. Idempotent. Raises NotEnforced."""
