"""The verbs that the daemon may ask of the superuser's helper, and their wire form: no others.

A message is a length (4 bytes, big-endian) and that many bytes of JSON, at most MAX_MESSAGE. One is
answered before the next is read. Rules kept here:
 * Whatever does not have exactly this form is refused: an unknown verb or field, a wrong type, a
   number out of its range.
 * No verb carries an address, a path, a command or a program: the daemon names hosts to route, and
   connections to the sinkhole that it wants the owners of. That is all it can ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

from blocklists.channels import MOST_ROUTES
from blocklists.hosts import Host, parents

MAX_MESSAGE = 128 * 1024
"""Bytes: twice what 250 names of the greatest length take."""
MAX_CONNECTIONS = 256
"""Connections in one Owners: as many as the sinkhole holds open."""

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Text = Annotated[str, msgspec.Meta(max_length=253)]


class Connection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both ends of one TCP connection over IPv4."""

    client: Text
    client_port: Port
    server: Text
    server_port: Port


class Owner(msgspec.Struct, frozen=True):
    """Who opened a connection, as far as it could be seen."""

    uid: int | None = None
    program: str | None = None
    """The path of its executable."""


class Listen(msgspec.Struct, frozen=True, tag="listen", forbid_unknown_fields=True):
    """Give me the sinkhole's sockets. Answered by Listening, with the sockets beside it."""


class Route(msgspec.Struct, frozen=True, tag="route", forbid_unknown_fields=True):
    """Send look-ups of exactly these names, and of all below them, to the sinkhole. By Routed."""

    names: Annotated[list[Text], msgspec.Meta(max_length=4 * MOST_ROUTES)]


class Owners(msgspec.Struct, frozen=True, tag="owners", forbid_unknown_fields=True):
    """Who opened these connections to the sinkhole? Answered by Owned, in the same order."""

    connections: Annotated[list[Connection], msgspec.Meta(max_length=MAX_CONNECTIONS)]


class Clear(msgspec.Struct, frozen=True, tag="clear", forbid_unknown_fields=True):
    """Give the machine back: no routes, no link, no sockets. Answered by Cleared."""


Request = Listen | Route | Owners | Clear


class Listening(msgspec.Struct, frozen=True, tag="listening"):
    """The ports whose sockets come along, in their order; what is missing is somebody else's."""

    ports: list[str]


class Routed(msgspec.Struct, frozen=True, tag="routed"):
    """The names lead to the sinkhole."""

    mechanism: str
    conflicts: list[str]
    """Names that another link routes too, or more closely: they may get past."""
    trace: str
    """What the choice of the mechanism rests on."""


class Owned(msgspec.Struct, frozen=True, tag="owned"):
    """The owners, in the order of the connections."""

    owners: list[Owner]


class Cleared(msgspec.Struct, frozen=True, tag="cleared"):
    """The machine is as it was before."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The verb was not carried out, and nothing has changed."""

    code: str
    """One of Code."""
    detail: str


Reply = Listening | Routed | Owned | Cleared | Refused


class Code(StrEnum):
    """Why a verb is refused; also the code of a channel's health."""

    FORM = "form"
    NOT_LISTENING = "not-listening"
    PORT_53 = "port-53"
    TOO_MANY_NAMES = "too-many-names"
    BAD_NAME = "bad-name"
    PROTECTED_NAME = "protected-name"
    NO_RESOLVER = "no-resolver"
    RESOLVER_NOT_USED = "resolver-not-used"
    RESOLVER_FAILED = "resolver-failed"


class Refusal(Exception):
    """A verb that is not carried out."""

    def __init__(self, code: Code, detail: str) -> None:
        """A stable code, and one sentence."""
        super().__init__(detail)
        self.code, self.detail = code, detail


class TooLong(Exception):
    """A message beyond MAX_MESSAGE: it is not read, and the conversation ends."""


_RESERVED = frozenset({"localhost", "local", "arpa", "internal", "onion"})
"""Top-level names with a meaning of their own on a machine (RFC 6761, 6762, 7686, 9476)."""
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)

PREFIX = 4
"""Bytes of a message's length."""


def frame(message: Request | Reply) -> bytes:
    """A message as it is sent."""
    body = msgspec.json.encode(message)
    return len(body).to_bytes(PREFIX) + body


def length(prefix: bytes) -> int:
    """How many bytes follow. Raises TooLong."""
    size = int.from_bytes(prefix)
    if size > MAX_MESSAGE:
        raise TooLong(f"a message has at most {MAX_MESSAGE} bytes, this one {size}")
    return size


def read_request(body: bytes) -> Request:
    """The verb in these bytes. Raises Refusal (form)."""
    try:
        return _requests.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refusal(Code.FORM, str(error)) from error


def read_reply(body: bytes) -> Reply:
    """The answer in these bytes. Raises Refusal (form)."""
    try:
        return _replies.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refusal(Code.FORM, str(error)) from error


def routable(names: Iterable[str], protected: Collection[Host]) -> tuple[Host, ...]:
    """These names, each once, sorted, if all may be routed. Raises Refusal.

    A route takes every name below along. So no top-level name, nothing that has a meaning of its
    own on a machine, and nothing at, above or below a protected name.
    """
    hosts = sorted({_host(name) for name in names})
    if len(hosts) > MOST_ROUTES:
        raise Refusal(
            Code.TOO_MANY_NAMES, f"a link takes at most {MOST_ROUTES} names, these are {len(hosts)}"
        )
    protected_set = frozenset(protected)
    kept = {parent for host in protected_set for parent in parents(host)}
    for host in hosts:
        if host in kept or not protected_set.isdisjoint(parents(host)):
            raise Refusal(
                Code.PROTECTED_NAME, f"{host} would cut off a name that must be reachable"
            )
    return tuple(hosts)


def _host(name: str) -> Host:
    labels = name.split(".")
    if len(labels) < 2 or labels[-1] in _RESERVED:
        raise Refusal(Code.BAD_NAME, f"{name!r} is a name of the system, not of a service")
    if not all(0 < len(label) <= 63 and _LABEL.issuperset(label) for label in labels):
        raise Refusal(Code.BAD_NAME, f"{name!r} is no host name in normal form")
    if labels[-1].isdigit():
        raise Refusal(Code.BAD_NAME, f"{name!r} is an address")
    return Host(name)
