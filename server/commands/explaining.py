"""`sluis explain`: from a policy file without a server, else from the list that the server has."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.commands.answering import (
    COULD_NOT,
    DONE,
    WRONG_USE,
    Stopped,
    add_data,
    add_json,
    add_language,
    print_json,
)


def explain_arguments(parser: argparse.ArgumentParser) -> None:
    """What to explain, by which policy, at what time."""
    parser.add_argument("host", metavar="HOST", help="a host, or a host with a path behind it")
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="explain by this file; no server is asked"
    )
    parser.add_argument(
        "--at", type=_instant, metavar="T", help="at this time, as 2026-12-31T12:00 (UTC)"
    )
    add_data(parser)
    add_language(parser)
    add_json(parser)


def explain(parsed: argparse.Namespace) -> int:
    """Say fact, decision, entry, verdict, and what each channel does."""
    at = parsed.at or datetime.now(UTC)
    _check_host(parsed.host, at)
    answer = _by_file(parsed, at) if parsed.policy else _by_server(parsed, at)
    if parsed.json:
        print_json(answer)
        return DONE
    print(answer["host"])
    for name, line in answer["lines"].items():
        print(f"  {name:9} {line}")
    return DONE


def _check_host(text: str, at: datetime) -> None:
    from blocklists.effects import read_question
    from blocklists.hosts import BadHost

    try:
        read_question(text, at)
    except BadHost as error:
        raise Stopped(f"{error}; write a host such as chatgpt.com", WRONG_USE) from error


def _by_server(parsed: argparse.Namespace, at: datetime) -> dict[str, Any]:
    from server.commands.control_link import ControlLink

    query = {"host": parsed.host, "language": parsed.language}
    if parsed.at:
        query["at"] = at.isoformat()
    return ControlLink(parsed.data).get("/explain", **query)


def _by_file(parsed: argparse.Namespace, at: datetime) -> dict[str, Any]:
    from blocklists.compiler import BadPolicy
    from blocklists.effects import read_question
    from blocklists.explain import explain as explained
    from blocklists.yamlfile import BadFile
    from server.commands.compiling import compile_file

    try:
        file = compile_file(parsed.policy, at)
    except (BadFile, BadPolicy) as error:
        raise Stopped(str(error), COULD_NOT) from error
    question = read_question(parsed.host, at)
    blocklist = file.compiled.blocklist
    return explained(file.catalogue, file.policy, blocklist, question, parsed.language).to_json()


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{text} is no time; write it as 2026-12-31T12:00"
        ) from error
