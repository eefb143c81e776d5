"""The data folder: made, checked, and locked so that one server alone uses it."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path
from typing import IO

from server.errors import CannotServe


class DataFolder:
    """A server's own folder, held by this process until `release`."""

    def __init__(self, path: Path) -> None:
        """Make the folder where it is missing, and lock it. Raises CannotServe."""
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _check_private(path)
            self._lock = self._hold(path / "lock")
        except OSError as error:
            raise CannotServe(
                f"the data folder {path} cannot be used: {error.strerror}; "
                "give one that this account can write, with --data DIR"
            ) from error

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "sluis.db"

    @property
    def keys(self) -> Path:
        """The private keys."""
        return self.path / "keys"

    @property
    def tls(self) -> Path:
        """The authority, the certificate and its key."""
        return self.path / "tls"

    @property
    def control(self) -> Path:
        """The socket of `sluis`."""
        return self.path / "control.sock"

    def release(self) -> None:
        """Let another server use it."""
        self._lock.close()

    def _hold(self, path: Path) -> IO[str]:
        lock = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise CannotServe(
                f"the data folder {self.path} is in use by another server (process {holder}): "
                "stop that one, or give another folder with --data DIR"
            ) from error
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock


def _check_private(path: Path) -> None:
    """Everybody's folder may hold somebody else's keys. Raises CannotServe."""
    if path.stat().st_mode & stat.S_IWOTH:
        raise CannotServe(
            f"the data folder {path} can be written by everybody; take that away: chmod o-w {path}"
        )
