"""`sluis-agent`: the workstation's command line. A table of commands; each group has a file.

Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 could not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from agent.commands.answering import DONE, WRONG_USE, Stopped

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


@dataclass(frozen=True)
class Command:
    """One command: its name, what it does, and where it is."""

    name: str
    does: str
    example: str
    module: str
    """The group's file in agent/commands."""


COMMANDS = (
    Command("enrol", "make this device known to its server", "sluis-agent enrol", "enrolling"),
    Command("run", "keep the list in force, as root", "sluis-agent run", "running"),
    Command("status", "say how this workstation stands", "sluis-agent status --json", "asking"),
    Command(
        "check",
        "say what would happen to a host here, and why",
        "sluis-agent check chatgpt.com",
        "asking",
    ),
    Command("record", "show what was counted of your own account", "sluis-agent record", "asking"),
    Command(
        "clear",
        "give the machine back: routes, link and stored data",
        "sluis-agent clear --all",
        "clearing",
    ),
    Command(
        "uninstall",
        "as clear --all, and remove the settings",
        "sluis-agent uninstall",
        "clearing",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        sys.stdout.flush()
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return stopped.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads our output (head, say) has seen enough; nothing may be written any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _run(given: Sequence[str]) -> int:
    command = next((each for each in COMMANDS if [each.name] == given[:1]), None)
    if command is None:
        return _overview(given)
    group = import_module(f"agent.commands.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"sluis-agent {command.name}",
        description=f"{command.does[0].upper()}{command.does[1:]}.",
        epilog=f"example: {command.example}",
        allow_abbrev=False,
    )
    getattr(group, f"{command.name}_arguments")(parser)
    parsed = parser.parse_args(given[1:])
    code: int = getattr(group, command.name)(parsed)
    return code


def _overview(given: Sequence[str]) -> int:
    """Show the commands; wrong use unless help was asked for."""
    asked = given in (["-h"], ["--help"])
    stream = sys.stdout if asked else sys.stderr
    if given and not asked:
        print(f"sluis-agent: no command {given[0]!r}; commands are:", file=stream)
    print("usage: sluis-agent COMMAND ...   (sluis-agent COMMAND --help says more)\n", file=stream)
    width = max(len(each.name) for each in COMMANDS)
    for each in COMMANDS:
        print(f"  {each.name:{width}}  {each.does}", file=stream)
    print(f"\nexample: {COMMANDS[2].example}", file=stream)
    return DONE if asked else WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
