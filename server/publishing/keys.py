"""The private keys of a trial, each a file of its own that the server's account alone can read.

A trial's keys all lie in its data folder. The extension's key is RSA, since Chromium's package form
knows no other that its policy accepts; all others are Ed25519.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from blocklists.protocol.signatures import SigningKey
from server.errors import CannotServe

ROLES = ("root", "targets", "list", "officers", "snapshot", "timestamp")
"""The roles of the repository, in the order in which they lead to each other."""
STATEMENT, EXTENSION = "statement", "extension"

PrivateKey = Ed25519PrivateKey | RSAPrivateKey


@dataclass(frozen=True)
class Keys:
    """All private keys of the organisation."""

    signers: Mapping[str, CryptoSigner]
    """By role of the repository."""
    statement: SigningKey
    extension: RSAPrivateKey


def load_keys(folder: Path, *, make: bool) -> Keys:
    """Read every key; with `make` those that are not there yet are made. Raises CannotServe."""
    folder.mkdir(mode=0o700, exist_ok=True)
    signers = {role: _signer(_edwards(folder / f"{role}.pem", make=make)) for role in ROLES}
    statement = SigningKey(_edwards(folder / f"{STATEMENT}.pem", make=make))
    extension = _load(folder / f"{EXTENSION}.pem", make=make, rsa=True)
    if not isinstance(extension, RSAPrivateKey):
        raise CannotServe(f"{folder / EXTENSION}.pem: an RSA key is wanted")
    return Keys(signers, statement, extension)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only this account can read, whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _edwards(path: Path, *, make: bool) -> Ed25519PrivateKey:
    key = _load(path, make=make, rsa=False)
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotServe(f"{path}: an Ed25519 key is wanted")
    return key


def _load(path: Path, *, make: bool, rsa: bool) -> object:
    if make and not path.exists():
        key = generate_private_key(65537, 2048) if rsa else Ed25519PrivateKey.generate()
        write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise CannotServe(f"{path}: others may read this key; take that away: chmod 600 {path}")
        return load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError as error:
        raise CannotServe(f"{path}: this key is gone; put it back from your copy") from error
    except (OSError, ValueError, TypeError) as error:
        raise CannotServe(f"{path}: cannot be read as a private key: {error}") from error


def _signer(key: Ed25519PrivateKey) -> CryptoSigner:
    return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
