"""Health: whether the server lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from server.doors.answers import json_answer
from server.errors import DatabaseDown
from server.publishing.edition import LIVES
from server.publishing.files import Publication
from server.store.database import Database, answers

DATABASE_SECONDS = 2
LATE = timedelta(days=2)
"""A signature that is so much over the time of its renewal shows that renewal does not work."""


class HealthDoor:
    """`/health/live` and `/health/ready`."""

    def __init__(
        self,
        database: Database,
        publication: Callable[[], Publication],
        clock: Callable[[], datetime],
    ) -> None:
        """Look at these."""
        self._database = database
        self._publication = publication
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [web.get("/health/live", self.live), web.get("/health/ready", self.ready)]

    async def live(self, request: web.Request) -> web.Response:
        """The process answers."""
        return json_answer({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """The database answers, and no signature is near its end."""
        because = [*await self._database_faults(), *near_end(self._publication(), self._clock())]
        if because:
            return json_answer({"status": "not ready", "because": because}, 503)
        return json_answer({"status": "ready"})

    async def _database_faults(self) -> list[str]:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self._database.read(answers)
                await self._database.write(answers)
        except (TimeoutError, DatabaseDown):
            return ["the database does not answer"]
        return []


def near_end(publication: Publication, now: datetime) -> list[str]:
    """A sentence for each role whose signature should have been renewed by now."""
    return [
        f"the signature of {file.role} ends at {file.expires:%Y-%m-%d %H:%M} UTC, unrenewed"
        for file in (publication.root, *publication.current.values())
        if file.expires - now < LIVES[file.role].renew - LATE
    ]
