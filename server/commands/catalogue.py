"""`sluis catalogue check` and `sluis catalogue lookup`; neither needs a server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from blocklists.catalogue import Catalogue
from blocklists.hosts import Address, BadHost, parse_host
from blocklists.yamlfile import BadFile, Problem
from server.commands.answering import COULD_NOT, DONE, NO, WRONG_USE, Stopped, add_json, print_json
from server.commands.shipped import shipped_catalogue


def check_arguments(parser: argparse.ArgumentParser) -> None:
    """Which folder to check."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="a folder of service files (those that come with the package)",
    )
    add_json(parser)


def check(parsed: argparse.Namespace) -> int:
    """Read every service file, and hold its entries against what must stay open."""
    from blocklists.catalogue.loading import load_catalogue

    try:
        catalogue = load_catalogue(parsed.folder)
        if parsed.folder is None:
            _check_beside(catalogue)
    except BadFile as error:
        if parsed.json:
            print_json({"ok": False, "problems": str(error).splitlines()})
        raise Stopped(str(error), NO) from error
    except OSError as error:
        where = error.filename or parsed.folder
        raise Stopped(f"{where}: cannot be read: {error.strerror}", COULD_NOT) from error
    services = len(catalogue.services)
    hosts = sum(len(service.hosts) for service in catalogue.services.values())
    if parsed.json:
        print_json({"ok": True, "services": services, "hosts": hosts, "problems": []})
    else:
        print(f"{services} services with {hosts} hosts, no fault")
    return DONE


def _check_beside(catalogue: Catalogue) -> None:
    """Check the package's other files against its services. Raises BadFile."""
    from blocklists.catalogue.built_in import load_built_in
    from blocklists.curation.judged import JUDGED, load_judged, untrue

    load_built_in(services=catalogue.services)
    problems = untrue(load_judged(), catalogue)
    if problems:
        raise BadFile([Problem(str(JUDGED), line, "", message) for line, message in problems])


def lookup_arguments(parser: argparse.ArgumentParser) -> None:
    """Which hosts to look up."""
    parser.add_argument(
        "hosts", nargs="+", metavar="HOST", help="a host name; - reads one a line from a pipe"
    )
    add_json(parser)


def lookup(parsed: argparse.Namespace) -> int:
    """Say the service of each host, in their order; the answer is no where none has one."""
    catalogue = shipped_catalogue()
    found = 0
    for text in _hosts(parsed.hosts):
        host, service, problem = _service(catalogue, text)
        found += service is not None
        if problem and parsed.hosts == [text]:
            raise Stopped(problem, WRONG_USE)
        if problem:
            print(problem, file=sys.stderr)
        if parsed.json:
            print_json({"host": host, "service": service})
        else:
            print(f"{host}\t{service or '-'}")
    return DONE if found else NO


def _hosts(given: list[str]) -> Iterator[str]:
    for text in given:
        if text == "-":
            yield from (line.strip() for line in _lines() if line.strip())
        else:
            yield text


def _lines() -> Iterator[str]:
    """Read standard input as UTF-8; a byte that is none spoils its own line alone."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")


def _service(catalogue: Catalogue, text: str) -> tuple[str, str | None, str | None]:
    """Give host in normal form, service, and what is wrong with the text if it is no host."""
    try:
        host = parse_host(text)
    except BadHost as error:
        return text, None, str(error)
    fact = catalogue.lookup(host)
    return host.text if isinstance(host, Address) else host, fact.service if fact else None, None
