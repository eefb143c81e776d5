"""How answers are written: JSON, times, and problems (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import msgspec
from aiohttp import web

from server.errors import Refused

PROBLEM = "application/problem+json"


def json_answer(value: object, status: int = 200) -> web.Response:
    """An answer in JSON; times become RFC 3339 in UTC."""
    return web.Response(body=encode(value), status=status, content_type="application/json")


def problem(error: Refused) -> web.Response:
    """The answer to a request that is refused."""
    body = {
        "type": f"urn:sluis:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        **error.fields,
    }
    headers = {**error.headers}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Signature, Ticket"
    return web.Response(
        body=encode(body), status=error.status, content_type=PROBLEM, headers=headers
    )


def encode(value: object) -> bytes:
    """Canonical enough: keys in their order, UTF-8."""
    return msgspec.json.encode(_whole_seconds(value))


def _whole_seconds(value: object) -> object:
    """Instants without their fraction."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, Mapping):
        return {key: _whole_seconds(one) for key, one in value.items()}
    return value
