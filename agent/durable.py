"""Files that survive a kill and a power cut: written whole or not, set aside when damaged."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file whole: beside it first, synced, then renamed over it."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def set_aside(path: Path) -> Path:
    """Rename what cannot be used to NAME.damaged (one is kept), so that it can be looked at."""
    aside = path.with_name(f"{path.name}.damaged")
    if aside.is_dir():
        shutil.rmtree(aside)
    aside.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.replace(aside)
    return aside


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
