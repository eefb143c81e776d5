"""What became of every candidate: kept as a service, or dropped for a reason.

judged.tsv holds one line a candidate: host, `kept` or `dropped`, the service of a kept one, the
reason of a dropped one (a code, a dash, a few words). A test holds each line to the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from blocklists.catalogue import Catalogue
from blocklists.hosts import Host, parse_host
from blocklists.yamlfile import BadFile, Problem

JUDGED = Path(__file__).parent.parent / "judged.tsv"
"""The file that comes with the package."""
_CELLS = 4


class Dropped(StrEnum):
    """Why a candidate is no entry."""

    INFRASTRUCTURE = "infrastructure"
    WIDGET = "widget"
    DIRECTORY = "directory"
    NOT_GENERATIVE = "not-generative"
    SHARED = "shared"
    DEFUNCT = "defunct"
    MODEL = "model"
    PERSONAL = "personal"
    COMPANY = "company"
    UNKNOWN = "unknown"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Judgement:
    """What became of one candidate."""

    host: Host
    service: str
    """The service it was kept as; empty when it was dropped."""
    code: Dropped | None
    """The kind of reason it was dropped for; None when it was kept."""
    why: str
    """The reason in words; may be empty."""
    line: int


def load_judged(path: Path = JUDGED) -> Mapping[Host, Judgement]:
    """Read the judgements, by host.

    Raises BadFile with every line that is none, and OSError.
    """
    found: dict[Host, Judgement] = {}
    problems = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        try:
            judgement = _judgement(line, number)
            first = found.setdefault(judgement.host, judgement)
            if first is not judgement:
                raise ValueError(f"{judgement.host} was judged on line {first.line} already")
        except ValueError as error:
            problems.append(Problem(str(path), number, "", str(error)))
    if problems:
        raise BadFile(problems)
    return found


def _judgement(line: str, number: int) -> Judgement:
    """Read a line. Raises ValueError with what is wrong."""
    cells = line.split("\t")
    if len(cells) != _CELLS:
        raise ValueError(f"has {len(cells)} cells; write host, outcome, service and reason")
    host, outcome, service, reason = cells
    if parse_host(host) != host:
        raise ValueError(f"{host} is not in normal form; write {parse_host(host)}")
    if outcome == "kept" and service:
        return Judgement(Host(host), service, None, reason, number)
    code, _, why = reason.partition(" - ")
    if outcome == "dropped" and code in tuple(Dropped):
        return Judgement(Host(host), "", Dropped(code), why, number)
    if outcome == "dropped":
        raise ValueError(f"{code} is no reason; write one of {', '.join(Dropped)}")
    raise ValueError(f"{outcome} of {service or 'nothing'}; write kept with a service, or dropped")


def untrue(judged: Mapping[Host, Judgement], catalogue: Catalogue) -> list[tuple[int, str]]:
    """Give the judgements that the catalogue does not bear out: line, and what is wrong."""
    found = []
    for each in judged.values():
        fact = catalogue.lookup(each.host)
        service = fact.service if fact else _by_path(catalogue, each.host)
        if each.code is None and service != each.service:
            found.append((each.line, f"{each.host} is kept as {each.service}, not {service}"))
        elif each.code and fact and fact.value == each.host:
            found.append((each.line, f"{each.host} is dropped, and stands in {service}"))
    return found


def _by_path(catalogue: Catalogue, host: Host) -> str | None:
    """Find the service that has a path of a host."""
    services = catalogue.services.values()
    return next((each.id for each in services for fact in each.hosts if fact.host == host), None)
