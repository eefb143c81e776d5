"""The composition root: makes the parts of a server, and the two applications that they answer in.

Routes come from tables: each part has `routes()`. What answers without credentials is named by
PUBLIC in doors/guard.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from aiohttp import web

from blocklists.yamlfile import BadFile
from server.control import ControlDoor, control_app
from server.decisions.applying import Decisions
from server.decisions.proposals import Workshop
from server.devices.polls import Polls
from server.doors.device import DeviceDoor
from server.doors.extension import ExtensionDoor
from server.doors.guard import MIDDLEWARES, add_headers
from server.doors.health import HealthDoor
from server.doors.reports import ReportsDoor
from server.doors.repository import RepositoryDoor
from server.errors import CannotServe
from server.folder import DataFolder
from server.founding import TRIAL_POLICY, first_job, trial_organisation
from server.kept_catalogue import kept_catalogue
from server.pages.site import Site
from server.pages.standing import StandingOfTheDay
from server.people.sessions import Sessions
from server.publishing.crx import BadExtension, Package, extension_id, pack_extension
from server.publishing.files import Publication
from server.publishing.keys import Keys, load_keys
from server.publishing.repository import Repository, load_publication
from server.publishing.tls import TlsFiles, tls_files
from server.settings import Settings
from server.store.books import Books
from server.store.database import Database
from server.store.organisations import Organisation, the_organisation

log = structlog.get_logger()

EXTENSION = Path(__file__).parents[1] / "extension"


@dataclass(frozen=True)
class Outside:
    """What is taken from outside the process."""

    clock: Callable[[], datetime]
    """The time, in UTC."""
    random_bytes: Callable[[int], bytes]
    """So many bytes that nobody can guess."""


@dataclass(frozen=True)
class Parts:
    """Everything that a server is made of."""

    settings: Settings
    outside: Outside
    folder: DataFolder
    books: Books
    organisation: Organisation
    keys: Keys
    repository: Repository
    polls: Polls
    decisions: Decisions
    sessions: Sessions
    tls: TlsFiles
    package: Package | None

    @property
    def publication(self) -> Publication:
        """What is published at the moment."""
        return self.repository.publication

    async def close(self) -> None:
        """Let go of the data."""
        await self.polls.close()
        self.books.database.close()
        self.folder.release()


async def open_parts(settings: Settings, outside: Outside) -> Parts:
    """Open the data folder, found the trial at the first start, and make every part.

    Raises CannotServe.
    """
    with ExitStack() as undo:
        folder = DataFolder(settings.data)
        undo.callback(folder.release)
        database = Database(folder.database)
        undo.callback(database.close)
        parts = await _parts(settings, outside, folder, database)
        undo.pop_all()
        return parts


async def _parts(
    settings: Settings, outside: Outside, folder: DataFolder, database: Database
) -> Parts:
    now = outside.clock()
    organisation = await database.read(the_organisation)
    keys = load_keys(folder.keys, make=organisation is None)
    workshop = _workshop(settings)
    if organisation is None:
        new_id = UUID(bytes=outside.random_bytes(16), version=4)
        organisation = trial_organisation(new_id, now)
        await database.write(first_job(organisation, keys, workshop, now, TRIAL_POLICY))
    books = Books(database, organisation.id)
    repository = Repository(books, keys, await books.read(load_publication))
    polls = Polls(lambda: repository.publication, settings.hold)
    repository.subscribe(polls.wake)
    return Parts(
        settings=settings,
        outside=outside,
        folder=folder,
        books=books,
        organisation=organisation,
        keys=keys,
        repository=repository,
        polls=polls,
        decisions=Decisions(books, repository, workshop, outside.clock),
        sessions=Sessions(
            database, organisation.id, now=outside.clock, random=outside.random_bytes
        ),
        tls=tls_files(folder.tls, settings.name, now),
        package=_package(keys),
    )


def application(parts: Parts) -> web.Application:
    """What machines and people ask, on the network."""
    clock, random_bytes = parts.outside.clock, parts.outside.random_bytes
    today = StandingOfTheDay(parts.books, parts.decisions, clock)
    doors = (
        HealthDoor(parts.books.database, lambda: parts.publication, clock),
        RepositoryDoor(lambda: parts.publication),
        ExtensionDoor(parts.package),
        DeviceDoor(
            parts.books,
            parts.polls,
            parts.keys.statement,
            clock,
            random_bytes,
            names=parts.settings.names,
        ),
        ReportsDoor(parts.books, parts.organisation.reporting_from, clock),
        Site(
            trial=parts.organisation.trial,
            sessions=parts.sessions,
            standing=today.standing,
            counts=today.counts,
        ),
    )
    app = web.Application(middlewares=MIDDLEWARES)
    app.on_response_prepare.append(add_headers)
    for door in doors:
        app.add_routes(door.routes())
    return app


def control_application(parts: Parts, address: str, tls_port: int) -> web.Application:
    """What `sluis` asks, on the control socket."""
    facts = {
        "server": f"https://{parts.settings.name}",
        "http": address,
        "tls_port": tls_port,
        "ca": str(parts.tls.authority),
        "pin": parts.publication.pin,
        "extension_id": extension_id(parts.keys.extension),
        "extension_version": parts.package and parts.package.version,
    }
    door = ControlDoor(
        parts.books,
        parts.decisions,
        parts.sessions,
        facts,
        clock=parts.outside.clock,
        random_bytes=parts.outside.random_bytes,
    )
    return control_app(door.routes())


def _package(keys: Keys) -> Package | None:
    """The browser's package; a server without one serves all the rest, and says so."""
    try:
        return pack_extension(EXTENSION, keys.extension)
    except BadExtension as error:
        log.warning("no browser extension is served", why=str(error))
        return None


def _workshop(settings: Settings) -> Workshop:
    try:
        return Workshop(kept_catalogue(environment=os.environ), never=(settings.host,), trial=True)
    except BadFile as error:
        raise CannotServe(f"the catalogue cannot be used:\n{error}") from error
