"""Packs the browser extension as CRX3, the form in which Chromium's policy installs it.

The format is a header in protocol buffers and a zip:
https://chromium.googlesource.com/chromium/src/+/HEAD/components/crx_file/crx3.proto
The same folder and key give the same bytes, whenever they are packed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.errors import ServerError

_MAGIC = b"Cr24" + (3).to_bytes(4, "little")
_SIGNED_PREFIX = b"CRX3 SignedData\0"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold: files carry no other."""


class BadExtension(ServerError):
    """A folder from which no package can be made."""


@dataclass(frozen=True)
class Package:
    """A packed extension."""

    id: str
    version: str
    data: bytes


def extension_id(key: RSAPrivateKey) -> str:
    """The id that Chromium derives from the key: 16 bytes of hash, each nibble a letter a to p."""
    digest = hashlib.sha256(_public(key)).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest)


def pack_extension(folder: Path, key: RSAPrivateKey) -> Package:
    """Pack and sign a folder. Raises BadExtension where its manifest cannot be read."""
    manifest = folder / "manifest.json"
    try:
        version = json.loads(manifest.read_bytes())["version"]
        payload = _zip(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadExtension(f"{manifest}: no extension can be packed from here: {error}") from error
    return Package(extension_id(key), str(version), _sign(payload, key))


def update_manifest(package: Package, address: str) -> bytes:
    """The answer to Chromium's question for updates; `address` is where the package lies."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<gupdate xmlns='http://www.google.com/update2/response' protocol='2.0'>\n"
        f"  <app appid={quoteattr(package.id)}>\n"
        f"    <updatecheck codebase={quoteattr(address)} version={quoteattr(package.version)}/>\n"
        "  </app>\n"
        "</gupdate>\n"
    ).encode()


def _zip(folder: Path) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_dir() or any(part.startswith(".") for part in parts):
                continue
            entry = zipfile.ZipInfo("/".join(parts), _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, path.read_bytes())
    return written.getvalue()


def _sign(payload: bytes, key: RSAPrivateKey) -> bytes:
    public = _public(key)
    signed = _field(1, hashlib.sha256(public).digest()[:16])
    length = len(signed).to_bytes(4, "little")
    signature = key.sign(_SIGNED_PREFIX + length + signed + payload, PKCS1v15(), SHA256())
    header = _field(2, _field(1, public) + _field(2, signature)) + _field(10000, signed)
    return _MAGIC + len(header).to_bytes(4, "little") + header + payload


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _field(number: int, data: bytes) -> bytes:
    """A field of protocol buffers that holds bytes."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*encoded, value))
