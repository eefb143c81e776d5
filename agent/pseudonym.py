"""Pseudonyms of this device's accounts, under a key that is made every quarter and never leaves.

With the key gone, nobody can tell which account a pseudonym was, nor that two quarters' are one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agent import durable

_KEY_BYTES = 32
_PSEUDONYM_BYTES = 16


class Pseudonyms:
    """Gives an account's pseudonym; the key of the quarter lies in the data folder."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._random = random

    def of(self, account: int, at: datetime) -> str:
        """HMAC-SHA256 of the account's uid, 16 bytes in hex. `at` is the effective time."""
        digest = hmac.digest(self._key(at), f"uid:{account}".encode(), hashlib.sha256)
        return digest[:_PSEUDONYM_BYTES].hex()

    def forget(self, at: datetime) -> None:
        """Erase the keys of all quarters but this one. `at` is the effective time."""
        for path in self._folder.glob("pseudonym-*.key"):
            if path.name != _name(at):
                path.unlink(missing_ok=True)

    def _key(self, at: datetime) -> bytes:
        path = self._folder / _name(at)
        if path.is_file() and len(key := path.read_bytes()) == _KEY_BYTES:
            return key
        key = self._random(_KEY_BYTES)
        durable.replace(path, key)
        self.forget(at)
        return key


def _name(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"pseudonym-{utc.year}-q{(utc.month + 2) // 3}.key"
