"""What every mechanism offers that sends names to the sinkhole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from blocklists.hosts import Host


class NotEnforced(Exception):
    """The mechanism did not take the names; the message is the system's own words."""


class Enforcer(Protocol):
    """One mechanism. Its work stays when we end: only `clear` takes it back."""

    async def apply(self, names: Sequence[Host]) -> list[Host]:
        """Send look-ups of exactly these names, and of all below them, to the sinkhole.

        Idempotent: what stands so already is left alone, what somebody changed is put right. Gives
        the names that may get past because somebody else claims them too. Raises NotEnforced.
        """

    async def clear(self) -> None:
        """Take back all that was ever applied. Idempotent. Raises NotEnforced."""

    async def verify(self) -> frozenset[Host]:
        """The names that lead to the sinkhole now, asked of the system. Raises NotEnforced."""
