"""The server name in the first bytes of a TLS connection, without input or output.

No TLS of ours: the name is read (RFC 8446 section 4.1.2, RFC 6066 section 3) and the connection is
closed with an alert. Called again with all bytes so far each time some arrive.
"""

from __future__ import annotations

from enum import StrEnum

from blocklists.hosts import Address, BadHost, Host, parse_host

MAX_HELLO = 32 * 1024
"""Bytes with the records' headers; browsers send about 2 KiB."""

ALERT = bytes([21, 3, 3, 0, 2, 2, 112])
"""A fatal alert `unrecognized_name`, the truth: after it Chromium tries again less often than after
any other, and says that the site cannot be reached."""

_RECORD = b"\x16\3"
"""How a record with a handshake begins: its type and the major version."""
_MAX_RECORD = 2**14
_MAX_RECORDS = 64
_CLIENT_HELLO, _SERVER_NAME, _HOST_NAME = 1, 0, 0


class Hello(StrEnum):
    """What the first bytes are when they give no host."""

    NONE = "none"
    """A ClientHello that names no host, or an address."""
    INCOMPLETE = "incomplete"
    """More must come."""
    MALFORMED = "malformed"
    NOT_TLS = "not-tls"


class _BadHello(ValueError):
    """A length that does not fit, or what is no ClientHello."""


class _Cut(Exception):
    """The bytes end where the message goes on."""


class _Bytes:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """The next bytes; _BadHello where there are fewer."""
        if len(self._data) - self._at < size:
            raise _BadHello
        self._at += size
        return self._data[self._at - size : self._at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)

    def vector(self, width: int) -> _Bytes:
        """A run of bytes with its length, of this many bytes, in front."""
        return _Bytes(self.take(int.from_bytes(self.take(width))))


def server_name(data: bytes) -> Host | Hello:
    """The host that the first bytes of a connection ask for, or why there is none."""
    if not _RECORD.startswith(data[:2]):
        return Hello.NOT_TLS
    try:
        return _name(_client_hello(data))
    except _Cut:
        return Hello.INCOMPLETE if len(data) < MAX_HELLO else Hello.MALFORMED
    except _BadHello:
        return Hello.MALFORMED


def _client_hello(data: bytes) -> _Bytes:
    """The body of the ClientHello, put together from its records."""
    message, at = b"", 0
    for _ in range(_MAX_RECORDS):
        header = data[at : at + 5]
        size = int.from_bytes(header[3:])
        if not _RECORD.startswith(header[:2]) or (len(header) == 5 and not 0 < size <= _MAX_RECORD):
            raise _BadHello
        if len(header) < 5 or len(data) < at + 5 + size:
            raise _Cut
        message += data[at + 5 : at + 5 + size]
        at += 5 + size
        length = int.from_bytes(message[1:4])
        if message[0] != _CLIENT_HELLO or length > MAX_HELLO:
            raise _BadHello
        if len(message) >= 4 + length and len(message) >= 4:
            return _Bytes(message[4 : 4 + length])
    raise _BadHello


def _name(hello: _Bytes) -> Host | Hello:
    hello.take(2 + 32)  # version, random
    hello.vector(1)  # session id
    hello.vector(2)  # cipher suites
    hello.vector(1)  # compression methods
    if not hello:
        return Hello.NONE  # before TLS 1.3 there may be no extensions at all
    extensions = hello.vector(2)
    if hello:
        raise _BadHello
    while extensions:
        kind, body = int.from_bytes(extensions.take(2)), extensions.vector(2)
        if kind == _SERVER_NAME:
            return _first_host(body.vector(2))
    return Hello.NONE


def _first_host(names: _Bytes) -> Host | Hello:
    while names:
        kind, name = int.from_bytes(names.take(1)), names.vector(2)
        if kind == _HOST_NAME:
            return _host(name)
    return Hello.NONE


def _host(name: _Bytes) -> Host | Hello:
    try:
        host = parse_host(name.rest().decode("ascii"))
    except (BadHost, UnicodeDecodeError):
        return Hello.MALFORMED
    return Hello.NONE if isinstance(host, Address) else host
