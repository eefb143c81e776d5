"""Work that returns by the clock: signatures are renewed, what is past its time is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from blocklists.protocol.messages import KEPT
from server.publishing.repository import Repository
from server.store.books import Books
from server.store.nonces import drop_ended_nonces
from server.store.people import forget_ended
from server.store.tickets import drop_tickets
from server.store.tokens import drop_ended_tokens
from server.store.violations import delete_violations

TICKET_LIFE = timedelta(days=7)
SLICE = 5000
"""Violations deleted in one transaction, so that reports need not wait long."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Something to do now, and again after each interval."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


def jobs(books: Books, repository: Repository, clock: Callable[[], datetime]) -> tuple[Job, ...]:
    """The table of what returns."""
    return (
        Job("renew", timedelta(minutes=10), lambda: repository.renew(clock())),
        Job("forget", timedelta(minutes=5), lambda: forget(books, clock())),
        Job("retain", timedelta(hours=1), lambda: retain(books, clock())),
        Job("untie", timedelta(minutes=1), lambda: untie(books)),
    )


async def forget(books: Books, now: datetime) -> None:
    """Delete nonces, tokens, tickets, sign-in links and sessions that can no longer be used."""
    await books.write(drop_ended_nonces, now)
    await books.write(drop_ended_tokens, now)
    await books.write(forget_ended, now)
    await books.write(drop_tickets, (now - TICKET_LIFE).date())


async def retain(books: Books, now: datetime) -> int:
    """Delete the violations that are older than they may be kept; says how many."""
    deleted = 0
    while gone := await books.write(delete_violations, now - KEPT, SLICE):
        deleted += gone
    if deleted:
        await books.database.empty_log()
        log.info("violations deleted, being older than they are kept", count=deleted)
    return deleted


async def untie(books: Books) -> None:
    """Empty the write-ahead log: its pages lie in the order of arrival, and so they show with which
    check-in the ticket came on which a violation was reported.
    """
    await books.database.empty_log()


async def run_for_ever(job: Job) -> None:
    """Run a job again and again; one that fails is told and tried again at its next turn."""
    while True:
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001  /health/ready says what follows from it
            log.warning("job failed, and is tried again", job=job.name, error=str(error))
        await asyncio.sleep(job.every.total_seconds())
