"""JSON from elsewhere: one odd value spoils nothing beside it."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.protocol.received import Twice, parse_received

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_what_is_plain_is_read_as_it_is(value: object) -> None:
    assert parse_received(json.dumps(value).encode()) == value


def test_a_number_too_long_is_infinity() -> None:
    assert parse_received(b"[" + b"9" * 5000 + b", -" + b"9" * 5000 + b", 1]") == [
        math.inf,
        math.inf,
        1,
    ]


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_what_lies_too_deep_is_null_and_its_neighbours_stand(opens: str, closes: str) -> None:
    deep = opens * 50_000 + "1" + closes * 50_000
    read = parse_received(f'[{{"y": 2, "x": {deep}}}, {{"z": "]}}\\""}}]'.encode())
    assert str(read).startswith("[{'y': 2, 'x': ")
    assert str(read).endswith("}, {'z': ']}\"'}]")


def test_an_object_with_a_name_twice_is_none() -> None:
    assert parse_received(b'[{"a": 1, "a": 1}, {"b": 2}]') == [Twice("a"), {"b": 2}]


def test_a_hundred_thousand_names_take_a_moment() -> None:
    names = ",".join(f'"{number}":0' for number in range(60_000))
    began = time.process_time()
    parse_received(f'{{{names},"59999":1}}'.encode())
    assert time.process_time() - began < 2


def test_bytes_that_are_no_utf_8_are_signs_that_no_field_takes() -> None:
    assert parse_received(b'["caf\xe9", 1]') == ["caf\ufffd", 1]


@pytest.mark.parametrize("body", [b"", b"[1", b"[" * 100_000, b'"', b"\xff\xfe[\0]\0"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_received(body)
