"""`sluis`: the organisation's command line. A table of commands; each group has a file of its own.

Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 could not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from server.commands.answering import DONE, WRONG_USE, Stopped

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


@dataclass(frozen=True)
class Command:
    """One command: its words, what it does, and where it is."""

    words: str
    does: str
    example: str
    module: str
    """The group's file in server/commands."""

    @property
    def name(self) -> str:
        """The function in that file."""
        return self.words.split()[-1]


COMMANDS = (
    Command("serve", "run the server", "sluis serve --data ./data", "serving"),
    Command(
        "catalogue check",
        "say every fault of the service files",
        "sluis catalogue check blocklists/services",
        "catalogue",
    ),
    Command(
        "catalogue lookup",
        "say which service a host belongs to",
        "sluis catalogue lookup chatgpt.com --json",
        "catalogue",
    ),
    Command(
        "catalogue show",
        "give all facts of a service, each with its source",
        "sluis catalogue show chatgpt",
        "catalogue_facts",
    ),
    Command(
        "catalogue search",
        "find services by words, category, country or plan",
        "sluis catalogue search --category translation --european",
        "catalogue_facts",
    ),
    Command(
        "catalogue add",
        "write a service file for a site, or take files in",
        "sluis catalogue add https://chat.example.com --category assistant",
        "catalogue_keeping",
    ),
    Command(
        "catalogue diff",
        "say what changed between two folders of service files",
        "sluis catalogue diff services.old services",
        "catalogue_comparing",
    ),
    Command(
        "catalogue coverage",
        "hold a public list against the catalogue, both ways",
        "sluis catalogue coverage blocklist.txt --json",
        "catalogue_comparing",
    ),
    Command(
        "catalogue sources",
        "give every source, and what rests on it",
        "sluis catalogue sources --json",
        "catalogue_facts",
    ),
    Command(
        "catalogue stats",
        "count the catalogue, and what it rests on",
        "sluis catalogue stats --json",
        "catalogue_facts",
    ),
    Command(
        "catalogue stale",
        "name what nobody went through for long",
        "sluis catalogue stale --months 6",
        "catalogue_facts",
    ),
    Command(
        "policy check",
        "say every fault of a policy, and what nobody can enforce of it",
        "sluis policy check policy.yaml",
        "policy",
    ),
    Command(
        "policy apply",
        "make a policy the next signed list",
        'sluis policy apply policy.yaml --why "agreement signed"',
        "policy",
    ),
    Command(
        "explain",
        "say what the list does with a host, and why",
        "sluis explain chatgpt.com --policy policy.yaml",
        "explaining",
    ),
    Command("link", "make a one-time sign-in link", "sluis link", "people"),
    Command(
        "device token new",
        "make a token with which devices enrol",
        "sluis device token new --kind agent --uses 5",
        "devices",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = _find(given)
    if command is None:
        return _overview(given)
    group = import_module(f"server.commands.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"sluis {command.words}",
        description=f"{command.does[0].upper()}{command.does[1:]}.",
        epilog=f"example: {command.example}",
        allow_abbrev=False,
    )
    getattr(group, f"{command.name}_arguments")(parser)
    parsed = parser.parse_args(given[len(command.words.split()) :])
    return _run(getattr(group, command.name), parsed)


def _find(given: Sequence[str]) -> Command | None:
    """Find the command whose words the line begins with."""
    return next(
        (each for each in COMMANDS if each.words.split() == given[: len(each.words.split())]), None
    )


def _run(command: Callable[[argparse.Namespace], int], parsed: argparse.Namespace) -> int:
    try:
        code = command(parsed)
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


def _overview(given: Sequence[str]) -> int:
    """Show the commands that begin with the words given; wrong use unless help was asked."""
    asked = not given or given[-1] in ("-h", "--help")
    words = [word for word in given if not word.startswith("-")]
    shown = [each for each in COMMANDS if each.words.split()[: len(words)] == words]
    if not asked or not shown:
        print(f"sluis: no command {' '.join(words or given)!r}; commands are:", file=sys.stderr)
        shown = shown or list(COMMANDS)
    width = max(len(each.words) for each in COMMANDS)
    stream = sys.stdout if given and asked else sys.stderr
    print("usage: sluis COMMAND ...   (sluis COMMAND --help says more)\n", file=stream)
    for each in shown:
        print(f"  {each.words:{width}}  {each.does}", file=stream)
    print(f"\nexample: {shown[0].example}", file=stream)
    return DONE if given and asked and shown else WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
