"""Policy files, as by `sluis policy check`: accepted, or refused at a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from blocklists.catalogue import (
    Basis,
    Catalogue,
    Category,
    Countries,
    HostFact,
    Plan,
    PlanKind,
    Reach,
    Residency,
    Service,
    Source,
    ToldBy,
    Trains,
    Use,
)
from blocklists.compiler import BadPolicy, compile_blocklist
from blocklists.policy import load_policy
from blocklists.yamlfile import BadFile, Node, Place
from blocklists.yamlfile.loading import load
from blocklists.yamlfile.nodes import IDENTIFIER
from tests.case_kinds.case import Case, Columns, either, rows

_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_LINE = re.compile(r"refuse at line (\d+)")


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a file."""
    for row in rows(folder, "file", "outcome"):
        name, expected = row["file"], row["outcome"]
        data = (folder / name).read_bytes()
        yield Case(name, (expected,), partial(_checked, data, name, expected))


def _checked(data: bytes, name: str, expected: str) -> Columns:
    """Say what becomes of a file, with a line only where the row names one."""
    return (_outcome(_refused_at(data, name), expected),)


def _outcome(lines: list[int] | None, expected: str) -> str:
    if lines is None:
        return "accept"
    named = [int(found[1]) for side in either(expected) if (found := _LINE.fullmatch(side))]
    if not named:
        return "refuse"
    hit = [line for line in named if line in lines]
    return f"refuse at line {(hit or lines or [0])[0]}"


def _refused_at(data: bytes, name: str) -> list[int] | None:
    """Give the lines of all faults, None where there is none."""
    catalogue = _knowing_all(data, name)
    try:
        policy = load_policy(data, name, catalogue.services)
        compile_blocklist(catalogue, policy, version=1, published=_NOW, never=())
    except BadFile as error:
        return [problem.line for problem in error.problems]
    except BadPolicy:
        return []
    return None


def _knowing_all(data: bytes, name: str) -> Catalogue:
    """Make a catalogue that knows every service and vendor named in a file."""
    try:
        top = load(data, name).mapping()
    except BadFile:
        return Catalogue({})
    bans = [node.mapping().get("match").mapping() for node in top.get("bans").list()]
    approvals = [node.mapping() for node in top.get("approvals").list()]
    ids = {key for key, _ in top.get("services").mapping()}
    ids |= {_text(fields.get("service")) for fields in [*bans, *approvals]}
    ids |= {_text(fields.get("stop").mapping().get("fallback")) for fields in approvals}
    vendors = {_text(ban.get("vendor")) for ban in bans}
    named = [(each, "example") for each in sorted(ids) if IDENTIFIER.fullmatch(each)]
    named += [(f"of-{each}"[:64], each) for each in vendors if IDENTIFIER.fullmatch(each)]
    return Catalogue({each: _service(each, vendor) for each, vendor in named})


def _text(node: Node) -> str:
    return node.value if isinstance(node.value, str) else ""


def _service(name: str, vendor: str) -> Service:
    """Make a European service each of whose plans has a host of its own."""
    place = Place("catalogue", 1, "")
    plans = {
        kind: Plan(kind, ToldBy.HOST, "", Trains.NO, None, Residency.YES, "own")
        for kind in PlanKind
    }
    hosts = tuple(
        HostFact(
            service=name,
            kind="suffix",
            value=f"{kind}.{name}.example",
            use=Use.SITE,
            plan=kind,
            leaf=False,
            all_users=False,
            source="own",
            place=place,
        )
        for kind in PlanKind
    )
    return Service(
        id=name,
        name=name,
        vendor=vendor,
        vendor_name=vendor,
        former=(),
        category=Category.OTHER,
        reach=Reach.TAIL,
        reviewed=date(2026, 11, 25),
        basis=Basis(page="own"),
        replaces=(),
        countries=Countries("NL", "NL", "NL", "NL", "own"),
        plans=plans,
        hosts=hosts,
        headers=(),
        programs=(),
        extensions=(),
        sources={"own": Source("Made up", "https://www.example.org/", date(2026, 11, 25))},
        place=place,
    )
