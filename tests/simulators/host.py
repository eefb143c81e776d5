"""What the host looks like, so that a test can say that it is afterwards as it was before."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.simulators.machine import MARK

_COMMANDS = {
    "links": ("ip", "-o", "link"),
    "addresses": ("ip", "-o", "address"),
    "routes": ("ip", "route", "show", "table", "all"),
    "network namespaces": ("ip", "netns"),
    "files in /etc": ("find", "/etc", "-printf", "%p %m %T@ %s %l\n"),
    "resolv.conf": ("cat", "/etc/resolv.conf"),
    "accounts": ("cat", "/etc/passwd", "/etc/group"),
    "mounts": ("cat", "/proc/self/mountinfo"),
    "host name": ("uname", "-n"),
}


def state() -> dict[str, str]:
    """Give what must be the same afterwards, by what it is about."""
    return {
        about: subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        for about, argv in _COMMANDS.items()
    }


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Give the lines that two states do not share, each with what it is about."""
    return [
        f"{about}: {line}"
        for about in before
        for line in sorted(set(before[about].splitlines()) ^ set(after[about].splitlines()))
    ]


class Process(NamedTuple):
    """One process of the host, never to be taken for a later one with its pid."""

    pid: int
    started: int
    """In ticks since the host's start (proc(5), stat)."""


def processes(folder: Path) -> set[Process]:
    """Give the processes, anywhere on the host, of the machines that were made with this folder.

    They are those that say so in their environment, and what descends from them: Chromium's
    children write over their environment and have namespaces of their own.
    """
    parents, mark = _parents(), f"{MARK}={folder.resolve()}".encode()
    found = {process for process in parents if mark in _environment(process.pid)}
    while more := {one for one in parents if parents[one] in {two.pid for two in found}} - found:
        found |= more
    return found


def alive(them: set[Process]) -> set[Process]:
    """Give those of these processes that have not ended."""
    return them & set(_parents())


def _parents() -> dict[Process, int]:
    """Give every process of the host with the pid of its parent."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            found[Process(int(entry.name), int(fields[19]))] = int(fields[1])
    return found


def _environment(pid: int) -> list[bytes]:
    with suppress(OSError):  # it has ended
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return []
