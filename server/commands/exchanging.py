"""Files put in the place of others, which come back where what follows fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exchanged(folder: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Put files in a folder; when the body raises, what stood there stands there again.

    New contents are written beside the old ones first; after that files are only renamed, so a
    full disk can destroy nothing. Names that begin with a dot are no service files to anybody.
    Raises OSError where the folder cannot be written.
    """
    put: list[str] = []
    try:
        for name, data in files.items():
            (folder / f".{name}.new").write_bytes(data)
        for name in files:
            if (folder / name).exists():
                (folder / name).replace(folder / f".{name}.old")
            put.append(name)
            (folder / f".{name}.new").replace(folder / name)
        yield
    except BaseException:
        for name in put:
            _put_back(folder, name)
        raise
    finally:
        for name in files:
            (folder / f".{name}.new").unlink(missing_ok=True)
            (folder / f".{name}.old").unlink(missing_ok=True)


def _put_back(folder: Path, name: str) -> None:
    old = folder / f".{name}.old"
    if old.exists():
        old.replace(folder / name)
    else:
        (folder / name).unlink(missing_ok=True)
