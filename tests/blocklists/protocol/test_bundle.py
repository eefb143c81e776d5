"""A bundle gives back the files, and nothing broken passes for one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.protocol.bundle import BadBundle, pack, unpack


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=20), st.binary(max_size=50)))
def test_files_come_back_as_they_were(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_body_that_is_cut_is_refused(cut: int) -> None:
    with pytest.raises(BadBundle):
        unpack(pack({"a": b"12345"})[:-cut])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_bundle_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadBundle):
        unpack(body)
