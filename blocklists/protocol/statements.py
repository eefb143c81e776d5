"""The statement of a device: what it is and what its people hold, signed for it alone.

On the wire it is {"payload", "signature", "keyid"}: the payload is base64url of JSON, and the
signature is the statement key's over a prefix of its own and those bytes, so that no signature made
for another purpose can stand in for it. Today's statements say which device it is and until when.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from blocklists.protocol.signatures import PublicKey, SigningKey, decode_key, encode_key

_PREFIX = b"sluis/statement/v1\n"


class BadStatement(ValueError):
    """A statement that does not hold; the message says why."""


class Statement(msgspec.Struct, frozen=True):
    """What is said of one device."""

    device: str
    issued: datetime
    ends: datetime


class SignedStatement(msgspec.Struct, frozen=True):
    """A statement as it travels."""

    payload: str
    signature: str
    keyid: str


def sign_statement(statement: Statement, key: SigningKey) -> SignedStatement:
    """Sign with the statement key, which the role targets names."""
    payload = msgspec.json.encode(statement)
    signature = key.sign(_PREFIX + payload)
    return SignedStatement(encode_key(payload), encode_key(signature), key.public.keyid)


def verify_statement(
    signed: SignedStatement, key: PublicKey, device: str, now: datetime
) -> Statement:
    """Give the statement if it is signed, for this device, and has not ended.

    Raises BadStatement.
    """
    try:
        payload, signature = decode_key(signed.payload), decode_key(signed.signature)
    except ValueError as error:
        raise BadStatement(f"the statement is not base64url: {error}") from error
    if not key.verify(signature, _PREFIX + payload):
        raise BadStatement("the statement is not signed by the organisation's statement key")
    try:
        statement = msgspec.json.decode(payload, type=Statement)
    except msgspec.DecodeError as error:
        raise BadStatement(f"the statement cannot be read: {error}") from error
    if statement.device != device:
        raise BadStatement("the statement is another device's")
    if statement.ends <= now:
        raise BadStatement(f"the statement ended at {statement.ends:%Y-%m-%d %H:%M} UTC")
    return statement
