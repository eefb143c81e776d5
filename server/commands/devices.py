"""`sluis device token new`: a token with which agents or browser profiles enrol."""

from __future__ import annotations

import argparse
import json

from server.commands.answering import DONE, add_data, add_json, print_json


def new_arguments(parser: argparse.ArgumentParser) -> None:
    """What the token is for, how often and how long it works."""
    parser.add_argument(
        "--kind", choices=("agent", "profile"), default="agent", help="who enrols (%(default)s)"
    )
    parser.add_argument(
        "--uses", type=int, default=1, metavar="N", help="how often it works (%(default)s)"
    )
    parser.add_argument(
        "--days", type=int, default=7, metavar="N", help="how many days it works (%(default)s)"
    )
    add_data(parser)
    add_json(parser)


def new(parsed: argparse.Namespace) -> int:
    """Print a new token, which is shown this once."""
    from server.commands.control_link import ControlLink

    form = {"kind": parsed.kind, "uses": parsed.uses, "days": parsed.days}
    answer = ControlLink(parsed.data).post("/device-tokens", json.dumps(form).encode())
    if parsed.json:
        print_json(answer)
    else:
        print(answer["token"])
    return DONE
