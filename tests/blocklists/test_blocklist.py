"""A list is the same bytes each time, and is checked whole before it is used."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from blocklists.blocklist import (
    MAX_BYTES,
    BadBlocklist,
    Blocklist,
    Entry,
    ListedService,
    Ruled,
    Verdict,
    Why,
    pack,
    unpack,
)

LIST = Blocklist(
    format=1,
    organisation="Gemeente Voorbeeld",
    version=7,
    published=datetime(2026, 11, 25, 12, tzinfo=UTC),
    time_zone="Europe/Amsterdam",
    services={"chatgpt": ListedService("ChatGPT", "assistant")},
    decisions={
        "category assistant": Ruled(Verdict.BLOCK, Why.AGREEMENT),
        "approval one": Ruled(Verdict.ALLOW, end=datetime(2026, 12, 31, 23, tzinfo=UTC)),
    },
    entries=(Entry("suffix", "chatgpt.com", "chatgpt", ("approval one", "category assistant")),),
)


def altered(**fields: object) -> bytes:
    return json.dumps(json.loads(LIST.dump()) | fields).encode()


def test_a_list_comes_back_as_it_was() -> None:
    assert unpack(pack(LIST)) == LIST


def test_the_same_list_is_the_same_bytes() -> None:
    turned = msgspec.structs.replace(LIST, decisions=dict(reversed(LIST.decisions.items())))
    assert pack(turned) == pack(LIST)
    assert LIST.dump().startswith(b'{"decisions":{"approval one":{"until":"2026-12-31T23:00:00Z"')


def test_fields_of_a_later_format_are_passed_over() -> None:
    assert Blocklist.parse(altered(postures=[])) == LIST


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 2}, "format 2"),
        ({"published": "2026-11-25T12:00:00"}, "offset"),
        ({"services": {"chatgpt": {"name": "A", "category": "b", "reach": "wide"}}}, "reach"),
        (
            {
                "entries": [
                    {
                        "kind": "suffix",
                        "value": "ChatGPT.com",
                        "service": "chatgpt",
                        "decisions": [],
                    }
                ]
            },
            "normal form",
        ),
        (
            {
                "entries": [
                    {"kind": "suffix", "value": "a b", "service": "chatgpt", "decisions": []}
                ]
            },
            "host name",
        ),
        (
            {
                "entries": [
                    {"kind": "path", "value": "github.com", "service": "chatgpt", "decisions": []}
                ]
            },
            "path",
        ),
        (
            {
                "entries": [
                    {
                        "kind": "exact",
                        "value": "github.com/x",
                        "service": "chatgpt",
                        "decisions": [],
                    }
                ]
            },
            "path",
        ),
        (
            {
                "entries": [
                    {"kind": "exact", "value": "github.com", "service": "x", "decisions": []}
                ]
            },
            "service 'x'",
        ),
        (
            {
                "entries": [
                    {
                        "kind": "exact",
                        "value": "github.com",
                        "service": "chatgpt",
                        "decisions": ["x"],
                    }
                ]
            },
            "decision 'x'",
        ),
        ({"never": ["a..b"]}, "never"),
        ({"version": "7"}, "version"),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_their_place(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadBlocklist, match=said):
        Blocklist.parse(altered(**fields))


@pytest.mark.parametrize("data", [b"", b"[]", b"[" * 100_000, b'{"format":1}', b"\xff"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(BadBlocklist):
        Blocklist.parse(data)


@pytest.mark.parametrize(
    "data", [b"", b"plain", pack(LIST)[:-9], gzip.compress(b" " * (MAX_BYTES + 1))]
)
def test_a_broken_or_endless_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadBlocklist):
        unpack(data)
