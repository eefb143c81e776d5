"""The local socket on which the agent answers the people of this workstation.

HTTP over a Unix socket that everybody may open; the kernel says which account asks (SO_PEERCRED),
so that nobody reads another's record. GET alone: nothing can be changed here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

PATIENCE = 5.0
"""Seconds for a whole request."""
MOST_BYTES = 8192
MOST_CALLERS = 32

_CREDENTIALS = struct.Struct("3i")
"""struct ucred: pid, uid, gid (unix(7))."""

log = logging.getLogger(__name__)


class BadQuestion(Exception):
    """A question that cannot be answered; the message says what would be right."""


Ask = Callable[[int, Mapping[str, str]], Awaitable[object]]
"""Answers a question of an account (uid) with its query; the answer becomes JSON. Raises
BadQuestion."""


class Control:
    """Serves a table of questions, by path."""

    def __init__(self, path: Path, questions: Mapping[str, Ask]) -> None:
        self._path = path
        self._questions = questions
        self._callers = 0

    async def serve(self) -> None:
        """Listen until cancelled."""
        self._path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._connected, self._path, limit=MOST_BYTES)
        self._path.chmod(0o666)
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._callers += 1
        try:
            with suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
                async with asyncio.timeout(PATIENCE):
                    writer.write(await self._exchange(reader, _account(writer)))
                    await writer.drain()
        finally:
            self._callers -= 1
            writer.close()

    async def _exchange(self, reader: StreamReader, account: int) -> bytes:
        if self._callers > MOST_CALLERS:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "too many ask at once")
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
            parts = urlsplit(target)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
        except (ValueError, asyncio.LimitOverrunError):
            return _problem(HTTPStatus.BAD_REQUEST, "form", "this is not a request of HTTP/1.1")
        if method != "GET":
            return _problem(HTTPStatus.METHOD_NOT_ALLOWED, "method", "only GET is answered here")
        if parts.path not in self._questions:
            known = ", ".join(self._questions)
            return _problem(HTTPStatus.NOT_FOUND, "not-found", f"there are {known}")
        return await self._answer(self._questions[parts.path], account, query)

    async def _answer(self, ask: Ask, account: int, query: Mapping[str, str]) -> bytes:
        try:
            return _response(HTTPStatus.OK, await ask(account, query))
        except BadQuestion as error:
            return _problem(HTTPStatus.BAD_REQUEST, "form", str(error))
        except Exception:
            log.exception("control=failed")
            return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "inside", "see the agent's log")


def _account(writer: StreamWriter) -> int:
    """The uid at the other end, as the kernel says."""
    connection: socket.socket = writer.get_extra_info("socket")
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(data)[1])


def _problem(status: HTTPStatus, code: str, detail: str) -> bytes:
    return _response(status, {"status": status.value, "code": code, "detail": detail})


def _response(status: HTTPStatus, answer: object) -> bytes:
    body = json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
