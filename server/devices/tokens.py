"""Enrolment tokens: made here, shown once, kept hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from blocklists.protocol.signatures import encode_key
from server.store.books import Books
from server.store.tokens import StoredToken, add_token

Kind = Literal["agent", "profile"]
"""What may enrol: an agent (a device) or a browser's profile."""

MOST_DAYS = 30
MOST_USES = 10_000


async def new_token(
    books: Books, kind: Kind, uses: int, ends: datetime, random_bytes: Callable[[int], bytes]
) -> str:
    """Make a token for so many enrolments of a kind until an instant; its text is kept nowhere."""
    token = encode_key(random_bytes(24))
    await books.write(add_token, StoredToken(hash_secret(token), kind, uses, ends))
    return token


def hash_secret(text: str) -> bytes:
    """How tokens and tickets are kept: they are random, so one SHA-256 is enough."""
    return hashlib.sha256(text.encode()).digest()
