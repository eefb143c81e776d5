"""What the host looks like, so that a test can say that it is afterwards as it was before."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

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


def networks(folder: Path) -> set[str]:
    """Name the networks of the machines that were made with this folder and still run."""
    return set(processes(folder).values()) - {str(Path("/proc/self/ns/net").readlink())}


def processes(folder: Path, networks: frozenset[str] | set[str] = frozenset()) -> dict[int, str]:
    """Give the processes, anywhere on the host, that were started for this folder or live in one of
    these networks.

    Each with its network. Take the networks before the end: Chromium's children write over their
    environment, and then only the network tells whose they are.
    """
    mark, found = f"{MARK}={folder.resolve()}".encode(), {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            network = str((process / "ns/net").readlink())
            environment = (process / "environ").read_bytes()
        except OSError:
            continue  # it has ended
        if network in networks or mark in environment.split(b"\0"):
            found[int(process.name)] = network
    return found
