"""The sinkhole's DNS: bytes of a query to bytes of the answer, without input or output.

Rules kept here:
 * A name of the zone has one A record, the sinkhole's; every other type is NODATA. So no HTTPS
   record gives an ECH key, and the server name arrives in clear.
 * A zone without an address says NXDOMAIN: somebody else listens where we would send people.
 * A name outside the zone is REFUSED and never gets the address.
 * A response is never answered, so that two servers cannot keep each other busy.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

import dns.exception
import dns.message
import dns.name

from blocklists.channels import DOH_CANARY
from blocklists.hosts import Host, parents

TTL = 5
"""Seconds: what is allowed again is reachable again a moment later."""

MAX_QUERY = 4096
"""Bytes; one question with its EDNS options is far below."""

_NOERROR, _FORMERR, _NXDOMAIN, _NOTIMP, _REFUSED, _BADVERS = 0, 1, 3, 4, 5, 16
_A, _SOA, _OPT, _IN = 1, 6, 41, 1
_HEADER, _OPT_HEAD = 12, 11
_PAYLOAD = 1232
"""The UDP size that crosses every network unfragmented (DNS flag day 2020)."""

_BLOCKED = 15
"""Extended DNS Error "Blocked": the operator's policy (RFC 8914, section 4.16)."""
_BLOCKED_TEXT = b"Sluis: blocked by your organisation"


@dataclass(frozen=True)
class Zone:
    """The names that the sinkhole answers for, each with all below it."""

    names: frozenset[Host]
    address: IPv4Address | None
    """Where they lead; None where that port is somebody else's."""

    def apex(self, host: Host) -> Host | None:
        """The name of the zone that holds this host, if one does."""
        return next((name for name in parents(host) if name in self.names), None)


def asked(query: bytes) -> Host | None:
    """The name that a query asks for, as a host; None where it is none."""
    try:
        message = dns.message.from_wire(query)
    except dns.exception.DNSException:
        return None
    return _host(message.question[0].name) if len(message.question) == 1 else None


def answer(query: bytes, zone: Zone) -> bytes | None:
    """The reply to a query; None where nothing may be sent."""
    if len(query) < _HEADER or query[2] & 0x80:
        return None
    if query[2] & 0x78:
        return _bare(query, _NOTIMP)
    if len(query) > MAX_QUERY or query[4:6] != b"\0\1":
        return _bare(query, _FORMERR)
    try:
        message = dns.message.from_wire(_without_options(query))
    except dns.exception.DNSException:
        return _bare(query, _FORMERR)
    if not query.startswith(_question(message), _HEADER):  # a name compressed into the header
        return _bare(query, _FORMERR)
    return _answered(message, zone)


def _without_options(query: bytes) -> bytes:
    """The query without its EDNS options: what we know none of is not read (RFC 6891, 6.1.2).

    As it came where no OPT follows the question alone, or its options do not fill it.
    """
    at = _HEADER
    while at < len(query) and query[at]:
        at += 1 + query[at]
    at += 5
    opt, options = query[at : at + _OPT_HEAD], query[at + _OPT_HEAD :]
    if query[6:_HEADER] != b"\0\0\0\0\0\1" or opt[:3] != b"\0\0\x29" or len(opt) < _OPT_HEAD:
        return query
    end = 0
    while end + 4 <= len(options):
        end += 4 + int.from_bytes(options[end + 2 : end + 4])
    if end != len(options) or end != int.from_bytes(opt[-2:]):
        return query
    return query[:at] + opt[:-2] + b"\0\0"


def _answered(message: dns.message.Message, zone: Zone) -> bytes:
    question = message.question[0]
    if message.edns > 0:
        return _reply(message, _BADVERS)
    host = _host(question.name) if question.rdclass == _IN else None
    if host == DOH_CANARY:
        return _reply(message, _NXDOMAIN, authority=_authority(question.name, host))
    apex = zone.apex(host) if host else None
    if not host or not apex:
        return _reply(message, _REFUSED)
    if zone.address is None:
        return _reply(message, _NXDOMAIN, authority=_authority(question.name, apex), blocked=True)
    if question.rdtype == _A:
        return _reply(message, _NOERROR, answer=_record(0, _A, zone.address.packed), blocked=True)
    return _reply(message, _NOERROR, authority=_authority(question.name, apex), blocked=True)


def _host(name: dns.name.Name) -> Host | None:
    """The name as a list writes it; None for the root.

    DNS takes any octets: a dot inside a label is escaped, so that it parts nothing, and octets
    beyond ASCII stay one sign each; no name of a list has either.
    """
    labels = [label.replace(b".", rb"\046").decode("latin-1") for label in name.labels[:-1]]
    return Host(".".join(labels).lower()) if labels else None


def _bare(query: bytes, rcode: int) -> bytes:
    """A reply that repeats nothing of a query that could not be read."""
    return query[:2] + bytes([0x80 | query[2] & 0x79, 0x80 | rcode]) + bytes(8)


def _reply(
    message: dns.message.Message,
    rcode: int,
    *,
    answer: bytes = b"",
    authority: bytes = b"",
    blocked: bool = False,
) -> bytes:
    """A whole reply; the question is repeated byte for byte, also in its capitals (0x20)."""
    edns = _opt(rcode, blocked=blocked) if message.edns >= 0 else b""
    flags = 0x8480 | message.flags & 0x0100 | rcode & 0xF  # response, authoritative, recursion
    counts = (1, bool(answer), bool(authority), bool(edns))
    header = struct.pack("!6H", message.id, flags, *counts)
    return header + _question(message) + answer + authority + edns


def _question(message: dns.message.Message) -> bytes:
    question = message.question[0]
    wire = question.name.to_wire() or b""
    return wire + struct.pack("!2H", question.rdtype, question.rdclass)


def _record(before: int, kind: int, data: bytes) -> bytes:
    """A record whose owner is the name asked for, without its first `before` bytes."""
    return struct.pack("!HHHIH", 0xC000 | _HEADER + before, kind, _IN, TTL, len(data)) + data


def _authority(name: dns.name.Name, apex: Host) -> bytes:
    """The SOA that says how long a negative answer holds (RFC 2308); its names are the root."""
    data = b"\0\0" + struct.pack("!5I", 1, TTL, TTL, TTL, TTL)
    before = len(name.to_wire() or b"") - len(apex) - 2  # its first length and the root's
    return _record(before, _SOA, data)


def _opt(rcode: int, *, blocked: bool) -> bytes:
    text = struct.pack("!H", _BLOCKED) + _BLOCKED_TEXT
    option = struct.pack("!HH", 15, len(text)) + text if blocked else b""
    return struct.pack("!BHHIH", 0, _OPT, _PAYLOAD, rcode >> 4 << 24, len(option)) + option
