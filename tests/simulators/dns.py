"""A small DNS server that answers every A question with one address: the internet's resolver, and a
test's sinkhole.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Callable

A = 1
TTL = 5
"""In seconds: short, so that a test that changes an answer need not wait."""


def question(query: bytes) -> tuple[str, int, int]:
    """Give the name and the type that a query asks for, and where its question ends (RFC 1035,
    4.1.2).
    """
    labels, at = [], 12
    while size := query[at]:
        labels.append(query[at + 1 : at + 1 + size].decode("ascii", "replace"))
        at += 1 + size
    return ".".join(labels).lower(), struct.unpack_from("!H", query, at + 1)[0], at + 5


def answer(query: bytes, address: str | None) -> bytes:
    """Answer a query: this address to a question for A, no data to any other; with None the name
    does not exist.
    """
    _, kind, end = question(query)
    records = b""
    if address and kind == A:
        records = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, TTL, 4) + socket.inet_aton(address)
    edns = b"\0\0\x29\x04\xd0\0\0\0\0\0\0" if query[10:12] != b"\0\0" else b""
    flags = 0x8180 | (0 if address else 3)
    counts = struct.pack("!HHHHH", flags, 1, bool(records), 0, bool(edns))
    return query[:2] + counts + query[12:end] + records + edns


def serve_dns(listen: str, lookup: Callable[[str], str | None]) -> None:
    """Answer on UDP and TCP port 53 for as long as this process lives; `lookup` gives the address
    of a name, or None.
    """

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, channel = self.request
            channel.sendto(answer(query, lookup(question(query)[0])), self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while size := self.rfile.read(2):
                query = self.rfile.read(int.from_bytes(size, "big"))
                reply = answer(query, lookup(question(query)[0]))
                self.wfile.write(len(reply).to_bytes(2, "big") + reply)

    servers = (
        socketserver.ThreadingUDPServer((listen, 53), Udp),
        socketserver.ThreadingTCPServer((listen, 53), Tcp),
    )
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
