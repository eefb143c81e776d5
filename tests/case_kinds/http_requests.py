"""First bytes on port 80: the host in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from agent.sinkhole.http import Head, read
from tests.case_kinds.case import Case, Columns, rows, unescaped
from tests.case_kinds.first_bytes import outcome


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a request."""
    for row in rows(folder, "id", "request", "outcome"):
        yield Case(row["id"], (row["outcome"],), partial(_outcome, row["request"]))


def _outcome(request: str) -> Columns:
    return outcome(_read, unescaped(request).encode())


def _read(data: bytes) -> str:
    found = read(data)
    if isinstance(found, Head):
        return str(found)
    return found.host or "none"
