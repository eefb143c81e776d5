"""What stands before every door: nobody without credentials, errors as problems, safe headers.

Rules kept here:
 * Deny by default: only what PUBLIC names answers without credentials, whatever the method. Whether
   credentials are right is for the door itself.
 * No answer and no log line shows what went wrong inside; logs hold no address, path or body.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from server.doors.answers import problem
from server.errors import DatabaseDown, Refused

PUBLIC = ("/health/", "/repository/", "/extension/", "/assets/", "/sign-in")
"""What answers everybody. Where it ends in a slash, all below it too."""
ASK_THEMSELVES = ("/", "/oversight/", "/sign-out")
"""Pages that answer 401 with a page for people, not with a problem for machines."""
CREDENTIALS = ("Signature-Input", "Authorization", "Cookie")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer that does not say otherwise itself."""

log = structlog.get_logger()


def is_public(path: str) -> bool:
    """Whether a path answers without credentials."""
    return any(path.startswith(one) if one.endswith("/") else path == one for one in PUBLIC)


@web.middleware
async def deny_by_default(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away who brings no credentials, also at paths that are not there."""
    brings = any(name in request.headers for name in CREDENTIALS)
    if not (brings or is_public(request.path) or _asks_itself(request)):
        raise Refused(401, "credentials", "this address answers enrolled endpoints and people only")
    return await handler(request)


@web.middleware
async def errors_as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as application/problem+json."""
    try:
        return await handler(request)
    except Refused as error:
        return problem(error)
    except web.HTTPException as error:
        if error.status < 400:  # a redirect
            raise
        code = {404: "not-found", 405: "method"}.get(error.status, "http")
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return problem(Refused(error.status, code, error.reason, headers=allow))
    except DatabaseDown as error:
        log.error("database does not answer", why=str(error))  # noqa: TRY400 - SQLite's own words
        return problem(
            Refused(503, "database", "the database does not answer", headers={"Retry-After": "30"})
        )
    except Exception:  # the server goes on, and says nothing of its inside
        log.exception("request failed")
        return problem(Refused(500, "inside", "something went wrong in the server; see its log"))


def _asks_itself(request: web.Request) -> bool:
    return request.path in ASK_THEMSELVES and request.match_info.http_exception is None


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put safe headers on an answer, at the moment in which it is sent."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers["Server"] = "sluis"


MIDDLEWARES = (errors_as_problems, deny_by_default)
"""From outside to inside."""
