"""`sluis-agent run`: the superuser's helper, which starts the daemon without rights."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.commands.answering import COULD_NOT, Stopped, add_config, add_data
from agent.configuration import BadConfiguration, load_configuration
from agent.places import LIST_FILE
from blocklists.hosts import Address, Host, parse_host


def run_arguments(parser: argparse.ArgumentParser) -> None:
    """Where settings and data are."""
    add_config(parser)
    add_data(parser)


def run(parsed: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C."""
    from agent import helper
    from agent.commands.folders import make_data_folder, want_root
    from agent.processes import take_name

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    config, data = parsed.config.resolve(), parsed.data.resolve()

    def daemon(inherited: int) -> Sequence[str]:
        options = ["--helper", str(inherited), "--config", str(config), "--data", str(data)]
        # -I: nothing of the environment or the folder at hand is loaded
        return [sys.executable, "-I", "-m", "agent.daemon", *options]

    want_root("run")
    protected = _protected(config, data)
    make_data_folder(data)
    take_name()
    return helper.run(daemon, protected=protected)


def _protected(config: Path, data: Path) -> list[Host]:
    """The server's name, which must never be cut off.

    Settings that cannot be used stop the start only where nothing is there to enforce: a list that
    is in force stays so.
    """
    try:
        host = parse_host(load_configuration(config).server_host)
    except BadConfiguration as error:
        if not (data / LIST_FILE).exists():
            raise Stopped(str(error), COULD_NOT) from error
        print(error, file=sys.stderr)
        return []
    return [] if isinstance(host, Address) else [host]
