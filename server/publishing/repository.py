"""The repository: signed files as rows, mirrored in memory, from where they are served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from tuf.api.metadata import Metadata

from server.publishing.edition import Edition
from server.publishing.files import Change, Publication, SignedFile, signed_names
from server.publishing.keys import Keys
from server.store.books import Books
from server.store.database import Connection
from server.store.publications import (
    MetadataRow,
    add_publication,
    all_versions,
    newest_versions,
    target_data,
)

RENEWED = frozenset({"snapshot", "timestamp"})
"""The roles that are signed anew by themselves: no endpoint is woken for them alone."""


class Repository:
    """Publishes editions; `publication` is what is in force."""

    def __init__(self, books: Books, keys: Keys, publication: Publication) -> None:
        """Serve what is on disk already."""
        self._books = books
        self._keys = keys
        self._subscribers: list[Callable[[], None]] = []
        self.publication = publication
        self.lock = asyncio.Lock()
        """To be held from `edition` to `publish`: one edition at a time."""

    def edition(self, now: datetime) -> Edition:
        """Begin a change of what is published."""
        return Edition(self._keys, now, self.publication)

    async def publish(
        self, edition: Edition, also: Callable[[Connection, UUID], None] | None = None
    ) -> None:
        """Sign, store and then serve an edition; where storing fails, nothing changes.

        `also` writes what belongs to it, in the same transaction.
        """
        change = edition.close()

        def keep(connection: Connection, organisation: UUID) -> None:
            keep_change(connection, organisation, change)
            if also:
                also(connection, organisation)

        await self._books.write(keep)
        self.publication = self.publication.after(change)
        if not RENEWED.issuperset(file.role for file in change.metadata):
            for subscriber in self._subscribers:
                subscriber()

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Call this whenever an edition changed more than dates."""
        self._subscribers.append(subscriber)

    async def renew(self, now: datetime) -> bool:
        """Sign anew what is near its end; says whether anything was."""
        async with self.lock:
            edition = self.edition(now)
            if due := edition.renew_due():
                await self.publish(edition)
            return due


def keep_change(connection: Connection, organisation: UUID, change: Change) -> None:
    """Store an edition."""
    rows = [(file.role, file.version, file.data) for file in change.metadata]
    add_publication(connection, organisation, rows, change.targets)


def load_publication(connection: Connection, organisation: UUID) -> Publication:
    """Read what is in force from the database."""
    roots = [_signed_file(row) for row in all_versions(connection, organisation, "root")]
    newest = [_signed_file(row) for row in newest_versions(connection, organisation)]
    current = {file.role: file for file in newest if file.role != "root"}
    targets = target_data(connection, organisation, signed_names(current.values()))
    return Publication(tuple(roots), current, targets, {})


def _signed_file(row: MetadataRow) -> SignedFile:
    role, version, data = row
    return SignedFile(role, version, Metadata.from_bytes(data).signed.expires, data)
