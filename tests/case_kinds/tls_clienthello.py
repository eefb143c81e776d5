"""First bytes on port 443: the host in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from agent.sinkhole.tls import server_name
from tests.case_kinds.case import Case, Columns, rows
from tests.case_kinds.first_bytes import outcome


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a connection."""
    for row in rows(folder, "id", "hex", "outcome"):
        yield Case(row["id"], (row["outcome"],), partial(_outcome, row["hex"]))


def _outcome(packet: str) -> Columns:
    return outcome(_read, bytes.fromhex(packet))


def _read(data: bytes) -> str:
    return str(server_name(data))
