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
from tests.case_kinds.case import Case, Columns, either, rows

_ZONE = Zone(frozenset({Host("chatgpt.com")}), IPv4Address("127.77.0.1"))
_CODES = {dns.rcode.FORMERR: "formerr", dns.rcode.NOTIMP: "notimp", dns.rcode.BADVERS: "badvers"}
_HEADER = 12
_NOTHING = ("-", "-")


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a packet."""
    for row in rows(folder, "id", "hex", "outcome", "name", "type"):
        expected = (row["outcome"], row["name"] or "-", row["type"] or "-")
        yield Case(row["id"], expected, partial(_outcome, row["hex"], expected))


def _outcome(packet: str, expected: Columns) -> Columns:
    """What is sent for a packet, with the name and type of the reply's question.

    `no-sinkhole` is any reply without our address, or none, so it is said where a row expects it.
    Where the reply repeats no question, name and type are the query's, if the row has them.
    """
    query = bytes.fromhex(packet)
    reply = answer(query, _ZONE)
    message = None if reply is None else dns.message.from_wire(reply)
    outcome = "drop" if reply is None or message is None else _said(query, reply, message)
    sides = either(expected[0])
    if outcome not in sides and "no-sinkhole" in sides and not (message and _leads_here(message)):
        outcome = "no-sinkhole"
    asked = _asked(message)
    if asked == _NOTHING and expected[1] != "-":
        asked = _asked(_read(query))
    return (outcome, *asked)


def _said(query: bytes, reply: bytes, message: dns.message.Message) -> str:
    if code := _CODES.get(message.rcode()):
        return code
    if message.rcode() == dns.rcode.NOERROR and _ours(query, reply, message):
        return "answer"
    return "another-answer" if _leads_here(message) else "no-sinkhole"


def _read(query: bytes) -> dns.message.Message | None:
    """Read the question, whatever follows it."""
    try:
        return dns.message.from_wire(query, question_only=True)
    except dns.exception.DNSException:
        return None


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


def _asked(message: dns.message.Message | None) -> tuple[str, str]:
    if message is None or not message.question:
        return _NOTHING
    question = message.question[0]
    name = question.name.to_text(omit_final_dot=question.name != dns.name.root).lower()
    return name, dns.rdatatype.to_text(question.rdtype)
