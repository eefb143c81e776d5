"""A statement holds for its device, until its end, by the statement key alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from blocklists.protocol.signatures import SigningKey
from blocklists.protocol.statements import (
    BadStatement,
    Statement,
    sign_statement,
    verify_statement,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = SigningKey.generate()
STATEMENT = Statement("device-1", NOW, NOW + timedelta(days=30))


def test_a_statement_comes_back_as_it_was() -> None:
    assert (
        verify_statement(sign_statement(STATEMENT, KEY), KEY.public, "device-1", NOW) == STATEMENT
    )


def test_another_key_a_changed_payload_another_device_and_an_end_are_refused() -> None:
    signed = sign_statement(STATEMENT, KEY)
    changed = msgspec.structs.replace(signed, payload=signed.payload[:-1] + "A")
    later = NOW + timedelta(days=30)
    for statement, key, device, at in (
        (signed, SigningKey.generate().public, "device-1", NOW),
        (changed, KEY.public, "device-1", NOW),
        (signed, KEY.public, "device-2", NOW),
        (signed, KEY.public, "device-1", later),
        (msgspec.structs.replace(signed, signature="?"), KEY.public, "device-1", NOW),
    ):
        with pytest.raises(BadStatement):
            verify_statement(statement, key, device, at)


def test_the_keys_signature_over_other_bytes_is_no_statement() -> None:
    payload = msgspec.json.encode(STATEMENT)
    signed = sign_statement(STATEMENT, KEY)
    plain = msgspec.structs.replace(signed, signature=KEY.sign(payload).hex())
    with pytest.raises(BadStatement):
        verify_statement(plain, KEY.public, "device-1", NOW)
