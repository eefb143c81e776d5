"""The first request of an HTTP connection, and what is answered, without input or output.

Of a request only the method, the host and whether a document is wanted are kept: nothing of the
path or the body, so neither can show up on a page or in a report (RFC 9110, RFC 9112).
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from enum import StrEnum

from blocklists.hosts import Address, BadHost, Host, parse_host

MAX_HEAD = 16 * 1024
"""Bytes of request line and header fields; more is refused."""

_TOKEN = frozenset((string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~").encode())
_VERSION = re.compile(rb"HTTP/[0-9]\.[0-9]")
_NAME = re.compile(r"[a-z0-9._-]+")


class Head(StrEnum):
    """What the first bytes are when they give no request."""

    INCOMPLETE = "incomplete"
    BAD = "400"


@dataclass(frozen=True)
class Request:
    """What the sinkhole needs to know of a request."""

    method: str
    host: Host | None
    """None where it names none (HTTP/1.0, HTTP/2 preface), or an address."""
    document: bool
    """A GET whose Accept names text/html: somebody wants to see a page."""


@dataclass(frozen=True)
class Page:
    """A document and the policy that keeps it to itself."""

    body: bytes
    """HTML in UTF-8."""
    policy: str
    """Its Content-Security-Policy."""


class _BadRequest(ValueError):
    """What is no request."""


def read(data: bytes) -> Request | Head:
    """The request at the front of a connection, once its header is complete."""
    head = _head(data[:MAX_HEAD])
    try:
        if head is not None:
            return _request(head)
        _check_beginning(data.lstrip(b"\r\n"))
    except (_BadRequest, BadHost, UnicodeDecodeError):
        return Head.BAD
    return Head.INCOMPLETE if len(data) < MAX_HEAD else Head.BAD


def respond(status: str, page: Page | None = None) -> bytes:
    """A whole response, after which the connection is closed; without a page it has no body."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", "Cache-Control: no-store"]
    body = page.body if page else b""
    if page:
        lines += [
            "Content-Type: text/html; charset=utf-8",
            f"Content-Security-Policy: {page.policy}",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer",
        ]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _head(data: bytes) -> bytes | None:
    """All before the first empty line, line ends made one; None while that line is missing."""
    data = data.lstrip(b"\r\n")
    ends = [end for end in (data.find(b"\n\r\n"), data.find(b"\n\n")) if end >= 0]
    if not ends:
        return None
    return data[: min(ends)].replace(b"\r\n", b"\n").removesuffix(b"\r")


def _check_beginning(data: bytes) -> None:
    """Raise _BadRequest as soon as it shows that no request begins so: TLS, or another protocol."""
    line, ended, _ = data.partition(b"\n")
    if ended:
        _request_line(line.removesuffix(b"\r"))
    elif not _TOKEN.issuperset(line.partition(b" ")[0]):
        raise _BadRequest


def _request(head: bytes) -> Request:
    line, *lines = head.split(b"\n")
    method, target, version = _request_line(line)
    fields = _fields(lines)
    document = method == "GET" and "text/html" in _accepted(fields.get("accept", []))
    return Request(method, _host(method, target, version, fields.get("host", [])), document)


def _request_line(line: bytes) -> tuple[str, str, str]:
    method, target, version = _three(line.split(b" "))
    if not method or not _TOKEN.issuperset(method) or not _VERSION.fullmatch(version):
        raise _BadRequest
    if any(byte <= 0x20 or byte == 0x7F for byte in target):
        raise _BadRequest
    return method.decode(), target.decode("latin-1"), version.decode("ascii")


def _three(parts: list[bytes]) -> tuple[bytes, bytes, bytes]:
    """Method, target and version; browsers escape a space in the target, some tools do not."""
    if len(parts) < 3:
        raise _BadRequest
    return parts[0], b"%20".join(parts[1:-1]), parts[-1]


def _fields(lines: list[bytes]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or not _TOKEN.issuperset(name) or b"\r" in value or b"\0" in value:
            raise _BadRequest
        found.setdefault(name.decode().lower(), []).append(value.strip(b" \t"))
    return found


def _accepted(values: list[bytes]) -> set[str]:
    """The media types that Accept names, without their parameters."""
    types = b",".join(values).decode("latin-1").lower().split(",")
    return {one.partition(";")[0].strip() for one in types}


def _host(method: str, target: str, version: str, hosts: list[bytes]) -> Host | None:
    """The host asked for: the target's where it names one, else the field's."""
    if len(hosts) > 1 or (not hosts and version.startswith("HTTP/1.") and version != "HTTP/1.0"):
        raise _BadRequest
    name = _authority(method, target)
    if name is None:
        name = hosts[0].decode("ascii") if hosts else ""
        if not name:
            return None
    host = parse_host(name)
    if isinstance(host, Address):
        return None
    if "%" in name or not _NAME.fullmatch(host):  # DNS takes other signs; no host has them
        raise _BadRequest
    return host


def _authority(method: str, target: str) -> str | None:
    """The host in a target of absolute or authority form (RFC 9112, section 3.2)."""
    if method == "CONNECT":
        return target
    scheme, found, rest = target.partition("://")
    if not found or not scheme.isalpha():
        return None
    return rest.partition("/")[0].partition("?")[0]
