"""The routes that people use: sign-in, the overview, and the files that pages need.

Rules kept here:
 * Without a session every page answers 401 with the sign-in page.
 * No GET changes anything; a POST must come from our own pages (Sec-Fetch-Site, else Origin).
 * The one-time code comes in a form's body, never in an address; cookies are HttpOnly and
   SameSite=Lax.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from blocklists.blocklist import Verdict
from server.doors.bodies import read_body
from server.oversight.daily import by_day
from server.pages.language import Language, chosen
from server.pages.overview import Standing, overview
from server.pages.rendering import render
from server.people.sessions import LINK_HOLDS, SESSION_HOLDS, Sessions
from server.store.violations import DayCount

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On every page. (HSTS is the business of who ends TLS for a real name.)"""

_STATIC = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_MAX_FORM = 4096


@dataclass(frozen=True)
class Site:
    """What the pages ask of the rest of the server."""

    trial: bool
    sessions: Sessions
    standing: Callable[[Language], Awaitable[Standing]]
    counts: Callable[[], Awaitable[tuple[list[DayCount], date]]]
    """What was met by day, and which day it is, in the organisation's time zone."""

    def routes(self) -> list[web.RouteDef]:
        """The table of routes."""
        return [
            web.get("/", self._home),
            web.get("/sign-in", self._ask),
            web.post("/sign-in", self._sign_in),
            web.post("/sign-out", self._sign_out),
            web.get("/oversight/", self._overview),
            *(_asset(path) for path in sorted(_STATIC.iterdir())),
        ]

    async def _home(self, request: web.Request) -> web.Response:
        if not await self._signed_in(request):
            return self._sign_in_page(request, status=401, again=True)
        raise web.HTTPSeeOther("/oversight/")

    async def _ask(self, request: web.Request) -> web.Response:
        return self._sign_in_page(request, status=200)

    async def _sign_in(self, request: web.Request) -> web.Response:
        _must_be_ours(request)
        code = _field(await read_body(request, _MAX_FORM), "code")
        secret = await self.sessions.open(code.strip())
        if secret is None:
            return self._sign_in_page(request, status=401, wrong=True)
        language = request.query.get("lang", "")
        there = "/oversight/" + (f"?lang={language}" if language in {"nl", "en"} else "")
        answer = web.Response(status=303, headers=HEADERS | {"Location": there})
        _set_cookie(request, answer, secret)
        return answer

    async def _sign_out(self, request: web.Request) -> web.Response:
        _must_be_ours(request)
        if not await self._signed_in(request):
            return self._sign_in_page(request, status=401, again=True)
        await self.sessions.end(request.cookies[_cookie(request)])
        answer = web.Response(status=303, headers=HEADERS | {"Location": "/sign-in"})
        answer.del_cookie(_cookie(request), path="/")
        return answer

    async def _overview(self, request: web.Request) -> web.Response:
        if not await self._signed_in(request):
            return self._sign_in_page(request, status=401, again=True)
        language = _language(request)
        only, daily = _only(request), None
        if self.trial:
            counts, today = await self.counts()
            daily = by_day(counts, today, only)
        standing = await self.standing(language)
        return _page(
            overview(language, trial=self.trial, standing=standing, daily=daily, only=only)
        )

    async def _signed_in(self, request: web.Request) -> bool:
        secret = request.cookies.get(_cookie(request))
        return secret is not None and await self.sessions.holds(secret)

    def _sign_in_page(
        self, request: web.Request, *, status: int, wrong: bool = False, again: bool = False
    ) -> web.Response:
        minutes = int(LINK_HOLDS.total_seconds()) // 60
        values = {"trial": self.trial, "wrong": wrong, "again": again, "minutes": minutes}
        return _page(render("sign_in.html", _language(request), **values), status=status)


def _asset(path: Path) -> web.RouteDef:
    """A file for pages, served from memory."""
    body, kind = path.read_bytes(), _KINDS[path.suffix]

    async def answer(_: web.Request) -> web.Response:
        headers = HEADERS | {"Cache-Control": "no-cache"}
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)

    return web.get(f"/assets/{path.name}", answer)


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(
        text=html, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


def _language(request: web.Request) -> Language:
    return chosen(request.query.get("lang"), request.headers.get("Accept-Language", ""))


def _only(request: web.Request) -> tuple[str, Verdict] | None:
    """The service and verdict that the address asks for, if it names both."""
    service, verdict = request.query.get("service"), request.query.get("verdict")
    return (service, Verdict(verdict)) if service and verdict in set(Verdict) else None


def _must_be_ours(request: web.Request) -> None:
    """Refuse a form that another site sent (https://www.w3.org/TR/fetch-metadata/)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        origin = request.headers.get("Origin")
        site = "none" if origin is None or _host_of(origin) == request.host else "cross-site"
    if site not in {"same-origin", "none"}:
        raise web.HTTPForbidden(text="This form was sent by another site.", headers=HEADERS)


def _host_of(origin: str) -> str:
    """Host and port of an origin; empty where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _field(body: bytes, name: str) -> str:
    """One field of a form (application/x-www-form-urlencoded); empty where it is not there."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:  # more fields than any form of ours has
        return ""
    return fields.get(name, [""])[0]


def _cookie(request: web.Request) -> str:
    """The prefix __Host- wants TLS, which a trial on loopback does not have (RFC 6265bis 4.1.3)."""
    return "__Host-sluis" if request.secure else "sluis"


def _set_cookie(request: web.Request, answer: web.Response, secret: str) -> None:
    answer.set_cookie(
        _cookie(request),
        secret,
        path="/",
        max_age=int(SESSION_HOLDS.total_seconds()),
        httponly=True,
        secure=request.secure,
        samesite="Lax",
    )
