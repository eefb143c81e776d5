"""How commands answer: JSON or lines on standard output, one clear line where they stop."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

from agent.places import CONFIGURATION_FILE, default_data_folder

DONE, NO, WRONG_USE, COULD_NOT = 0, 1, 2, 3
"""Exit codes of every command."""


class Stopped(Exception):
    """A command ends here: the lines to print, and the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json, which every command that answers something has."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add --language, for sentences that are in the message catalogues."""
    parser.add_argument(
        "--language", choices=("nl", "en"), default="en", help="language of the sentences"
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add --data, which says where the agent's data folder is."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=default_data_folder(os.environ),
        help="the agent's data folder (%(default)s)",
    )


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add --config, which says where the settings are."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=CONFIGURATION_FILE,
        help="the file of settings (%(default)s)",
    )


def print_json(answer: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(answer, ensure_ascii=False))
