"""The server name out of first bytes: vectors, a real TLS client, whatever comes."""

from __future__ import annotations

import csv
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sinkhole.tls import ALERT, MAX_HELLO, Hello, server_name
from blocklists.hosts import Host

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "tls-clienthello" / "expected.tsv"
ROWS = list(csv.DictReader(VECTORS.read_text().splitlines(), delimiter="\t"))
HELLOS = [bytes.fromhex(row["hex"]) for row in ROWS]


def client_hello(host: str | None) -> tuple[bytes, ssl.SSLObject, ssl.MemoryBIO]:
    """How this Python's own TLS begins."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=host)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read(), client, incoming


def byte_by_byte(data: bytes) -> Host | Hello:
    """What is known as soon as something is known."""
    found: Host | Hello = Hello.INCOMPLETE
    for end in range(len(data) + 1):
        found = server_name(data[:end])
        if found is not Hello.INCOMPLETE:
            break
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_vectors(row: dict[str, str]) -> None:
    data = bytes.fromhex(row["hex"])
    assert server_name(data) == row["outcome"]
    assert byte_by_byte(data) == row["outcome"]


def test_a_real_client() -> None:
    assert server_name(client_hello("www.ChatGPT.com")[0]) == "www.chatgpt.com"
    assert server_name(client_hello(None)[0]) is Hello.NONE


def test_the_alert_is_understood_by_a_real_client() -> None:
    _, client, incoming = client_hello("chatgpt.com")
    incoming.write(ALERT)
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        client.do_handshake()


def test_a_hello_cut_in_records_of_one_byte_is_put_together() -> None:
    hello, _, _ = client_hello("chatgpt.com")
    pieces = b"".join(b"\x16\3\1\0\1" + hello[at : at + 1] for at in range(5, len(hello)))
    assert server_name(pieces) == "chatgpt.com"


def test_no_more_is_waited_for_than_the_limit() -> None:
    endless = b"\x16\3\1\x40\0\1\0\x7f\0" + bytes(MAX_HELLO)
    assert server_name(endless) is not Hello.INCOMPLETE


@given(st.binary(max_size=600))
def test_whatever_comes(data: bytes) -> None:
    assert isinstance(server_name(data), Hello) or data[:2] == b"\x16\3"


@given(st.sampled_from(HELLOS), st.data())
def test_a_hello_with_changed_bytes(hello: bytes, data: st.DataObject) -> None:
    changed = bytearray(hello)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(hello) - 1))] = data.draw(st.integers(0, 255))
    found = server_name(bytes(changed))
    assert isinstance(found, Hello) or 0 < len(found) <= 253


@given(st.sampled_from(HELLOS), st.integers(0, 200))
def test_what_is_known_does_not_change_when_more_comes(hello: bytes, end: int) -> None:
    early = server_name(hello[:end])
    assert early in {Hello.INCOMPLETE, server_name(hello)}
