"""A folder of service files into a catalogue, or all problems of all files at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from blocklists.catalogue.model import Catalogue, HostFact, Service, Source
from blocklists.catalogue.reading import read_lists, read_services
from blocklists.yamlfile import BadFile, Problem
from blocklists.yamlfile.loading import contents, load, read

_PACKAGE = Path(__file__).parent.parent
SERVICES = _PACKAGE / "services"
"""The files that come with the package."""
LISTS = _PACKAGE / "lists.yaml"
"""The public lists that facts of every service file may name."""


def load_catalogue(folder: Path | None = None, *, checked: bool = True) -> Catalogue:
    """Read all service files of a folder; without one, those that come with the package.

    Unchecked, entries are not held against the hosts that must stay open, which takes a third of
    a second: enough for files that were checked when they were made.
    Raises BadFile with the problems of all files, and OSError where one cannot be read.
    """
    folder = folder or SERVICES
    guard = None
    if checked:
        from blocklists.catalogue.guard import load_guard  # noqa: PLC0415 - heavy

        guard = load_guard()
    lists = _load_lists()
    services: list[Service] = []
    problems: list[Problem] = []
    for path in _service_files(folder, problems):
        try:
            top = load(contents(path), str(path))
        except BadFile as error:
            problems += error.problems
            continue
        services += read_services(top, path.stem, lists, guard)
        problems += top.faults.found
    problems += [*_twice(services), *_claimed(services), *_replacing_nothing(services)]
    if problems:
        raise BadFile(problems)
    by_id = {each.id: each for each in sorted(services, key=lambda each: each.id)}
    return Catalogue(by_id, lists)


def _load_lists() -> Mapping[str, Source]:
    """Read the public lists that come with the package, by id."""
    return read(contents(LISTS), str(LISTS), read_lists)


def _service_files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Give the service files in order of name, and note what looks like one and is none."""
    found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in found:
        if path.suffix == ".yaml":
            yield path
        else:
            problems.append(Problem(str(path), 1, "", "is no service file; name it VENDOR.yaml"))
    if not found:
        problems.append(Problem(str(folder), 1, "", "holds no service file; write VENDOR.yaml"))


def _twice(services: Iterable[Service]) -> Iterator[Problem]:
    seen: dict[str, Service] = {}
    for service in services:
        first = seen.setdefault(service.id, service)
        if service.id and first is not service:
            yield service.place.problem(f"the id {service.id} is taken at {first.place}")


def _claimed(services: Iterable[Service]) -> Iterator[Problem]:
    """Find hosts that stand in the catalogue twice, or as suffix here and as exact there.

    A longer suffix or a name below another service's suffix is no claim: it is more specific.
    """
    entries: dict[str, HostFact] = {}
    hosts: dict[str, HostFact] = {}
    for fact in (fact for service in services for fact in service.hosts if fact.value):
        first = entries.setdefault(str(fact), fact)
        if first is not fact:
            yield fact.place.problem(f"{fact} stands at {first.place} ({first.service}) already")
            continue
        claim = fact if fact.kind == "path" else hosts.setdefault(fact.value, fact)
        if claim.service != fact.service:
            yield fact.place.problem(
                f"{fact.value} is claimed at {claim.place} by {claim.service} too; "
                "leave it with one of them"
            )


def _replacing_nothing(services: Iterable[Service]) -> Iterator[Problem]:
    """Find alternatives to services that the catalogue does not know, or to themselves."""
    services = list(services)
    known = {service.id for service in services}
    for service in services:
        for name in service.replaces:
            if name and (name not in known or name == service.id):
                yield service.place.problem(f"replaces {name}, which is no other service here")
