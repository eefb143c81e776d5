"""`sluis-agent clear --all` and `uninstall`: give the machine back, and say what was done.

Neither needs settings that can be used, nor a network.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from agent.commands.answering import (
    COULD_NOT,
    DONE,
    Stopped,
    add_config,
    add_data,
    add_json,
    print_json,
)
from agent.commands.folders import want_root
from agent.places import CONTROL_SOCKET, LIST_FILE, METADATA_FOLDER, OUTBOX, RECORD

OURS = (
    CONTROL_SOCKET,
    LIST_FILE,
    METADATA_FOLDER,
    *(base + companion for base in (OUTBOX, RECORD) for companion in ("", "-wal", "-shm")),
    "key",
    "device.json",
    "epoch",
    "pseudonym-*.key",
    "*.damaged",
    ".*.new",
)
"""What the agent makes in its data folder."""


def clear_arguments(parser: argparse.ArgumentParser) -> None:
    """What to clear."""
    parser.add_argument(
        "--all", action="store_true", required=True, help="routes, link, and all stored data"
    )
    add_data(parser)
    add_json(parser)


def clear(parsed: argparse.Namespace) -> int:
    """End the agent, take back what it did to the machine, and remove its data."""
    want_root("clear --all")
    return _done(parsed, _cleared(parsed.data))


def uninstall_arguments(parser: argparse.ArgumentParser) -> None:
    """Where settings and data are."""
    add_config(parser)
    add_data(parser)
    add_json(parser)


def uninstall(parsed: argparse.Namespace) -> int:
    """As clear --all; the settings go too. The program itself goes the way it came."""
    want_root("uninstall")
    done = [*_cleared(parsed.data), *_without_settings(parsed.config)]
    return _done(parsed, done)


def _cleared(data: Path) -> list[str]:
    from agent import helper
    from agent.enforce.interface import NotEnforced
    from agent.processes import StillRunning, end_running

    try:
        done = end_running(data / CONTROL_SOCKET)
        helper.clear()
    except StillRunning as error:
        raise Stopped(str(error), COULD_NOT) from error
    except NotEnforced as error:
        raise Stopped(f"the routes could not be taken back: {error}", COULD_NOT) from error
    return [*done, "took back routes and link", *_without_data(data)]


def _without_data(data: Path) -> Iterator[str]:
    if not data.is_dir():
        yield f"{data} is not there"
        return
    found = [path for pattern in OURS for path in data.glob(pattern)]
    for path in found:
        _remove(path)
    with suppress(OSError):  # somebody else's files are in it
        data.rmdir()
    left = "" if not data.exists() else "; what is not ours was left"
    yield f"removed {len(found)} files and folders from {data}{left}"


def _without_settings(config: Path) -> Iterator[str]:
    first = config.parent / "first"
    ours = [config] if config.is_file() else []
    ours += [first] if any(first.glob("*.root.json")) else []
    for path in ours:
        _remove(path)
        yield f"removed {path}"
    with suppress(OSError):
        config.parent.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _done(parsed: argparse.Namespace, done: list[str]) -> int:
    if parsed.json:
        print_json({"done": done})
    else:
        for line in done:
            print(line)
    return DONE
