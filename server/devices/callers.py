"""Who sends a signed request: checked against the keys that enrolled, and never twice the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from blocklists.protocol.signatures import (
    Algorithm,
    BadSignature,
    Claimed,
    PublicKey,
    RequestParts,
    claimed,
    verify,
)
from server.errors import Refused
from server.store.books import Books
from server.store.database import Connection
from server.store.endpoints import Endpoint, endpoint_by_key
from server.store.nonces import add_nonce

MEMORY = timedelta(minutes=10)
"""How long a nonce is kept: twice the window in which a request may be sent."""


async def identify(
    books: Books, parts: RequestParts, headers: Mapping[str, str], now: datetime
) -> Endpoint:
    """The endpoint that signed this request, which is new. Raises Refused."""
    try:
        keyid = claimed(headers).keyid
    except BadSignature as error:
        raise _refused(error, now) from error
    endpoint = await books.read(endpoint_by_key, keyid)
    if endpoint is None:
        raise Refused(401, "unknown-device", "this key is not enrolled here: enrol again")
    key = PublicKey(cast("Algorithm", endpoint.algorithm), endpoint.public_key)
    claim = check_signed(parts, headers, key, now)
    await books.write(use_nonce, claim, now)
    return endpoint


def check_signed(
    parts: RequestParts, headers: Mapping[str, str], key: PublicKey, now: datetime
) -> Claimed:
    """Check that this key signed this request, just now. Raises Refused."""
    try:
        return verify(parts, headers, key, now)
    except BadSignature as error:
        raise _refused(error, now) from error


def use_nonce(connection: Connection, organisation: UUID, claim: Claimed, now: datetime) -> None:
    """Use a request's nonce up; it is remembered over restarts. Raises Refused."""
    if not add_nonce(connection, organisation, claim.keyid, claim.nonce, now + MEMORY):
        raise Refused(401, "replay", "this request was sent before; sign a new one")


def _refused(error: BadSignature, now: datetime) -> Refused:
    return Refused(401, error.code, str(error), fields={"now": now})
