"""`make run`: plays the whole loop before the user's eyes, then serves until Ctrl-C.

    python -m tests.journey.play [--folder DIR] [--port N] [--tls-port N]

Exit 0 when it was ended by Ctrl-C or SIGTERM, 3 when a port is taken or a step failed. Everything
it starts ends with it, by `kill -9` too; outside its folder nothing on this machine changes.
"""

from __future__ import annotations

import argparse
import errno
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.journey import terminal
from tests.journey.alone import STEPS_ALONE
from tests.journey.journey import Journey
from tests.journey.steps import STEPS, Step
from tests.journey.trial import NoServer
from tests.simulators.machine import obstacle
from tests.simulators.namespaces import CODE, PROGRAMS

DONE, COULD_NOT = 0, 3
MADE_HERE = "made-by-make-run"
"""A file in the folder of a trial: only a folder that holds it is removed."""


class CannotPlay(Exception):
    """One line that says why, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play; the exit code."""
    given = _parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    with terminal.foreground():
        return _played(given)


def _played(given: argparse.Namespace) -> int:
    try:
        for port in (given.port, given.tls_port):
            want_free(port)
        print(f"Sluis: one decision travels the whole loop.\n{fresh(given.folder)}\n", flush=True)
        with Journey(given.folder, port=given.port, tls_port=given.tls_port) as journey:
            play(journey)
    except KeyboardInterrupt:
        print(f"\nEnded. Nothing is left but {_short(given.folder)}/.", flush=True)
        return DONE
    except CannotPlay as error:
        print(f"make run: {error}", file=sys.stderr, flush=True)
        return COULD_NOT
    return DONE


def play(journey: Journey) -> None:
    """Play every step that this machine allows, and serve. Raises CannotPlay."""
    first, *others = STEPS
    perform(first, journey)
    because = obstacle()
    if because:
        print(f"\nNo workstation can be made here: {because}.\nWhat can run without one:\n")
    for step in STEPS_ALONE if because else others:
        perform(step, journey)
    if not because or terminal.is_there():
        serve(journey)
    else:
        print("\nNobody sits at a terminal and there is no workstation: the server ends here.")


def perform(step: Step, journey: Journey) -> None:
    """Play one step and print its line. Raises CannotPlay."""
    start = time.monotonic()
    if terminal.is_there():
        print(f"     …    {step.title}", end="\r", flush=True)
    try:
        seen = step.play(journey)
    except (AssertionError, TimeoutError, RuntimeError, OSError, NoServer) as error:
        print(f"{time.monotonic() - start:6.1f} s  FAILED: {step.title}", flush=True)
        raise CannotPlay(
            f"{step.title}: {str(error) or 'not so'}; logs: {journey.folder}"
        ) from error
    print(f"{time.monotonic() - start:6.1f} s  {step.title:25} {seen}", flush=True)


def serve(journey: Journey) -> None:
    """Say where to look, and wait for the end. Raises CannotPlay when the server ends by itself."""
    address, link = journey.trial.address, journey.trial.link()
    sluis = f"{_short(PROGRAMS / 'sluis')} explain chatgpt.com --data {_short(journey.trial.data)}"
    print(f"\nThe server     {address}\nSign in, once  {link}\nAsk it         {sluis}")
    print("Serves until Ctrl-C.", flush=True)
    journey.trial.process.wait()
    raise CannotPlay(f"the server has ended; its log: {journey.folder}/server.log")


def want_free(port: int) -> None:
    """Raise CannotPlay where a port of this machine is taken; 0 is any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            fault = "is taken" if error.errno == errno.EADDRINUSE else f"fails: {error.strerror}"
            raise CannotPlay(
                f"port {port} of 127.0.0.1 {fault}: end what listens there (another `make run`?), "
                "and try again"
            ) from error


def fresh(folder: Path) -> str:
    """Make the folder anew, and say so. Raises CannotPlay where that is not ours to do."""
    was_there = folder.exists() or folder.is_symlink()
    if was_there and (folder.is_symlink() or not (folder / MADE_HERE).is_file()):
        raise CannotPlay(f"{folder} was not made by `make run`: move it away, and try again")
    try:
        if was_there:
            shutil.rmtree(folder)
        folder.mkdir(mode=0o755)
        (folder / MADE_HERE).write_text("The next `make run` removes this folder.\n")
    except OSError as error:
        raise CannotPlay(
            f"{error.filename}: {error.strerror}; remove {folder} as the one who made it, and try "
            "again"
        ) from error
    return f"{_short(folder)}/ is made anew" + (", the old one is removed." if was_there else ".")


def _end(*_: object) -> None:
    """End at the first signal; further ones do not disturb the end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _short(path: Path) -> str:
    return str(path.relative_to(CODE) if path.is_relative_to(CODE) else path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.journey.play", description=__doc__)
    parser.add_argument("--folder", type=Path, default=CODE / ".trial", help="default: .trial/")
    parser.add_argument("--port", type=int, default=8700, help="http on 127.0.0.1")
    parser.add_argument("--tls-port", type=int, default=8743, help="TLS on 127.0.0.1")
    return parser


if __name__ == "__main__":
    sys.exit(main())
