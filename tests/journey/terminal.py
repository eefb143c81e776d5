"""Ctrl-C for the player alone.

A terminal sends Ctrl-C to a whole process group, thus also to the `make` that started the player,
and make then fails of it whatever its recipe does. So the player becomes a group of its own and
takes the foreground, as a shell does with each job (the GNU C Library Manual, "Job Control").
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def is_there() -> bool:
    """Whether a person sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def foreground() -> Iterator[None]:
    """Hold the terminal's foreground for the block; without a terminal nothing happens."""
    try:
        terminal = sys.stdin.fileno()
        before = os.tcgetpgrp(terminal)
    except (OSError, ValueError):
        yield
        return
    if before != os.getpgrp() or before == os.getpid():  # in the background, or alone already
        yield
        return
    # SIGTTOU would stop who gives the foreground back; nobody could wake us after a Ctrl-Z
    for number in (signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        with suppress(OSError):  # the terminal is gone
            os.tcsetpgrp(terminal, before)
