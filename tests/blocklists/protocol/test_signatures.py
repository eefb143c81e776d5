"""Signed requests: what is signed cannot be changed, and nothing else is taken."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from blocklists.protocol.signatures import (
    BadSignature,
    PublicKey,
    RequestParts,
    SigningKey,
    claimed,
    content_digest,
    decode_key,
    encode_key,
    sign,
    verify,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = SigningKey.from_bytes(bytes(range(32)))
REQUEST = RequestParts("POST", "sluis.example", "/v1/device/check-ins", "", b'{"epoch":1}')
NONCE = "AAAAAAAAAAAAAAAAAAAAAA"


def signed(request: RequestParts = REQUEST, at: datetime = NOW) -> dict[str, str]:
    return sign(request, KEY, created=at, nonce=NONCE)


def test_a_signed_request_is_taken_and_says_whose_it_is() -> None:
    claim = verify(REQUEST, signed(), KEY.public, NOW)
    assert (claim.keyid, claim.nonce, claim.created) == (KEY.public.keyid, NONCE, NOW)
    assert KEY.public.keyid == hashlib.sha256(KEY.public.raw).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, method="PUT"),
        replace(REQUEST, authority="other.example"),
        replace(REQUEST, path="/v1/device/statement"),
        replace(REQUEST, query="a=1"),
        replace(REQUEST, body=b'{"epoch":2}'),
    ],
)
def test_a_request_that_was_changed_is_refused(changed: RequestParts) -> None:
    with pytest.raises(BadSignature) as caught:
        verify(changed, signed(), KEY.public, NOW)
    assert caught.value.code == "signature"


def test_the_scheme_and_a_default_port_do_not_count() -> None:
    spelt = replace(REQUEST, authority="Sluis.example:443")
    assert verify(spelt, signed(), KEY.public, NOW).keyid == KEY.public.keyid


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off_is_told_apart(minutes: int) -> None:
    with pytest.raises(BadSignature) as caught:
        verify(REQUEST, signed(at=NOW + timedelta(minutes=minutes)), KEY.public, NOW)
    assert caught.value.code == "clock"


def test_another_key_is_refused() -> None:
    with pytest.raises(BadSignature, match="another key"):
        verify(REQUEST, signed(), SigningKey.generate().public, NOW)


@pytest.mark.parametrize("field", ["Signature", "Signature-Input", "Content-Digest"])
@pytest.mark.parametrize("value", ["", "sluis=()", "x" * 5000, "\udcff"])
def test_a_header_that_is_missing_or_odd_is_refused(field: str, value: str) -> None:
    with pytest.raises(BadSignature):
        verify(REQUEST, signed() | {field: value}, KEY.public, NOW)


def test_a_time_that_no_calendar_has_is_refused() -> None:
    headers = signed()
    created = int(NOW.timestamp())
    far = headers["Signature-Input"].replace(f"created={created}", "created=999999999999")
    with pytest.raises(BadSignature):
        claimed(headers | {"Signature-Input": far})


def test_an_authority_that_is_no_text_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(replace(REQUEST, authority="\udcff"), signed(), KEY.public, NOW)


def test_fewer_covered_components_are_refused() -> None:
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace(' "content-digest"', "")
    with pytest.raises(BadSignature):
        claimed(headers)


def test_a_browsers_p256_signature_is_taken() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = PublicKey("ecdsa-p256-sha256", point)
    headers = signed()
    parameters = headers["Signature-Input"].removeprefix("sluis=")
    parameters = parameters.replace(KEY.public.keyid, key.keyid).replace("ed25519", key.alg)
    r, s = decode_dss_signature(private.sign(REQUEST.base(parameters), ec.ECDSA(SHA256())))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    headers |= {
        "Signature-Input": f"sluis={parameters}",
        "Signature": f"sluis=:{base64.b64encode(raw).decode()}:",
    }
    assert verify(REQUEST, headers, key, NOW).keyid == key.keyid
    with pytest.raises(BadSignature):
        verify(replace(REQUEST, body=b"{}"), headers, key, NOW)


@pytest.mark.parametrize(("alg", "raw"), [("ed25519", bytes(31)), ("ecdsa-p256-sha256", bytes(65))])
def test_bytes_that_are_no_key_are_refused(alg: str, raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"key|point"):
        PublicKey(alg, raw)  # type: ignore[arg-type]


def test_rfc_9421_appendix_b_2_6_verifies() -> None:
    """The RFC's Ed25519 example, by this module's own primitive."""
    raw = decode_key("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs")
    base = (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n'
        '"@authority": example.com\n"content-type": application/json\n"content-length": 18\n'
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" '
        '"content-length");created=1618884473;keyid="test-key-ed25519"'
    )
    signature = (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw"
    )
    raw_signature = decode_key(signature.replace("+", "-").replace("/", "_"))
    assert PublicKey("ed25519", raw).verify(raw_signature, base.encode())


def test_keys_travel_as_base64url() -> None:
    assert decode_key(encode_key(KEY.public.raw)) == KEY.public.raw
    with pytest.raises(ValueError, match="base64url"):
        decode_key("a+b=")


def test_the_digest_of_no_body_is_that_of_no_bytes() -> None:
    assert content_digest(b"") == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
