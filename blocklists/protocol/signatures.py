"""Signed requests: one fixed profile of RFC 9421 (HTTP Message Signatures).

Covered are "@method" "@authority" "@path" "@query" "content-digest", in this order; the scheme is
left out, since proxies end TLS. Parameters are created, keyid, alg, nonce and tag="sluis". A body
of no bytes has its digest too. Nothing of the profile is chosen by the sender but the algorithm,
and that must be the key's own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOW = timedelta(minutes=5)
"""How far `created` may lie from the server's time."""

Algorithm = Literal["ed25519", "ecdsa-p256-sha256"]
"""Names of RFC 9421 section 6.2.2."""

_COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")'
_INPUT = re.compile(
    re.escape(f"sluis={_COMPONENTS}")
    + r';created=(?P<created>\d{1,11});keyid="(?P<keyid>[0-9a-f]{64})"'
    r';alg="(?P<alg>ed25519|ecdsa-p256-sha256)";nonce="(?P<nonce>[A-Za-z0-9_-]{16,64})"'
    r';tag="sluis"',
    re.ASCII,
)
_SIGNATURE = re.compile(r"sluis=:([A-Za-z0-9+/]{86}==):")
_ED25519_BYTES, _P256_BYTES = 32, 65


class BadSignature(ValueError):
    """A request that is not signed as it should be; `code` is stable."""

    def __init__(self, code: Literal["signature", "clock"], detail: str) -> None:
        """Use `clock` where only the time is off, so that the endpoint can heal it."""
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class RequestParts:
    """What of a request is signed."""

    method: str
    authority: str
    """The Host header; made lower case, a default port taken off."""
    path: str
    query: str
    """Without its question mark; empty where there is none."""
    body: bytes = b""

    def base(self, parameters: str) -> bytes:
        """The signature base (RFC 9421 section 2.5)."""
        authority = re.sub(r":(80|443)\Z", "", self.authority.lower())
        lines = (
            f'"@method": {self.method}',
            f'"@authority": {authority}',
            f'"@path": {self.path}',
            f'"@query": ?{self.query}',
            f'"content-digest": {content_digest(self.body)}',
            f'"@signature-params": {parameters}',
        )
        return "\n".join(lines).encode("utf-8", "surrogateescape")  # bytes that are no text too


@dataclass(frozen=True)
class PublicKey:
    """A key that verifies: raw Ed25519 (32 bytes) or an uncompressed P-256 point (65 bytes)."""

    alg: Algorithm
    raw: bytes

    def __post_init__(self) -> None:
        """Raise ValueError for bytes that are no key of this kind."""
        if self.alg == "ed25519":
            if len(self.raw) != _ED25519_BYTES:
                raise ValueError(f"an Ed25519 key is {_ED25519_BYTES} bytes")
        elif len(self.raw) != _P256_BYTES:
            raise ValueError(f"a P-256 key is an uncompressed point of {_P256_BYTES} bytes")
        else:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.raw)

    @property
    def keyid(self) -> str:
        """Lower hex SHA-256 of the raw key."""
        return hashlib.sha256(self.raw).hexdigest()

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether 64 bytes are this key's signature (P-256: r and s of 32 bytes each)."""
        try:
            if self.alg == "ed25519":
                Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
            else:
                half = len(signature) // 2
                r, s = (
                    int.from_bytes(part, "big") for part in (signature[:half], signature[half:])
                )
                key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.raw)
                key.verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """An endpoint's or server's own Ed25519 key."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> SigningKey:
        """Make a new one from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, raw: bytes) -> SigningKey:
        """Read the 32 bytes that `to_bytes` gave. Raises ValueError."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    def to_bytes(self) -> bytes:
        """The 32 bytes to store."""
        return self.private.private_bytes_raw()

    @property
    def public(self) -> PublicKey:
        """The half that may be shown."""
        return PublicKey("ed25519", self.private.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self.private.sign(data)


@dataclass(frozen=True)
class Claimed:
    """Whose key a request says it is signed by, before that is checked."""

    keyid: str
    alg: Algorithm
    nonce: str
    created: datetime


def content_digest(body: bytes) -> str:
    """The Content-Digest field of RFC 9530, with sha-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(
    request: RequestParts, key: SigningKey, *, created: datetime, nonce: str
) -> dict[str, str]:
    """Give the header fields that sign a request; `nonce` is 16 to 64 characters of base64url."""
    parameters = (
        f"{_COMPONENTS};created={int(created.timestamp())};"
        f'keyid="{key.public.keyid}";alg="ed25519";nonce="{nonce}";tag="sluis"'
    )
    signature = base64.b64encode(key.sign(request.base(parameters))).decode()
    return {
        "Content-Digest": content_digest(request.body),
        "Signature-Input": f"sluis={parameters}",
        "Signature": f"sluis=:{signature}:",
    }


def claimed(headers: Mapping[str, str]) -> Claimed:
    """Read whose signature this is said to be, to look the key up. Raises BadSignature."""
    found = _INPUT.fullmatch(headers.get("Signature-Input", ""))
    if not found:
        raise BadSignature("signature", "the request is not signed by the profile of Sluis")
    alg: Algorithm = "ed25519" if found["alg"] == "ed25519" else "ecdsa-p256-sha256"
    created = datetime.fromtimestamp(int(found["created"]), UTC)
    return Claimed(found["keyid"], alg, found["nonce"], created)


def verify(
    request: RequestParts, headers: Mapping[str, str], key: PublicKey, now: datetime
) -> Claimed:
    """Check digest, signature and time against this key. Raises BadSignature.

    That the nonce is new is for the caller to check: it needs a memory.
    """
    claim = claimed(headers)
    signature = _SIGNATURE.fullmatch(headers.get("Signature", ""))
    digest = headers.get("Content-Digest", "").encode("utf-8", "surrogateescape")
    if not signature or not hmac.compare_digest(digest, content_digest(request.body).encode()):
        raise BadSignature("signature", "the body is not the one that was signed")
    if claim.keyid != key.keyid or claim.alg != key.alg:
        raise BadSignature("signature", "the request is signed by another key")
    parameters = headers["Signature-Input"].removeprefix("sluis=")
    try:
        raw = base64.b64decode(signature[1], validate=True)
    except binascii.Error as error:
        raise BadSignature("signature", "the signature is not base64") from error
    if not key.verify(raw, request.base(parameters)):
        raise BadSignature("signature", "the signature does not fit the request")
    if abs(claim.created - now) > WINDOW:
        raise BadSignature("clock", "the clock is off by more than five minutes")
    return claim


def encode_key(raw: bytes) -> str:
    """Base64url without padding, as raw keys travel."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_key(text: str) -> bytes:
    """Read what `encode_key` gave. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text, re.ASCII):
        raise ValueError("not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
