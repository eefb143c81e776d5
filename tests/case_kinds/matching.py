"""Hosts against a blocklist made of entries.tsv: the verdict, and the entry that decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from blocklists.blocklist import FORMAT, Blocklist, Entry, ListedService, Ruled, Verdict
from blocklists.catalogue.model import KINDS, Kind
from blocklists.hosts import BadHost, parse_host
from blocklists.matcher import decide
from tests.case_kinds.case import Case, Columns, rows, unescaped

_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a host."""
    blocklist = _blocklist(rows(folder, "kind", "value", "verdict", name="entries.tsv"))

    def run(host: str) -> Columns:
        try:
            parsed = parse_host(unescaped(host))
        except BadHost:
            return "invalid", "-"
        decision = decide(blocklist, parsed, "/", _NOW)
        return decision.verdict.value, str(decision.entry) if decision.entry else "-"

    for row in rows(folder, "host", "verdict", "entry"):
        host = row["host"]
        yield Case(host, (row["verdict"], row["entry"] or "-"), partial(run, host))


def _blocklist(table: list[dict[str, str]]) -> Blocklist:
    """Make a list in which each row is an entry of a service of its own."""
    entries = tuple(
        Entry(
            _kind(row["kind"]),
            _value(unescaped(row["value"])),
            f"service-{number}",
            (f"service {row['verdict']}",),
        )
        for number, row in enumerate(table)
    )
    blocklist = Blocklist(
        format=FORMAT,
        organisation="Organisatie",
        version=1,
        published=_NOW,
        time_zone="UTC",
        services={entry.service: ListedService(entry.service, "other") for entry in entries},
        decisions={f"service {verdict}": Ruled(verdict) for verdict in Verdict},
        entries=entries,
    )
    return Blocklist.parse(blocklist.dump())


def _value(text: str) -> str:
    """Bring an entry in normal form, whether or not the catalogue would take it."""
    host, slash, path = text.partition("/")
    return f"{parse_host(host)}{slash}{path.rstrip('/')}"


def _kind(text: str) -> Kind:
    return next(kind for kind in KINDS if kind == text)
