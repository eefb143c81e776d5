"""The signed repository as plain files, from memory; any web server may stand before it."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from server.errors import Refused
from server.publishing.files import Publication, ServedFile

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class RepositoryDoor:
    """`/repository/…`, by published name."""

    def __init__(self, publication: Callable[[], Publication]) -> None:
        """Serve what is in force at the moment."""
        self._publication = publication

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [web.get("/repository/{name:.+}", self.file)]

    async def file(self, request: web.Request) -> web.Response:
        """One file, or 304 where the endpoint has it."""
        name = request.match_info["name"]
        file = self._publication().served.get(name)
        if file is None:
            raise Refused(404, "not-found", "no such file is published")
        headers = _headers(file)
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        kind = "application/json" if name.endswith(".json") else "application/gzip"
        return web.Response(body=file.data, headers=headers, content_type=kind)


def _headers(file: ServedFile) -> dict[str, str]:
    return {
        "ETag": f'"{file.etag}"',
        "Cache-Control": FOREVER if file.immutable else ASK_AGAIN,
    }
