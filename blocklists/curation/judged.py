"""What became of every candidate: kept as a service, or dropped for a reason.

judged.tsv holds one line a candidate: host, `kept` or `dropped`, the service of a kept one, the
reason of a dropped one (a code, a dash, a few words). A test holds each line to the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from blocklists.catalogue import Catalogue
from blocklists.hosts import Host

JUDGED = Path(__file__).parent.parent / "judged.tsv"
"""The file that comes with the package."""


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
    """Read the judgements, by host. Raises OSError, and ValueError naming a line that is none."""
    return {each.host: each for each in _judgements(path.read_text("utf-8"), path)}


def _judgements(text: str, path: Path) -> Iterator[Judgement]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            yield _judgement(line, number)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from error


def _judgement(line: str, number: int) -> Judgement:
    host, outcome, service, reason = line.split("\t")
    if outcome == "kept":
        return Judgement(Host(host), service, None, reason, number)
    if outcome != "dropped":
        raise ValueError(f"{outcome} is no outcome; write kept or dropped")
    code, _, why = reason.partition(" - ")
    return Judgement(Host(host), "", Dropped(code), why, number)


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
