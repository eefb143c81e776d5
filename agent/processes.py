"""The agent's processes: their name, and how those that run now are found and ended."""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

NAME = "sluis-agent"
"""What both processes are called in the list of processes."""
PATIENCE = 15.0
"""Seconds that an agent has to end; its daemon has five of them."""

_CREDENTIALS = struct.Struct("3i")
"""struct ucred: pid, uid, gid (unix(7))."""


class StillRunning(Exception):
    """The agent did not end, or somebody started it again."""


def take_name() -> None:
    """Be called by our name, whatever program runs us."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(NAME)


def end_running(control: Path) -> list[str]:
    """End the helper of the agent that listens there; says what was done.

    Root alone may. Raises StillRunning.
    """
    helper = _helper(control)
    if helper is None:
        return []
    os.kill(helper, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while _runs(helper) or _helper(control) is not None:
        if time.monotonic() > end:
            raise StillRunning("an agent still runs, or was started again: stop its service first")
        time.sleep(0.05)
    return ["ended the agent"]


def _helper(control: Path) -> int | None:
    """The process above the one that listens, if it is root's and called as ours."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(control))
            data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        parent = int(_stat(_CREDENTIALS.unpack(data)[0])[1])
        is_ours = Path(f"/proc/{parent}/comm").read_text().strip() == NAME
        return parent if is_ours and Path(f"/proc/{parent}").stat().st_uid == 0 else None
    except OSError:
        return None


def _runs(process: int) -> bool:
    """Whether it has not ended; one that has and waits to be reaped does not run."""
    try:
        return _stat(process)[0] not in "ZX"
    except OSError:
        return False


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name: state, parent, … (proc(5))."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
