"""The statement of a device, signed for it alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from blocklists.protocol.signatures import SigningKey
from blocklists.protocol.statements import SignedStatement, Statement, sign_statement

LIFE = timedelta(days=30)


def statement_of(device: UUID, key: SigningKey, now: datetime) -> SignedStatement:
    """Say which device this is, for the next 30 days."""
    issued = now.replace(microsecond=0)
    return sign_statement(Statement(str(device), issued, issued + LIFE), key)
