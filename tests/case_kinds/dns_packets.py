"""Queries to a sinkhole for `suffix chatgpt.com`: what it answers, and for which name and type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from agent.sinkhole.dns import Zone, answer
from blocklists.hosts import Host
from tests.case_kinds.case import Case, Columns, rows

_ZONE = Zone(frozenset({Host("chatgpt.com")}), IPv4Address("127.77.0.1"))
_CODES = {dns.rcode.FORMERR: "formerr", dns.rcode.NOTIMP: "notimp", dns.rcode.BADVERS: "badvers"}
_HEADER = 12


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a packet."""
    for row in rows(folder, "id", "hex", "outcome", "name", "type"):
        expected = (row["outcome"], row["name"], row["type"])
        yield Case(row["id"], expected, partial(_outcome, row["hex"]))


def _outcome(packet: str) -> Columns:
    query = bytes.fromhex(packet)
    reply = answer(query, _ZONE)
    if reply is None:
        return "drop", "-", "-"
    message = dns.message.from_wire(reply)
    if code := _CODES.get(message.rcode()):
        return (code, *_asked(message))
    if message.rcode() == dns.rcode.NOERROR and _ours(query, reply, message):
        return ("answer", *_asked(message))
    return ("another-answer" if _leads_here(message) else "no-sinkhole", *_asked(message))


def _ours(query: bytes, reply: bytes, message: dns.message.Message) -> bool:
    """Tell whether the reply is right: the question as it came, and our address for A alone."""
    (question,) = message.question
    end = _HEADER + len(question.name.to_wire() or b"") + 4
    return (
        reply[:2] == query[:2]
        and bool(message.flags & dns.flags.QR)
        and reply[_HEADER:end] == query[_HEADER:end]
        and _leads_here(message) == (question.rdtype == dns.rdatatype.A)
    )


def _leads_here(message: dns.message.Message) -> bool:
    return any(str(record) == str(_ZONE.address) for each in message.answer for record in each)


def _asked(message: dns.message.Message) -> tuple[str, str]:
    if not message.question:
        return "-", "-"
    (question,) = message.question
    name = question.name.to_text(omit_final_dot=question.name != dns.name.root).lower()
    return name, dns.rdatatype.to_text(question.rdtype)
