"""Who is at the other end of a connection, read out of the kernel's table of TCP connections; pure.

Rules kept here:
 * Both ends must match: one local port serves several connections at a time, to different places.
 * A connection that its program has closed has no owner: the kernel then lists it with inode 0 and,
   wrongly, with root's uid.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.verbs import Connection

_MAPPED = bytes(10) + b"\xff\xff"
"""What stands before an IPv4 address in an IPv6 one (RFC 4291, section 2.5.5.2)."""


@dataclass(frozen=True)
class Open:
    """A connection as the kernel's table shows it."""

    uid: int
    inode: int
    """Number of the socket, as in /proc/PID/fd: `socket:[inode]`."""


def find(rows: Iterable[str], wanted: Iterable[Connection]) -> Mapping[Connection, Open]:
    """The wanted connections among the rows of /proc/net/tcp and tcp6, as their client has them."""
    left = {key: connection for connection in wanted for key in _keys(connection)}
    found: dict[Connection, Open] = {}
    for row in rows if left else ():
        fields = row.split()
        connection = left.get((fields[1], fields[2])) if len(fields) > 9 else None
        if connection and fields[9] != "0":
            found[connection] = Open(uid=int(fields[7]), inode=int(fields[9]))
            for key in _keys(connection):
                del left[key]
            if not left:  # the tables are long
                break
    return found


def _keys(connection: Connection) -> list[tuple[str, str]]:
    """Local and remote end as the kernel writes them: for an IPv4 socket, and for an IPv6 socket
    that speaks IPv4 (as Java makes them).
    """
    client, server = socket.inet_aton(connection.client), socket.inet_aton(connection.server)
    return [
        (
            f"{_words(before + client)}:{connection.client_port:04X}",
            f"{_words(before + server)}:{connection.server_port:04X}",
        )
        for before in (b"", _MAPPED)
    ]


def _words(address: bytes) -> str:
    """An address in hexadecimal, in words of the machine's byte order."""
    return "".join(f"{word:08X}" for word in struct.unpack(f"={len(address) // 4}I", address))
