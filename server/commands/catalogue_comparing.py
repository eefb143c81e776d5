"""`sluis catalogue coverage | diff`: the catalogue beside a list of others, or beside another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blocklists.catalogue.guard import load_guard
from blocklists.curation.coverage import Coverage
from blocklists.curation.coverage import coverage as compared
from blocklists.curation.difference import Change
from blocklists.curation.difference import difference as between
from blocklists.curation.public_lists import PublicList, read_list
from server.commands.answering import COULD_NOT, DONE, NO, Stopped, add_json, contents, print_json
from server.commands.shipped import catalogue_in, shipped_catalogue, shipped_judgements

_MOST_BYTES = 64 * 1024 * 1024
"""Of a public list: the largest known have 20 MB."""
_SHOWN = 20
"""Names of a group that people see without --all."""


def coverage_arguments(parser: argparse.ArgumentParser) -> None:
    """Which list."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a public list: hosts, AdGuard, dnsmasq, v2fly, plain names, CSV; - reads a pipe",
    )
    parser.add_argument("--all", action="store_true", help="show every name, not the first 20")
    add_json(parser)


def coverage(parsed: argparse.Namespace) -> int:
    """Hold a public list against the catalogue; the answer is no where a name is unjudged."""
    data = (
        sys.stdin.buffer.read(_MOST_BYTES + 1)
        if str(parsed.file) == "-"
        else contents(parsed.file, _MOST_BYTES)
    )
    if len(data) > _MOST_BYTES:
        raise Stopped(
            f"{parsed.file}: is too large; at most {_MOST_BYTES} bytes are read", COULD_NOT
        )
    listed = read_list(data.decode("utf-8", "replace"))
    if not listed.names:
        raise Stopped(f"{parsed.file}: names no host; write one name a line", COULD_NOT)
    found = compared(shipped_catalogue(), load_guard(), shipped_judgements(), listed)
    if parsed.json:
        print_json(_plain_coverage(found, listed))
    else:
        _print_coverage(found, listed, None if parsed.all else _SHOWN)
    return NO if found.missing else DONE


def _plain_coverage(found: Coverage, listed: PublicList) -> dict[str, object]:
    return {
        "names": len(listed.names),
        "agreement": round(found.agreement, 4),
        "covered": [
            {
                "host": str(each.name),
                "service": each.fact.service,
                "entry": str(each.fact),
                "narrower": each.narrower,
            }
            for each in found.covered
        ],
        "left_out": [{"host": str(each.name), "why": each.why} for each in found.left_out],
        "missing": [{"host": str(each), "line": each.line} for each in found.missing],
        "not_listed": list(found.not_listed),
        "passed": [
            {"line": each.line, "text": each.text, "why": each.why} for each in listed.passed
        ],
    }


def _print_coverage(found: Coverage, listed: PublicList, most: int | None) -> None:
    narrower = sum(each.narrower for each in found.covered)
    print(
        f"{len(listed.names)} names: {len(found.covered)} in the catalogue ({narrower} in part), "
        f"{len(found.left_out)} left out with a reason, {len(found.missing)} not judged yet; "
        f"agreement {found.agreement:.1%}"
    )
    groups = (
        ("left out", [f"{each.name}\t{each.why}" for each in found.left_out]),
        ("not judged yet", [f"{each}\tline {each.line}" for each in found.missing]),
        ("not in the list, in the catalogue", list(found.not_listed)),
        ("not read", [f"line {each.line}\t{each.why}" for each in listed.passed]),
    )
    for title, lines in groups:
        if lines:
            print(f"\n{title} ({len(lines)})")
            print("\n".join(f"  {line}" for line in lines[:most]))
            if most and len(lines) > most:
                print(f"  ... and {len(lines) - most} more; --all shows them")


def diff_arguments(parser: argparse.ArgumentParser) -> None:
    """Which two folders."""
    parser.add_argument("old", type=Path, metavar="OLD", help="a folder of service files")
    parser.add_argument("new", type=Path, metavar="NEW", help="another one")
    add_json(parser)


def diff(parsed: argparse.Namespace) -> int:
    """Say what changed from one folder to another; the answer is no where it shrank."""
    found = between(catalogue_in(parsed.old), catalogue_in(parsed.new))
    if parsed.json:
        print_json(
            {
                "added": list(found.added),
                "removed": list(found.removed),
                "changes": [dict(vars(change)) for change in found.changes],
                "shrinks": found.shrinks or None,
            }
        )
    else:
        told = [f"+ {service}" for service in found.added]
        told += [f"- {service}" for service in found.removed]
        told += [_change_line(change) for change in found.changes]
        print("\n".join(told) or "no difference")
    if found.shrinks:
        raise Stopped(found.shrinks, NO)
    return DONE


def _change_line(change: Change) -> str:
    if change.old is None:
        return f"~ {change.service}: + {change.fact} ({change.new})"
    if change.new is None:
        return f"~ {change.service}: - {change.fact} ({change.old})"
    return f"~ {change.service}: {change.fact}: {change.old} -> {change.new}"
