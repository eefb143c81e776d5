"""What enrolled endpoints ask, in signed requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from aiohttp import web

from blocklists.protocol.bundle import pack
from blocklists.protocol.signatures import (
    Algorithm,
    PublicKey,
    RequestParts,
    SigningKey,
    decode_key,
)
from server.devices.callers import check_signed, identify
from server.devices.checkins import INTERVAL, CheckIn, check_in
from server.devices.enrolment import Application, enrol
from server.devices.polls import Has, Polls
from server.devices.statements import statement_of
from server.devices.tokens import Kind
from server.doors.answers import encode, json_answer
from server.doors.bodies import SMALL, parse, read_body
from server.errors import Refused
from server.store.books import Books
from server.store.endpoints import Endpoint, Health

Name = Annotated[str, msgspec.Meta(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Version = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class KeyForm(msgspec.Struct):
    """A public key on the wire."""

    alg: Algorithm
    public: Annotated[str, msgspec.Meta(max_length=100)]


class EnrolmentForm(msgspec.Struct):
    """The body of an enrolment."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Kind
    key: KeyForm
    name: Name = ""
    os: Name = ""


class ListForm(msgspec.Struct):
    """Which list an endpoint has."""

    state: Literal["waiting", "fresh", "stale", "frozen", "refused"]
    version: Version | None = None


class ChannelForm(msgspec.Struct):
    """How a channel is, from a test of its effect."""

    state: Literal["in-force", "not-in-force", "off"]
    code: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[a-z0-9-]*$")] = ""


Channels = Annotated[
    dict[Literal["dns", "browser", "connection", "process"], ChannelForm],
    msgspec.Meta(max_length=4),
]


class CheckInForm(msgspec.Struct):
    """The body of a check-in."""

    list: ListForm
    epoch: Version | None = None
    channels: Channels = {}
    software: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[0-9A-Za-z.+-]*$")] = ""
    tickets: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    """How many unused tickets it still holds."""


class DeviceDoor:
    """`/v1/device/…`."""

    def __init__(
        self,
        books: Books,
        polls: Polls,
        statement_key: SigningKey,
        clock: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        *,
        names: Collection[str],
    ) -> None:
        """Answer from these; `names` are the hosts by which endpoints know this server."""
        self._names = names
        self._books = books
        self._polls = polls
        self._statement_key = statement_key
        self._clock = clock
        self._random_bytes = random_bytes

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [
            web.post("/v1/device/enrolments", self.enrol),
            web.post("/v1/device/check-ins", self.check_in),
            web.get("/v1/device/statement", self.statement, allow_head=False),
            web.get("/v1/device/wait", self.wait, allow_head=False),
        ]

    async def enrol(self, request: web.Request) -> web.Response:
        """Take an endpoint in; the request is signed by the key that it brings."""
        body = await read_body(request, SMALL)
        application = _application(parse(body, EnrolmentForm))
        now = self._clock()
        parts = self._signed_parts(request, body)
        claim = check_signed(parts, request.headers, application.key, now)
        new_id = UUID(bytes=self._random_bytes(16), version=4)
        device = await self._books.write(enrol, application, claim, new_id, now)
        return json_answer({"device": str(device), "now": now}, 201)

    async def check_in(self, request: web.Request) -> web.Response:
        """Note how an endpoint is, and give it tickets."""
        body = await read_body(request, SMALL)
        endpoint, now = await self._caller(request, body)
        said = _check_in(parse(body, CheckInForm))
        tickets = await self._books.write(check_in, endpoint.keyid, said, self._random_bytes, now)
        return json_answer({"now": now, "interval": INTERVAL, "tickets": tickets})

    async def statement(self, request: web.Request) -> web.Response:
        """The statement of the device that asks."""
        endpoint, now = await self._caller(request, await read_body(request, SMALL))
        return json_answer(statement_of(endpoint.id, self._statement_key, now))

    async def wait(self, request: web.Request) -> web.StreamResponse:
        """The long poll: what the endpoint lacks, or 204 when the hold ends."""
        endpoint, _ = await self._caller(request, await read_body(request, SMALL))
        bundle = await self._polls.wait(endpoint.id, _has(request.query))
        if bundle is None:
            return web.Response(status=204)
        statement = encode(statement_of(endpoint.id, self._statement_key, self._clock()))
        return await _send(request, bundle, pack({"statement.json": statement}))

    async def _caller(self, request: web.Request, body: bytes) -> tuple[Endpoint, datetime]:
        now = self._clock()
        parts = self._signed_parts(request, body)
        return await identify(self._books, parts, request.headers, now), now

    def _signed_parts(self, request: web.Request, body: bytes) -> RequestParts:
        """What of a request is signed, as it came over the wire.

        Raises Refused for one that was signed for another server, which may pass it on to us.
        """
        authority = request.headers.get("Host", "")
        if authority.lower().partition(":")[0] not in self._names:
            raise Refused(401, "signature", "the request is signed for another server than this")
        path, _, query = request.raw_path.partition("?")
        return RequestParts(request.method, authority, path, query, body)


async def _send(request: web.Request, *parts: bytes) -> web.StreamResponse:
    """Send parts one after another: those that many waiters share are not copied for each."""
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    response.content_length = sum(map(len, parts))
    await response.prepare(request)
    for part in parts:
        await response.write(part)
    await response.write_eof()
    return response


def _application(form: EnrolmentForm) -> Application:
    try:
        key = PublicKey(form.key.alg, decode_key(form.key.public))
    except ValueError as error:
        raise Refused(400, "form", f"key.public: {error}") from error
    return Application(form.token, form.kind, key, form.name, form.os)


def _check_in(form: CheckInForm) -> CheckIn:
    channels = json.dumps(msgspec.to_builtins(form.channels), sort_keys=True)
    health = Health(form.software, form.list.version, form.list.state, channels)
    return CheckIn(form.epoch, form.tickets, health)


def _has(query: Mapping[str, str]) -> Has:
    blocklist = query.get("list", "")
    if len(blocklist) not in {0, 64}:
        raise Refused(400, "form", "list: the SHA-256 of the list in hex, or empty")
    return Has(_number(query, "root"), _number(query, "timestamp"), blocklist)


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Refused(400, "form", f"{name}: the version that the endpoint has, 0 for none")
    return int(text)
