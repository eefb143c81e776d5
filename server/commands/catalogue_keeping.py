"""`sluis catalogue add`: a new service, or files taken in; a folder is never left broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from blocklists.catalogue import Category
from blocklists.catalogue.loading import SERVICES, load_catalogue
from blocklists.curation.adding import Draft, added
from blocklists.curation.difference import shrinks
from blocklists.yamlfile import BadFile
from blocklists.yamlfile.loading import MOST_BYTES
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
from server.commands.shipped import catalogue_in


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
    before = catalogue_in(folder)
    try:
        with exchanged(folder, files):
            lost = shrinks(before, load_catalogue(folder))
            if lost and not shrink:
                raise Stopped(f"{lost}; nothing was changed (--shrink takes it all the same)", NO)
    except BadFile as error:
        raise Stopped(f"{error}\nnothing was changed", NO) from error
    except OSError as error:
        raise Stopped(f"{folder}: cannot be written: {error.strerror}", COULD_NOT) from error
