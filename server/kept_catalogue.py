"""The catalogue, parsed once: a copy in the user's cache, keyed by what it was read from.

Reading a thousand YAML files and holding them against what must stay open takes seconds; decoding
the copy takes milliseconds. The key is a hash of every file that the catalogue is made of and of
the code that reads them, by name, size and the times at which content and file last changed: to
read them all again would take longer than the rest of a look-up. Who writes a file changes a time.
Where no copy can be kept, the files are read each time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

import blocklists
from blocklists.catalogue.model import Catalogue

_GROUND = Path(blocklists.__file__).parent
_SERVICES = _GROUND / "services"
_KEPT = "catalogue-*.msgpack"
_SUM = hashlib.sha256().digest_size
"""So many bytes at the start of a copy are the sum of the rest."""


def kept_catalogue(folder: Path = _SERVICES, *, environment: Mapping[str, str]) -> Catalogue:
    """Give the catalogue of a folder, from the copy where there is one, else read and checked.

    Raises BadFile with the problems of all files, and OSError where one cannot be read.
    """
    cache = _cache_folder(environment)
    copy = cache / f"catalogue-{_key(folder)}.msgpack" if cache else None
    if copy and (kept := _kept(copy)):
        return kept
    from blocklists.catalogue.loading import load_catalogue  # noqa: PLC0415 - heavy

    catalogue = load_catalogue(folder)
    if copy:
        _keep(copy, catalogue)
    return catalogue


def _cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Give where copies lie: what systemd made for the service, else the user's cache."""
    if made := environment.get("CACHE_DIRECTORY"):
        return Path(made)
    if cache := environment.get("XDG_CACHE_HOME"):
        return Path(cache) / "sluis"
    home = environment.get("HOME")
    return Path(home) / ".cache" / "sluis" if home else None


def _key(folder: Path) -> str:
    """Hash what the file system says of all that a catalogue is made of, and of its readers."""
    found = hashlib.sha256()
    for path in (folder, _GROUND, *_readers()):
        found.update(f"{path.absolute()}\n".encode())
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if entry.is_file():
                seen = entry.stat()
                told = (entry.name, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
                found.update(f"{told}\n".encode())
    return found.hexdigest()


def _readers() -> Iterable[Path]:
    catalogue = _GROUND / "catalogue"
    return (catalogue, catalogue / "reading", _GROUND / "yamlfile")


def _kept(copy: Path) -> Catalogue | None:
    """Give what a copy holds; None where there is none, or its bytes are not those written."""
    try:
        data = copy.read_bytes()
        if _sum(data[_SUM:]) == data[:_SUM]:
            return msgspec.msgpack.decode(data[_SUM:], type=Catalogue)
    except (OSError, msgspec.DecodeError):
        pass
    return None


def _sum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _keep(copy: Path, catalogue: Catalogue) -> None:
    """Write the copy whole or not at all, and take those of other sources away."""
    half = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = msgspec.msgpack.encode(catalogue)
        half.write_bytes(_sum(data) + data)
        half.replace(copy)
        for other in copy.parent.glob(_KEPT):
            if other != copy:
                other.unlink(missing_ok=True)
    except OSError:  # a full or read-only disk costs time, nothing else
        with suppress(OSError):
            half.unlink()
