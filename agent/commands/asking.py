"""`sluis-agent status`, `check` and `record`: questions to the running agent."""

from __future__ import annotations

import argparse
from typing import Any

from agent.commands.answering import (
    COULD_NOT,
    DONE,
    NO,
    WRONG_USE,
    Stopped,
    add_data,
    add_json,
    add_language,
    print_json,
)
from agent.places import CONTROL_SOCKET


def status_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to ask, and how to answer."""
    _arguments(parser)


def status(parsed: argparse.Namespace) -> int:
    """Say how this workstation stands; the answer is no where a channel does not hold the list."""
    answer = _ask(parsed, "/status")
    _print(parsed, answer)
    held = all(channel["state"] == "in-force" for channel in answer["channels"].values())
    return DONE if held and answer["list"]["version"] is not None else NO


def check_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    parser.add_argument("host", metavar="HOST", help="a host, or a host with a path behind it")
    _arguments(parser)


def check(parsed: argparse.Namespace) -> int:
    """Say what would happen to a host on this workstation, and why."""
    answer = _ask(parsed, "/check", host=parsed.host)
    if not parsed.json:
        print(answer["host"])
    _print(parsed, answer)
    return DONE


def record_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to ask, and how to answer."""
    _arguments(parser)


def record(parsed: argparse.Namespace) -> int:
    """Show what was counted of the account that asks."""
    answer = _ask(parsed, "/record")
    if parsed.json:
        print_json(answer)
        return DONE
    print(answer["lines"]["about"])
    for row in answer["violations"]:
        how = answer["lines"][row["kind"]]
        print(f"  {row['when']}  {row['service']}  {row['host']}  {row['times']}×  {how}")
    return DONE


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    add_language(parser)
    add_json(parser)


def _ask(parsed: argparse.Namespace, question: str, **query: str) -> dict[str, Any]:
    from agent.control_link import NotRunning, Refused, ask

    socket = parsed.data / CONTROL_SOCKET
    try:
        answer: dict[str, Any] = ask(socket, question, language=parsed.language, **query)
    except NotRunning as error:
        raise Stopped(str(error), COULD_NOT) from error
    except Refused as error:
        raise Stopped(str(error), WRONG_USE) from error
    return answer


def _print(parsed: argparse.Namespace, answer: dict[str, Any]) -> None:
    if parsed.json:
        print_json(answer)
        return
    for name, line in answer["lines"].items():
        print(f"  {name:10} {line}")
