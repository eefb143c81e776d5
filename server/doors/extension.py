"""The browser's package, packed by the organisation's own key, for Chromium's policy."""

from __future__ import annotations

import re

from aiohttp import web

from server.errors import Refused
from server.publishing.crx import Package, update_manifest

PACKAGE_PATH = "/extension/chromium/sluis.crx"
_AUTHORITY = re.compile(r"[A-Za-z0-9.-]{1,255}(:\d{1,5})?", re.ASCII)


class ExtensionDoor:
    """`/extension/chromium/…`."""

    def __init__(self, package: Package | None) -> None:
        """Serve this package; None where the server's installation has no extension."""
        self._package = package

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [
            web.get("/extension/chromium/update.xml", self.update),
            web.get(PACKAGE_PATH, self.package),
        ]

    async def update(self, request: web.Request) -> web.Response:
        """Chromium's question for updates; its query tells nothing that is needed."""
        authority = request.headers.get("Host", "")
        if not _AUTHORITY.fullmatch(authority):
            raise Refused(400, "host", "Host: a name, and a port where it is not the usual one")
        address = f"{request.scheme}://{authority}{PACKAGE_PATH}"
        body = update_manifest(self._present(), address)
        return web.Response(
            body=body, content_type="text/xml", headers={"Cache-Control": "no-cache"}
        )

    async def package(self, request: web.Request) -> web.Response:
        """The package itself."""
        return web.Response(
            body=self._present().data,
            content_type="application/x-chrome-extension",
            headers={"Cache-Control": "no-cache"},
        )

    def _present(self) -> Package:
        if self._package is None:
            raise Refused(404, "not-found", "this server has no extension to give")
        return self._package
