"""Reports of violations, each on a one-time ticket; nobody is asked who they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from blocklists.protocol.messages import BadBatch, Rejected, read_batch
from server.devices.tokens import hash_secret
from server.doors.answers import json_answer
from server.doors.bodies import read_unpacked
from server.errors import Refused
from server.oversight.ingest import Result, ingest
from server.store.books import Books
from server.store.tickets import ticket_is_open

MOST = 1024 * 1024
"""Bytes of a report, unpacked."""
_TICKET = re.compile(r"Ticket ([0-9a-f]{32})", re.ASCII)


class ReportsDoor:
    """`/v1/reports`."""

    def __init__(
        self, books: Books, reporting_from: datetime, clock: Callable[[], datetime]
    ) -> None:
        """Take reports from an instant on."""
        self._books = books
        self._reporting_from = reporting_from
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [web.post("/v1/reports", self.report)]

    async def report(self, request: web.Request) -> web.Response:
        """Take one report; answered once it is on disk."""
        ticket = await self._ticket(request)
        body = await read_unpacked(request, MOST)
        now = self._clock()
        if now < self._reporting_from:
            raise Refused(
                403,
                "reporting-closed",
                f"reports are taken from {self._reporting_from:%Y-%m-%d} on",
            )
        try:
            entries = read_batch(body, now)
        except BadBatch as error:
            raise Refused(400, error.code, str(error)) from error
        results = await self._books.write(ingest, ticket, entries, self._reporting_from)
        return json_answer({"results": [_to_wire(result) for result in results], "now": now})

    async def _ticket(self, request: web.Request) -> str:
        """The ticket, looked up before the body is read; the report itself uses it up."""
        found = _TICKET.fullmatch(request.headers.get("Authorization", ""))
        if not found or not await self._books.read(ticket_is_open, hash_secret(found[1])):
            raise Refused(401, "ticket", "this ticket is not known, or used: take another one")
        return found[1]


def _to_wire(result: Result) -> dict[str, str]:
    if isinstance(result, Rejected):
        return {"outcome": "rejected", "code": result.code, "detail": result.detail}
    return {"outcome": "accepted" if result else "skipped"}
