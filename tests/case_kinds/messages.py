"""One upload of violations into an empty store: the outcome of each by its index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from blocklists.protocol.messages import Rejected, read_batch
from tests.case_kinds.case import Case, Columns, rows

_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def cases(folder: Path) -> Iterator[Case]:
    """Give one case an entry."""
    body = b'{"violations":' + (folder / "batch.json").read_bytes() + b"}"

    def run(index: int) -> Columns:
        return (list(_outcomes(body))[index],)

    for row in rows(folder, "entry", "outcome"):
        index = int(row["entry"])
        yield Case(row["entry"], (row["outcome"],), partial(run, index))


def _outcomes(body: bytes) -> Iterator[str]:
    """Give outcomes in file order; an id that came before is skipped."""
    seen = set()
    for found in read_batch(body, _NOW):
        if isinstance(found, Rejected):
            yield "rejected"
        else:
            yield "skipped" if found.id in seen else "accepted"
            seen.add(found.id)
