"""One-time links and the sessions that they open.

Only hashes of the secrets are stored, so that a stolen database signs nobody in; a look-up by hash
leaks nothing that a guesser could use, since the secrets are 32 random bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from server.store.database import Connection, Database
from server.store.people import (
    add_link,
    add_session,
    end_session,
    forget_ended,
    session_holds,
    take_link,
)

LINK_HOLDS = timedelta(minutes=15)
SESSION_HOLDS = timedelta(hours=8)


class Sessions:
    """Signs people in and out."""

    def __init__(
        self,
        database: Database,
        organisation: UUID,
        *,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        """`now` gives UTC; `random` so many unguessable bytes."""
        self._database, self._organisation = database, organisation
        self._now, self._random = now, random

    async def link(self) -> str:
        """A new one-time code."""
        code, ends = self._secret(), self._now() + LINK_HOLDS

        def job(connection: Connection) -> None:
            forget_ended(connection, self._organisation, self._now())
            add_link(connection, self._organisation, _digest(code), ends)

        await self._database.write(job)
        return code

    async def open(self, code: str) -> str | None:
        """Use a code up; the session's secret, or None where the code is not good any more."""
        secret, now = self._secret(), self._now()

        def job(connection: Connection) -> bool:
            if not take_link(connection, self._organisation, _digest(code), now):
                return False
            ends = now + SESSION_HOLDS
            add_session(connection, self._organisation, _digest(secret), ends)
            return True

        return secret if await self._database.write(job) else None

    async def holds(self, secret: str) -> bool:
        """Whether this secret is an open session's."""
        digest, now = _digest(secret), self._now()
        return await self._database.read(
            lambda connection: session_holds(connection, self._organisation, digest, now)
        )

    async def end(self, secret: str) -> None:
        """Close a session."""
        digest = _digest(secret)
        await self._database.write(
            lambda connection: end_session(connection, self._organisation, digest)
        )

    def _secret(self) -> str:
        return base64.urlsafe_b64encode(self._random(32)).rstrip(b"=").decode()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
