"""`sluis catalogue add | diff | coverage`: for those who keep the catalogue."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from blocklists.catalogue import Catalogue, Category, load_catalogue
from blocklists.catalogue.guard import load_guard
from blocklists.catalogue.loading import SERVICES
from blocklists.curation.adding import Draft, added
from blocklists.curation.coverage import Coverage
from blocklists.curation.coverage import coverage as compared
from blocklists.curation.difference import Change, shrinks
from blocklists.curation.difference import difference as between
from blocklists.curation.public_lists import PublicList, read_list
from blocklists.yamlfile import MOST_BYTES, BadFile
from server.commands.answering import (
    COULD_NOT,
    DONE,
    NO,
    WRONG_USE,
    Stopped,
    add_json,
    contents,
    print_json,
)
from server.commands.exchanging import exchanged
from server.commands.shipped import shipped_catalogue, shipped_judgements

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
    found = between(_read(parsed.old), _read(parsed.new))
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


def _read(folder: Path) -> Catalogue:
    try:
        return load_catalogue(folder, checked=False)
    except BadFile as error:
        raise Stopped(str(error), COULD_NOT) from error
    except OSError as error:
        where = error.filename or folder
        raise Stopped(f"{where}: cannot be read: {error.strerror}", COULD_NOT) from error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to add, and what is known of it."""
    parser.add_argument(
        "what",
        metavar="URL|FILE|FOLDER",
        help="a site; or service files, which replace those of their vendors",
    )
    parser.add_argument("--name", help="the service's name")
    parser.add_argument("--vendor", metavar="ID", help="the vendor's id (the service's)")
    parser.add_argument("--vendor-name", help="the vendor's name (the service's)")
    parser.add_argument("--id", help="the service's id (made of its name)")
    parser.add_argument("--category", choices=[each.value for each in Category])
    parser.add_argument(
        "--covers",
        choices=("suffix", "exact"),
        help="suffix where all of the domain is this service, else exact",
    )
    parser.add_argument("--page", metavar="URL", help="the page that was read (the site itself)")
    parser.add_argument("--title", help="the title of that page")
    parser.add_argument(
        "--folder", type=Path, default=SERVICES, help="the service files (the package's own)"
    )
    parser.add_argument(
        "--shrink", action="store_true", help="an import may leave fewer services or hosts"
    )
    add_json(parser)


def add(parsed: argparse.Namespace) -> int:
    """Write a service file for a site, or take files in; what breaks the check is not kept."""
    given = Path(parsed.what)
    if _is_there(given):
        return _import(given, parsed)
    try:
        draft = Draft.of(
            parsed.what,
            asked=_asker(),
            today=datetime.now(tz=UTC).date(),
            given={
                "id": parsed.id,
                "name": parsed.name,
                "vendor": parsed.vendor,
                "vendor_name": parsed.vendor_name,
                "category": parsed.category,
                "covers": parsed.covers,
                "page": parsed.page,
                "title": parsed.title,
            },
        )
    except ValueError as error:
        raise Stopped(str(error), WRONG_USE) from error
    path = parsed.folder / f"{draft.vendor}.yaml"
    _write_checked(parsed.folder, {path.name: _with(draft, path)}, shrink=False)
    if parsed.json:
        print_json({"ok": True, "file": str(path), "service": draft.id})
    else:
        print(f"{path}: {draft.id} written; what is unknown in it may be filled in")
    return DONE


def _is_there(given: Path) -> bool:
    try:
        return given.exists()
    except OSError:  # an address that is longer than a file's name may be
        return False


def _with(draft: Draft, path: Path) -> bytes:
    """Give the vendor's file with the new service. Raises Stopped."""
    before = contents(path, MOST_BYTES) if path.exists() else None
    try:
        return added(draft, before.decode("utf-8") if before is not None else None).encode("utf-8")
    except ValueError as error:
        raise Stopped(f"{path}: {error}", COULD_NOT) from error


def _asker() -> Callable[[str, str], str] | None:
    """Give what asks the person at the terminal; None where nobody sits there."""
    if not sys.stdin.isatty():
        return None

    def ask(question: str, default: str) -> str:
        shown = f"{question} [{default}]: " if default else f"{question}: "
        print(shown, end="", file=sys.stderr, flush=True)
        try:
            return input().strip() or default
        except EOFError as error:
            raise Stopped("\nno answer; nothing was changed", WRONG_USE) from error

    return ask


def _import(given: Path, parsed: argparse.Namespace) -> int:
    paths = sorted(given.glob("*.yaml")) if given.is_dir() else [given]
    if not paths:
        raise Stopped(f"{given}: holds no service file; name it VENDOR.yaml", COULD_NOT)
    files = {path.name: contents(path, MOST_BYTES) for path in paths}
    _write_checked(parsed.folder, files, shrink=parsed.shrink)
    if parsed.json:
        print_json({"ok": True, "files": sorted(files)})
    else:
        print(f"{len(files)} files taken in")
    return DONE


def _write_checked(folder: Path, files: dict[str, bytes], *, shrink: bool) -> None:
    """Put files in a folder and check it whole; what stood there comes back where it fails."""
    before = _read(folder)
    try:
        with exchanged(folder, files):
            lost = shrinks(before, load_catalogue(folder))
            if lost and not shrink:
                raise Stopped(f"{lost}; nothing was changed (--shrink takes it all the same)", NO)
    except BadFile as error:
        raise Stopped(f"{error}\nnothing was changed", NO) from error
    except OSError as error:
        raise Stopped(f"{folder}: cannot be written: {error.strerror}", COULD_NOT) from error
