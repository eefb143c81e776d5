"""`sluis policy check`, which needs no server, and `sluis policy apply`, which asks it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.commands.answering import (
    DONE,
    NO,
    Stopped,
    add_data,
    add_json,
    add_language,
    contents,
    print_json,
)


def check_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file to check."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a policy in YAML")
    add_language(parser)
    add_json(parser)


def check(parsed: argparse.Namespace) -> int:
    """Read and compile a policy; nothing is changed."""
    from blocklists.compiler import BadPolicy
    from blocklists.yamlfile import BadFile
    from server.commands.compiling import compile_file

    try:
        compiled = compile_file(parsed.file, datetime.now(UTC)).compiled
    except (BadFile, BadPolicy) as error:
        if parsed.json:
            print_json({"ok": False, "problems": str(error).splitlines()})
        raise Stopped(str(error), NO) from error
    left = [{"what": each.what, "why": dict(each.why)} for each in compiled.not_enforced]
    entries = len(compiled.blocklist.entries)
    if parsed.json:
        print_json({"ok": True, "problems": [], "entries": entries, "not_enforced": left})
    else:
        print(f"{parsed.file}: no fault; a list of {entries} entries")
        _print_left(left, parsed.language)
    return DONE


def apply_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file to apply, and what the history says of it."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a policy in YAML")
    parser.add_argument("--why", default="", metavar="TEXT", help="why, for the history")
    parser.add_argument(
        "--may-shrink", action="store_true", help="take a list of less than half the entries too"
    )
    add_data(parser)
    add_language(parser)
    add_json(parser)


def apply(parsed: argparse.Namespace) -> int:
    """Have the running server check, compile, sign and publish a policy, or nothing of it."""
    from blocklists.yamlfile.loading import MOST_BYTES
    from server.commands.control_link import ControlLink

    headers = {"X-Sluis-File": str(parsed.file), "X-Sluis-Why": parsed.why}
    if parsed.may_shrink:
        headers["X-Sluis-May-Shrink"] = "yes"
    data = contents(parsed.file, MOST_BYTES)
    answer = ControlLink(parsed.data).post("/policy", data, headers)
    if parsed.json:
        print_json(answer)
        return DONE
    print(
        f"policy {answer['version']} is in force: list {answer['list_version']}, "
        f"published {answer['published']}"
    )
    _print_left(answer["not_enforced"], parsed.language)
    return DONE


def _print_left(left: Iterable[Mapping[str, Any]], language: str) -> None:
    print("\nnot enforced, and why:")
    for each in left:
        print(f"  {each['what']}: {each['why'][language]}")
