"""The first request of a connection: vectors, what a browser sends, whatever comes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sinkhole.http import MAX_HEAD, Head, Page, Request, read, respond
from blocklists.hosts import Host

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "http-requests" / "expected.tsv"
ROWS = list(
    csv.DictReader(VECTORS.read_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
)


def unescaped(text: str) -> bytes:
    return text.encode().decode("unicode_escape").encode("latin-1")


REQUESTS = [unescaped(row["request"]) for row in ROWS]

CHROMIUM = (
    b"GET /c/secret?q=1 HTTP/1.1\r\nHost: chatgpt.com\r\nUpgrade-Insecure-Requests: 1\r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\r\n"
)


def outcome(found: Request | Head) -> str:
    return found.value if isinstance(found, Head) else found.host or "none"


def byte_by_byte(data: bytes) -> Request | Head:
    found: Request | Head = Head.INCOMPLETE
    for end in range(len(data) + 1):
        found = read(data[:end])
        if found is not Head.INCOMPLETE:
            break
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_vectors(row: dict[str, str]) -> None:
    data = unescaped(row["request"])
    assert outcome(read(data)) == row["outcome"]
    assert outcome(byte_by_byte(data)) == row["outcome"]


def test_a_navigation_wants_a_document() -> None:
    assert read(CHROMIUM) == Request("GET", Host("chatgpt.com"), document=True)


@pytest.mark.parametrize(
    "changed",
    [
        CHROMIUM.replace(b"GET", b"POST"),
        CHROMIUM.replace(b"text/html", b"image/avif"),
        CHROMIUM.replace(b"text/html,", b"x-text/html,text/html5,"),
        CHROMIUM.replace(b"Accept:", b"X-Accept:"),
    ],
)
def test_all_else_does_not(changed: bytes) -> None:
    found = read(changed)
    assert isinstance(found, Request)
    assert not found.document


def test_nothing_of_the_path_is_kept() -> None:
    assert "secret" not in repr(read(CHROMIUM))


def test_accept_over_several_lines_and_in_capitals() -> None:
    found = read(
        b"GET / HTTP/1.1\r\nHost: a.example\r\nAccept: image/*\r\naccept: Text/HTML;q=1\r\n\r\n"
    )
    assert found == Request("GET", Host("a.example"), document=True)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",  # TLS on port 80
        b"GET / HTTP/1.1\r\n Host: a.example\r\n\r\n",  # folded
        b"GET / HTTP/1.1\r\nHost : a.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a.example\r\nX: a\rb\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a.example\r\n\r\n",
        b"GET http://user@a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
        b"hello\r\n\r\n",
    ],
)
def test_what_is_no_request(data: bytes) -> None:
    assert read(data) is Head.BAD


def test_a_header_without_end_is_given_up() -> None:
    assert read(b"GET / HTTP/1.1\r\nX: " + b"x" * MAX_HEAD) is Head.BAD


@pytest.mark.parametrize("size", [MAX_HEAD - 1, MAX_HEAD, MAX_HEAD + 1, MAX_HEAD + 9])
def test_the_limit_is_the_same_whole_and_byte_by_byte(size: int) -> None:
    start, end = b"GET / HTTP/1.1\r\nHost: chatgpt.com\r\nX: ", b"\r\n\r\n"
    request = start + b"x" * (size - len(start) - len(end)) + end
    grown = [read(request[:length]) for length in range(size - 20, size + 1)]
    assert next(one for one in grown if one is not Head.INCOMPLETE) == read(request)
    assert (read(request) is Head.BAD) == (size > MAX_HEAD)


def test_a_response_is_whole() -> None:
    head, _, body = respond("403 Forbidden", Page("é".encode(), "default-src 'none'")).partition(
        b"\r\n\r\n"
    )
    assert head.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert b"Content-Length: 2" in head
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert body == "é".encode()
    assert respond("421 Misdirected Request").endswith(b"Content-Length: 0\r\n\r\n")


@given(st.binary(max_size=600))
def test_whatever_comes(data: bytes) -> None:
    read(data)
    read(b"GET / HTTP/1.1\r\n" + data + b"\r\n\r\n")
    read(b"GET / HTTP/1.1\r\nHost: " + data + b"\r\n\r\n")


@given(st.sampled_from([*REQUESTS, CHROMIUM]), st.data())
def test_a_request_with_changed_bytes(request_: bytes, data: st.DataObject) -> None:
    changed = bytearray(request_)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(request_) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(changed))
    assert isinstance(found, Head) or found.host is None or 0 < len(found.host) <= 253
