"""`sluis-agent enrol`: make this device known to its server by hand."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

from agent.commands.answering import (
    COULD_NOT,
    DONE,
    NO,
    Stopped,
    add_config,
    add_data,
    add_json,
    print_json,
)


def enrol_arguments(parser: argparse.ArgumentParser) -> None:
    """The token, and where settings and data are."""
    parser.add_argument(
        "--token",
        metavar="TOKEN",
        help="the token; - reads it from standard input (default: the setting `enrolment`)",
    )
    add_config(parser)
    add_data(parser)
    add_json(parser)


def enrol(parsed: argparse.Namespace) -> int:
    """Enrol; the answer is no where the server refuses the token."""
    from agent.answers import Failed
    from agent.commands.folders import become_owner, make_data_folder
    from agent.configuration import BadConfiguration, load_configuration
    from agent.conversation import Conversation

    try:
        configuration = load_configuration(parsed.config)
    except BadConfiguration as error:
        raise Stopped(str(error), COULD_NOT) from error
    make_data_folder(parsed.data)
    become_owner(parsed.data)  # nothing of the network is read as root
    conversation = Conversation.open(configuration, parsed.data, now=_now, random=os.urandom)
    try:
        if conversation.enrolled:
            return _said(parsed, configuration.server, new=False)
        token = _token(parsed.token) or configuration.enrolment
        if token is None:
            raise Stopped(
                f"no token: give --token TOKEN, or write the setting enrolment in {parsed.config}",
                COULD_NOT,
            )
        answer = conversation.enrol(token)
    except OSError as error:
        raise Stopped(f"{parsed.data} cannot be used: {error}", COULD_NOT) from error
    if isinstance(answer, Failed):
        raise Stopped(
            f"{configuration.server} did not take this device: {answer.why}",
            NO if answer.code else COULD_NOT,
        )
    return _said(parsed, configuration.server, new=True)


def _token(given: str | None) -> str | None:
    return sys.stdin.readline().strip() if given == "-" else given


def _said(parsed: argparse.Namespace, server: str, *, new: bool) -> int:
    if parsed.json:
        print_json({"server": server, "new": new})
    else:
        print(f"enrolled at {server}" if new else f"already enrolled at {server}")
    return DONE


def _now() -> datetime:
    return datetime.now(UTC)
