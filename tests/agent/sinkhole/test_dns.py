"""The sinkhole's answers, against vectors, against dnspython, and against whatever comes."""

from __future__ import annotations

import csv
from ipaddress import IPv4Address
from pathlib import Path

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sinkhole.dns import MAX_QUERY, TTL, Zone, answer, asked
from blocklists.channels import DOH_CANARY
from blocklists.hosts import Host

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "dns-packets" / "expected.tsv"
ROWS = list(csv.DictReader(VECTORS.read_text().splitlines(), delimiter="\t"))

SINKHOLE = IPv4Address("127.77.0.1")
ZONE = Zone(frozenset({Host("chatgpt.com"), Host("claude.ai")}), SINKHOLE)
CODES = {0: "answer", 1: "formerr", 4: "notimp", 16: "badvers"}


def ask(
    name: str, kind: str = "A", zone: Zone = ZONE, *, edns: bool = False
) -> dns.message.Message:
    """Ask the sinkhole as a resolver does, and read its answer with another's eyes."""
    query = dns.message.make_query(name, kind, use_edns=0 if edns else -1)
    reply = answer(query.to_wire(), zone)
    assert reply
    message = dns.message.from_wire(reply)
    assert query.is_response(message)
    return message


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_vectors(row: dict[str, str]) -> None:
    query = bytes.fromhex(row["hex"])
    reply = answer(query, ZONE)
    if reply is None:
        assert row["outcome"] == "drop"
        return
    message = dns.message.from_wire(reply)
    assert CODES.get(message.rcode(), "no-sinkhole") == row["outcome"]
    assert (SINKHOLE.packed in reply) == (row["outcome"] == "answer" and row["type"] == "A")
    if message.question:
        size = len(message.question[0].name.to_wire() or b"") + 4
        assert reply[12 : 12 + size] == query[12 : 12 + size]  # also its capitals


def test_every_type_but_a_is_nodata_with_an_soa() -> None:
    for kind in ("AAAA", "HTTPS", "SVCB", "TXT", "MX", "NS", "ANY"):
        message = ask("www.chatgpt.com", kind)
        assert message.rcode() == dns.rcode.NOERROR
        assert not message.answer
        [soa] = message.authority
        assert (soa.name.to_text(), soa.rdtype) == ("chatgpt.com.", dns.rdatatype.SOA)


def test_the_soa_has_the_name_of_the_zone_below_whatever_octets() -> None:
    for name in ("a\\.b.chatgpt.com", "\\255\\000.x.chatgpt.com", "ChatGPT.com"):
        [soa] = ask(name, "AAAA").authority
        assert soa.name.to_text().lower() == "chatgpt.com."


def test_the_address_is_forgotten_soon() -> None:
    [record] = ask("chatgpt.com").answer
    assert (record.ttl, record[0].to_text()) == (TTL, str(SINKHOLE))
    assert 5 <= TTL <= 10


def test_who_speaks_edns_is_told_why() -> None:
    [option] = ask("chatgpt.com", edns=True).options
    assert isinstance(option, dns.edns.EDEOption)
    assert option.code == 15
    assert not ask("example.org", edns=True).options


def test_without_ports_of_ours_blocked_names_do_not_exist() -> None:
    nowhere = Zone(ZONE.names, None)
    message = ask("www.chatgpt.com", zone=nowhere)
    assert message.rcode() == dns.rcode.NXDOMAIN
    assert not message.answer
    assert ask("example.org", zone=nowhere).rcode() == dns.rcode.REFUSED


def test_firefox_is_told_to_keep_to_the_system() -> None:
    assert ask(DOH_CANARY).rcode() == dns.rcode.NXDOMAIN


def test_a_long_query_is_refused_unread() -> None:
    query = dns.message.make_query("chatgpt.com", "A").to_wire()
    reply = answer(query + bytes(MAX_QUERY), ZONE)
    assert reply
    assert dns.message.from_wire(reply).rcode() == dns.rcode.FORMERR


def test_the_name_asked_for() -> None:
    assert asked(dns.message.make_query("ChatGPT.com", "A").to_wire()) == "chatgpt.com"
    assert asked(b"nonsense") is None


@given(st.binary(max_size=600))
def test_whatever_comes_is_answered_shortly_or_not_at_all(query: bytes) -> None:
    check(query)


@given(st.sampled_from([bytes.fromhex(row["hex"]) for row in ROWS if row["hex"]]), st.data())
def test_a_query_with_changed_bytes(query: bytes, data: st.DataObject) -> None:
    changed = bytearray(query)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(query) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(changed))


def check(query: bytes) -> None:
    """Hold for every query: no exception, no amplification, and the address for our names alone."""
    reply = answer(query, ZONE)
    asked(query)
    if reply is None:
        return
    assert len(reply) <= len(query) + 300
    message = dns.message.from_wire(reply)
    assert message.flags & dns.flags.QR
    if SINKHOLE.packed in reply and message.answer:
        name = message.question[0].name.to_text(omit_final_dot=True).lower()
        assert name.endswith(("chatgpt.com", "claude.ai"))
