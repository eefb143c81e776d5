"""The database of one organisation, for parts that ask of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from server.store.database import Database

_T = TypeVar("_T")
_P = ParamSpec("_P")

Question = Callable[Concatenate[Connection, UUID, _P], _T]
"""A function of the store: a connection and the organisation come first."""


class Books:
    """Asks questions of the store for one organisation."""

    def __init__(self, database: Database, organisation: UUID) -> None:
        """Ask this database for this organisation."""
        self.database = database
        self.organisation = organisation

    async def read(self, question: Question[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Ask a question that only reads."""
        return await self.database.read(
            lambda connection: question(connection, self.organisation, *args, **kwargs)
        )

    async def write(self, job: Question[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a job that writes; returns once its result is on disk."""
        return await self.database.write(
            lambda connection: job(connection, self.organisation, *args, **kwargs)
        )
