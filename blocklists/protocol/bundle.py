"""The body with which the long poll answers: files by their published name, one after another.

Each is a name (its length in two bytes, then UTF-8) and its bytes (length in four bytes), lengths
in network order. It is transport only: every file is verified as if it had been fetched alone.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FILES = 300
"""256 roots and the rest."""

_NAME, _DATA = struct.Struct("!H"), struct.Struct("!I")


class BadBundle(ValueError):
    """Bytes that are no bundle."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Put files in one body, in their order."""
    parts: list[bytes] = []
    for name, data in files.items():
        encoded = name.encode()
        parts += _NAME.pack(len(encoded)), encoded, _DATA.pack(len(data)), data
    return b"".join(parts)


def unpack(body: bytes) -> dict[str, bytes]:
    """Read a body. Raises BadBundle where it does not end with the last file."""
    files: dict[str, bytes] = {}
    at = 0
    while at < len(body):
        name, at = _part(body, at, _NAME)
        data, at = _part(body, at, _DATA)
        try:
            files[name.decode()] = data
        except UnicodeDecodeError as error:
            raise BadBundle("a name is not UTF-8") from error
        if len(files) > MAX_FILES:
            raise BadBundle(f"more than {MAX_FILES} files")
    return files


def _part(body: bytes, at: int, length: struct.Struct) -> tuple[bytes, int]:
    start = at + length.size
    if start > len(body):
        raise BadBundle("it ends within a length")
    end = start + length.unpack_from(body, at)[0]
    if end > len(body):
        raise BadBundle("it ends within a file")
    return body[start:end], end
