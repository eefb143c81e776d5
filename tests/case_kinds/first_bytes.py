"""The first bytes of a connection, fed whole and again byte by byte: one outcome."""

from __future__ import annotations

from collections.abc import Callable

from tests.case_kinds.case import Columns

INCOMPLETE = "incomplete"


def outcome(read: Callable[[bytes], str], data: bytes) -> Columns:
    """Give what is read of all bytes; where feeding them one by one differs, both."""
    whole, grown = read(data), INCOMPLETE
    for end in range(1, len(data) + 1):
        grown = read(data[:end])
        if grown != INCOMPLETE:
            break
    return (whole,) if grown == whole else (f"{whole} whole and {grown} byte by byte",)
