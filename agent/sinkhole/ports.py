"""The sinkhole's addresses and ports, and how they are taken: from nobody.

Both addresses lie in 127.0.0.0/8, which the loopback link of Linux holds whole, so that none has to
be added (Chromium drops loads when one is).
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address

DNS_ADDRESS = IPv4Address("127.77.0.53")
WEB_ADDRESS = IPv4Address("127.77.0.1")


@dataclass(frozen=True)
class Port:
    """One place where the sinkhole listens."""

    name: str
    address: IPv4Address
    number: int
    kind: socket.SocketKind = socket.SOCK_STREAM

    def take(self) -> socket.socket | None:
        """A socket that listens there; None where somebody else does. Raises OSError.

        A server on 0.0.0.0 counts as somebody: the kernel then refuses ours.
        """
        taken = socket.socket(socket.AF_INET, self.kind)
        try:
            if self.kind is socket.SOCK_STREAM:  # past connections of ours do not count as somebody
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((str(self.address), self.number))
            if self.kind is socket.SOCK_STREAM:
                taken.listen(128)
        except OSError as error:
            taken.close()
            if error.errno == errno.EADDRINUSE:
                return None
            raise
        taken.settimeout(0)
        return taken


DNS_UDP = Port("dns-udp", DNS_ADDRESS, 53, socket.SOCK_DGRAM)
DNS_TCP = Port("dns-tcp", DNS_ADDRESS, 53)
HTTP = Port("http", WEB_ADDRESS, 80)
TLS = Port("tls", WEB_ADDRESS, 443)

PORTS = (DNS_UDP, DNS_TCP, HTTP, TLS)


@dataclass(frozen=True)
class Sockets:
    """What of it is ours; None is somebody else's."""

    dns_udp: socket.socket | None = None
    dns_tcp: socket.socket | None = None
    http: socket.socket | None = None
    tls: socket.socket | None = None

    @property
    def dns(self) -> bool:
        """Whether names can be answered at all."""
        return self.dns_udp is not None and self.dns_tcp is not None

    @property
    def web(self) -> bool:
        """Whether people may be sent to WEB_ADDRESS: nobody else answers there."""
        return self.http is not None and self.tls is not None
