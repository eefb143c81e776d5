"""`sluis link`: a one-time link with which a person signs in."""

from __future__ import annotations

import argparse

from server.commands.answering import DONE, add_data, add_json, print_json


def link_arguments(parser: argparse.ArgumentParser) -> None:
    """Which server to ask."""
    add_data(parser)
    add_json(parser)


def link(parsed: argparse.Namespace) -> int:
    """Print a link that signs in once."""
    from server.commands.control_link import ControlLink

    answer = ControlLink(parsed.data).post("/links", b"{}")
    if parsed.json:
        print_json(answer)
    else:
        print(answer["url"])
    return DONE
