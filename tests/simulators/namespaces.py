"""The kernel's part of a machine: which namespaces it has, how a thread enters them, what of the
host's files it sees.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

UNSHARE = (
    *("unshare", "--mount", "--net", "--pid", "--ipc", "--uts"),
    *("--fork", "--kill-child", "--propagation=private", "--mount-proc"),
)
"""The command that makes the namespaces of a machine, set before the command of its first
process."""

CODE = Path(__file__).resolve().parents[2]
"""The root of the repository; a workstation sees it at the same path."""

PROGRAMS = Path(sys.prefix) / "bin"
"""Where `python`, `sluis` and `sluis-agent` stand that this process runs with, on the host and
inside alike."""


@contextmanager
def inside(pid: int, kind: str) -> Iterator[None]:
    """Let this thread make its sockets (`net`) or its next children (`pid_for_children`) in the
    namespace of a process.

    Raises OSError where the process has ended or this one may not enter.
    """
    setns = ctypes.CDLL(None, use_errno=True).setns
    with (
        Path(f"/proc/thread-self/ns/{kind}").open("rb") as own,
        Path(f"/proc/{pid}/ns/{kind}").open("rb") as other,
    ):
        if setns(other.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"cannot enter the {kind} namespace of process {pid}")
        try:
            yield
        finally:
            if setns(own.fileno(), 0):
                os.abort()  # a thread that stays in another namespace must not go on


def sights(writable: Sequence[Path], readable: Sequence[Path]) -> list[str]:
    """Say what of the host a machine with a root of its own sees, as arguments of root.sh, in the
    order to mount.

    Folders are seen at the same path, writes to `writable` reach the host. A folder on the way that
    not everybody may enter (a home of mode 0700) is covered by an empty one: nobody inside sees the
    rest of it, and everybody may go through to what is shown. The host's folder keeps its mode.
    """
    shown = _outermost([path.resolve() for path in (*writable, *readable)])
    shares = [path.resolve() for path in writable]
    covers = _outermost([closed for path in shown for closed in _closed(path)[:1]])
    reads = [path for path in shown if path not in shares]
    return [
        *(f"cover:{path}" for path in covers),
        *(f"read:{path}" for path in reads),
        *(f"write:{path}" for path in shares),
    ]


def interpreter() -> list[Path]:
    """Name the folders that a program of the product needs to run: the code, its environment and
    the Python below.

    What lies under /usr is left out: a machine's root is the host's, so it is there already.
    Raises PermissionError when one of them may not be read by everybody.
    """
    needed = [CODE, Path(sys.prefix), Path(sys.base_prefix)]
    for folder in needed:
        if folder.stat().st_mode & 0o005 != 0o005:
            raise PermissionError(
                f"{folder}: the people of a workstation may not read it; chmod -R o+rX {folder}"
            )
    return [folder for folder in needed if not folder.is_relative_to("/usr")]


def _closed(path: Path) -> list[Path]:
    """Give the folders above a path that not everybody may enter, outermost first."""
    return [above for above in reversed(path.parents) if not above.stat().st_mode & 0o001]


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """Leave out what lies in another of these folders; sorted."""
    once = sorted(set(paths))
    return [path for path in once if not any(other in path.parents for other in once)]
