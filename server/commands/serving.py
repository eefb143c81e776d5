"""`sluis serve`."""

from __future__ import annotations

import argparse

from server.commands.answering import COULD_NOT, DONE, WRONG_USE, Stopped, add_data
from server.settings import Settings

_PORTS = range(65_536)


def serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data lie and where the server listens."""
    add_data(parser)
    parser.add_argument(
        "--port", type=_port, default=Settings.port, help="plain http, loopback (%(default)s)"
    )
    parser.add_argument(
        "--tls-port", type=_port, default=Settings.tls_port, help="TLS, loopback (%(default)s)"
    )
    parser.add_argument(
        "--name",
        default=Settings.name,
        help="the name under which endpoints know the server (%(default)s)",
    )


def serve(parsed: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    from server.errors import CannotServe, WrongUse
    from server.serve import serve as run

    try:
        settings = Settings(
            data=parsed.data, port=parsed.port, tls_port=parsed.tls_port, name=parsed.name
        )
    except WrongUse as error:
        raise Stopped(str(error), WRONG_USE) from error
    try:
        run(settings, lambda fact: print(fact, flush=True))
    except CannotServe as error:
        raise Stopped(str(error), COULD_NOT) from error
    return DONE


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) not in _PORTS:
        raise argparse.ArgumentTypeError(f"{text} is no port; give 0 to {_PORTS[-1]}")
    return int(text)
