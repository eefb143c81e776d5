"""What is forged, and what is left as it was."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.simulators.forgery import POLL, Reply, Request, replaced, replayed, tampered

METADATA = b'{"signed":{"version":12,"expires":"2026-11-25T14:54:16Z"},"sig":"a1b2c3"}'
LIST = gzip.compress(b'{"entries":[]}', mtime=0)


def bundle(**files: bytes) -> bytes:
    return b"".join(
        len(name).to_bytes(2, "big") + name.encode() + len(data).to_bytes(4, "big") + data
        for name, data in files.items()
    )


def server(request: Request) -> Reply:
    if request.path == POLL:
        return Reply(200, body=bundle(timestamp=METADATA, list=LIST, empty=b""))
    return Reply(200, (("ETag", "x"),), METADATA)


def differing(one: bytes, other: bytes) -> int:
    assert len(one) == len(other)
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("names", [("timestamp.json",), ("",)])
def test_tampering_changes_one_digit_and_json_stays_json(names: tuple[str, ...]) -> None:
    request = Request("GET", "/repository/timestamp.json")

    reply = tampered(names)(request, server)

    assert differing(reply.body, METADATA) == 1
    assert json.loads(reply.body) != json.loads(METADATA)
    assert reply.headers == server(request).headers


@pytest.mark.parametrize("target", ["/repository/1.snapshot.json", "/v1/device/statement"])
def test_tampering_leaves_other_files(target: str) -> None:
    request = Request("GET", target)

    assert tampered(("timestamp.json",))(request, server) == server(request)


def test_tampering_reaches_into_a_poll() -> None:
    forge = tampered(("list",))

    reply = forge(Request("GET", f"{POLL}?root=1&timestamp=2&list="), server)

    before, _, rest = reply.body.partition(b"\0\x04list")
    assert METADATA in before
    assert differing(rest, bundle(list=LIST, empty=b"").removeprefix(b"\0\x04list")) == 1


def test_a_replay_gives_what_was_recorded_and_nothing_newer() -> None:
    forge = replayed({POLL: Reply(200, body=b"old")})

    assert forge(Request("GET", f"{POLL}?root=9"), server).body == b"old"
    assert forge(Request("GET", "/repository/9.root.json"), server).status == 404
    assert forge(Request("POST", "/v1/device/check-ins"), server).body == METADATA


def test_replacing_gives_the_bytes_for_the_path() -> None:
    forge = replaced({"/repository/timestamp.json": b"expired", "/repository/2.root.json": None})

    assert forge(Request("GET", "/repository/timestamp.json"), server) == Reply(
        200, body=b"expired"
    )
    assert forge(Request("GET", "/repository/2.root.json"), server).status == 404
    assert forge(Request("GET", "/repository/1.root.json"), server).body == METADATA
