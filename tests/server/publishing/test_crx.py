"""The package: read back as Chromium reads it, the same bytes whenever it is packed."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from server.publishing.crx import BadExtension, extension_id, pack_extension


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "extension"
    (folder / "src").mkdir(parents=True)
    (folder / "manifest.json").write_text('{"manifest_version": 3, "version": "0.1.0"}')
    (folder / "src" / "background.js").write_text("// listeners")
    (folder / ".hidden").write_text("no part of it")
    return folder


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protocol buffer that holds nothing but bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        length, at = varint(data, at)
        yield tag >> 3, data[at : at + length]
        at += length


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at


def test_the_signature_holds_and_the_id_is_the_keys(folder: Path, key: RSAPrivateKey) -> None:
    package = pack_extension(folder, key)
    assert package.data[:8] == b"Cr24\x03\0\0\0"
    length = int.from_bytes(package.data[8:12], "little")
    header, payload = package.data[12 : 12 + length], package.data[12 + length :]
    parts = dict(fields(header))
    proof, signed = dict(fields(parts[2])), parts[10000]
    public = load_der_public_key(proof[1])
    assert isinstance(public, RSAPublicKey)
    prefix = b"CRX3 SignedData\0" + len(signed).to_bytes(4, "little")
    public.verify(proof[2], prefix + signed + payload, PKCS1v15(), SHA256())
    identity = dict(fields(signed))[1]
    assert identity == hashlib.sha256(proof[1]).digest()[:16]
    letters = "".join("abcdefghijklmnop"[int(digit, 16)] for digit in identity.hex())
    assert package.id == letters == extension_id(key)
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", "src/background.js"]


def test_the_same_folder_gives_the_same_bytes(folder: Path, key: RSAPrivateKey) -> None:
    first = pack_extension(folder, key)
    for path in folder.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (folder / "manifest.json").chmod(0o600)
    assert pack_extension(folder, key) == first
    (folder / "src" / "background.js").write_text("// other")
    assert pack_extension(folder, key).data != first.data


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '"text"'])
def test_a_manifest_that_says_no_version_is_named(
    folder: Path, key: RSAPrivateKey, manifest: str
) -> None:
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(BadExtension, match=r"manifest\.json"):
        pack_extension(folder, key)
