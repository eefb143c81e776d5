"""What a man in the middle can make of signed files: each way is a function of a request and of the
server that he may ask.

He can do what the network and the disk of a server can do, and no more: he has no key.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

POLL = "/v1/device/wait"
"""The poll's answer carries signed files too: repeated name, data (blocklists/protocol)."""

_CARRY_SIGNED_FILES = ("/repository/", POLL)


@dataclass(frozen=True)
class Request:
    """What an endpoint asks."""

    method: str
    target: str
    """Path and query."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.target.partition("?")[0]

    @property
    def is_watched(self) -> bool:
        """Whether its answer carries signed files."""
        return self.path.startswith(_CARRY_SIGNED_FILES)


@dataclass(frozen=True)
class Reply:
    """What an endpoint gets."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Server = Callable[[Request], Reply]
Forgery = Callable[[Request, Server], Reply]

_MISSING = Reply(HTTPStatus.NOT_FOUND)


def passed_on(request: Request, server: Server) -> Reply:
    """Give what the server gives."""
    return server(request)


def refused(_request: Request, _server: Server) -> Reply:
    """Give nothing: OSError, which cuts the connection."""
    raise ConnectionRefusedError


def tampered(names: tuple[str, ...]) -> Forgery:
    """Change one digit of each file whose name ends so, alone or in a poll's answer."""

    def forge(request: Request, server: Server) -> Reply:
        reply = server(request)
        if not request.is_watched or reply.status != HTTPStatus.OK:
            return reply
        body = bytearray(reply.body)
        for name, start, end in _files(request.path, reply.body):
            if name.endswith(names) and start < end:
                body[_digit(reply.body, start, end)] ^= 1
        return replace(reply, body=bytes(body))

    return forge


def replayed(recorded: Mapping[str, Reply]) -> Forgery:
    """Give what was recorded for each path that carries signed files, 404 where nothing was."""

    def forge(request: Request, server: Server) -> Reply:
        return recorded.get(request.path, _MISSING) if request.is_watched else server(request)

    return forge


def replaced(files: Mapping[str, bytes | None]) -> Forgery:
    """Give these bytes for these paths, 404 where they are None; the rest is passed on."""

    def forge(request: Request, server: Server) -> Reply:
        if request.path not in files:
            return server(request)
        body = files[request.path]
        return _MISSING if body is None else Reply(HTTPStatus.OK, body=body)

    return forge


def _files(path: str, body: bytes) -> Iterator[tuple[str, int, int]]:
    """Give name, start and end of each file in a body."""
    if path != POLL:
        yield path, 0, len(body)
        return
    at = 0
    while at < len(body):
        start = at + 2 + int.from_bytes(body[at : at + 2], "big")
        name = body[at + 2 : start].decode()
        (size,) = struct.unpack_from("!I", body, start)
        at = start + 4 + size
        yield name, start + 4, at


def _digit(body: bytes, start: int, end: int) -> int:
    """Find a digit to change about the middle, so that JSON stays JSON; else any byte there."""
    digit, middle = re.compile(rb"(?<=[0-9a-f])[0-9]"), (start + end) // 2
    found = digit.search(body, middle, end) or digit.search(body, start, end)
    return found.start() if found else middle
