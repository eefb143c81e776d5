"""What the agent asks of Linux: the sinkhole's link, the table of connections, programs, accounts.

The only file of the agent that starts programs or reads /proc and /sys. All but `connections`,
`resolver_files` and `open_to` wants root.
"""

# ruff: noqa: PTH115, PTH208 - a scan reads ten thousand links; Path would take far longer

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

_KINDS = ("dummy", "ifb", "veth")
"""Kinds of link in order of choice: all do the same here, and no kernel lacks all three."""
_PROGRAMS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


class LinkFailed(OSError):
    """The link could not be made; the message is the system's own."""


def ensure_link(name: str, address: str) -> int:
    """Make a link with one address, or leave it where it stands so; its index.

    The address must be a global one: with 127.x or 169.254.x systemd-resolved uses no server on the
    link. Raises LinkFailed.
    """
    if link_index(name) is None:
        _make(name)
    state = json.loads(_ip("-json", "address", "show", "dev", name))[0]
    if not any(one["local"] == address for one in state["addr_info"]):
        _ip("address", "add", f"{address}/32", "dev", name)
    if "UP" not in state["flags"]:
        _ip("link", "set", name, "up")
    return socket.if_nametoindex(name)


def link_index(name: str) -> int | None:
    """The number of a link; None where there is none."""
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return None


def remove_link(name: str) -> None:
    """Take the link away; nothing happens where there is none. Raises LinkFailed."""
    if link_index(name) is not None:
        _ip("link", "delete", name)


def connections() -> Iterator[str]:
    """The rows of the kernel's tables of TCP connections; anybody may read them."""
    for table in ("tcp", "tcp6"):  # without IPv6 there is no tcp6
        with suppress(FileNotFoundError), Path("/proc/net", table).open() as rows:
            next(rows, None)
            yield from rows


def programs(sockets: Mapping[int, int]) -> dict[int, str]:
    """The executable that holds each socket, in one scan of all processes.

    Args:
        sockets: number of a socket -> uid of its owner, whose processes are looked at first.
    """
    left, found = {f"socket:[{number}]": number for number in sockets}, dict[int, str]()
    for process in _processes(set(sockets.values())) if left else ():
        if not left:
            break
        with suppress(OSError, psutil.Error):  # it has ended meanwhile
            for number in _held(process.pid, left):
                found[number] = process.exe()
    return found


def resolver_files() -> tuple[str, str]:
    """The text of resolv.conf and of nsswitch.conf; empty where there is none."""
    return _text(Path("/etc/resolv.conf")), _text(Path("/etc/nsswitch.conf"))


def start(argv: Sequence[str], account: str, inherited: int) -> subprocess.Popen[bytes]:
    """Start a program as an account without rights, with one more open file. Raises KeyError where
    there is no such account.
    """
    who = pwd.getpwnam(account)
    return subprocess.Popen(
        argv,
        user=who.pw_uid,
        group=who.pw_gid,
        extra_groups=[],
        pass_fds=[inherited],
        stdin=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a process, gently first."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _make(name: str) -> None:
    failed = LinkFailed()
    for kind in _KINDS:
        peer = ["peer", "name", f"{name}p"] if kind == "veth" else []
        try:
            _ip("link", "add", name, "type", kind, *peer)
        except LinkFailed as error:
            failed = error
            continue
        # without a link-local address, whose check would change the machine's addresses later
        with suppress(OSError):
            Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
        if peer:
            _ip("link", "set", f"{name}p", "up")
        return
    raise failed


def _ip(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["ip", *arguments],
            env=_PROGRAMS,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LinkFailed(f"the program ip, of iproute2, is needed: {error}") from error
    if done.returncode:
        raise LinkFailed(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _processes(uids: Collection[int]) -> list[psutil.Process]:
    """All processes, those of these users before all others, and the newest first."""

    def order(process: psutil.Process) -> tuple[bool, int]:
        owner = process.info["uids"]
        return owner is None or owner.real not in uids, -process.pid

    return sorted(psutil.process_iter(["uids"]), key=order)


def _held(pid: int, left: dict[str, int]) -> Iterator[int]:
    """The sockets that this process holds, taken out of those that are left to find."""
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        with suppress(OSError):
            number = left.pop(os.readlink(f"/proc/{pid}/fd/{descriptor}"), None)
            if number is not None:
                yield number


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
