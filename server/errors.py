"""The errors of this package: the server cannot do its work, or what came in is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ServerError(Exception):
    """What went wrong, in one plain sentence that says what would be right."""


class CannotServe(ServerError):
    """The server cannot start, or cannot do its work."""


class DatabaseDown(ServerError):
    """The database does not answer, or does not take what is written."""


class WrongUse(ServerError):
    """A setting or an argument that cannot be."""


class Refused(ServerError):
    """A request that is not answered as asked.

    `status` is HTTP's, `code` is stable for machines, `fields` go with the answer, and so do
    `headers`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer needs."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})
