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
_MAX_SESSION_ID = 32
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

    def vector(self, width: int, least: int = 0) -> _Bytes:
        """A run of bytes with its length, of this many bytes, in front."""
        size = int.from_bytes(self.take(width))
        if size < least:
            raise _BadHello
        return _Bytes(self.take(size))

    def end(self) -> None:
        """_BadHello where something is left."""
        if self:
            raise _BadHello


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
    """The body of the ClientHello, put together from its records, however short they are."""
    message, at = bytearray(), 0
    while True:
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
            return _Bytes(bytes(message[4 : 4 + length]))


def _name(hello: _Bytes) -> Host | Hello:
    hello.take(2 + 32)  # version, random
    if len(hello.vector(1).rest()) > _MAX_SESSION_ID:
        raise _BadHello
    if len(hello.vector(2, least=2).rest()) % 2:  # cipher suites
        raise _BadHello
    hello.vector(1, least=1)  # compression methods
    if not hello:
        return Hello.NONE  # before TLS 1.3 there may be no extensions at all
    extensions = _extensions(hello.vector(2))
    hello.end()
    return _first_host(extensions[_SERVER_NAME]) if _SERVER_NAME in extensions else Hello.NONE


def _extensions(block: _Bytes) -> dict[int, _Bytes]:
    """All extensions by type; none stands there twice (RFC 8446, section 4.2)."""
    found: dict[int, _Bytes] = {}
    while block:
        kind = int.from_bytes(block.take(2))
        if kind in found:
            raise _BadHello
        found[kind] = block.vector(2)
    return found


def _first_host(extension: _Bytes) -> Host | Hello:
    """The host in a server_name extension: one name of a type at most (RFC 6066, section 3)."""
    names, found = extension.vector(2, least=1), {}
    extension.end()
    while names:
        kind = int.from_bytes(names.take(1))
        if kind in found:
            raise _BadHello
        found[kind] = names.vector(2)
    return _host(found[_HOST_NAME]) if _HOST_NAME in found else Hello.NONE


def _host(name: _Bytes) -> Host | Hello:
    try:
        host = parse_host(name.rest().decode("ascii"))
    except (BadHost, UnicodeDecodeError):
        return Hello.MALFORMED
    return Hello.NONE if isinstance(host, Address) else host
