"""The trial's authority and certificate, for workstations that are made up.

The authority signs one certificate, holds for one name alone, and its key is thrown away at once:
who reads the data folder later cannot make another certificate that is trusted.
"""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.errors import CannotServe
from server.publishing.keys import write_private

LIFE = timedelta(days=397)
RENEW = timedelta(days=30)
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@dataclass(frozen=True)
class TlsFiles:
    """Where the authority, the certificate and its key lie."""

    authority: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """How the listener speaks TLS. Raises CannotServe."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise CannotServe(f"{self.certificate}: cannot be used for TLS: {error}") from error
        return context


def tls_files(folder: Path, name: str, now: datetime) -> TlsFiles:
    """The files for a server of this name, made anew where they are missing or near their end."""
    files = TlsFiles(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    if not _fits(files, name, now):
        folder.mkdir(mode=0o700, exist_ok=True)
        _make(files, name, now)
    return files


def _fits(files: TlsFiles, name: str, now: datetime) -> bool:
    if not (files.authority.exists() and files.certificate.exists() and files.key.exists()):
        return False
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, x509.ExtensionNotFound):
        return False
    ends = certificate.not_valid_after_utc
    return ends - now > RENEW and name in names.value.get_values_for_type(x509.DNSName)


def _make(files: TlsFiles, name: str, now: datetime) -> None:
    authority_key = generate_private_key(SECP256R1())
    authority = _authority(authority_key, name, now)
    key = generate_private_key(SECP256R1())
    certificate = _certificate(key, name, authority, authority_key, now)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(files.key, private)
    write_private(files.authority, authority.public_bytes(Encoding.PEM))
    write_private(files.certificate, certificate.public_bytes(Encoding.PEM))


def _authority(key: EllipticCurvePrivateKey, name: str, now: datetime) -> x509.Certificate:
    # a name of its own: of two authorities of one name a program may try only one
    words = f"Sluis trial {x509.random_serial_number():x}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])
    builder = _builder(subject, subject, key, now)
    allowed = [x509.DNSName(name), x509.DNSName("localhost"), x509.IPAddress(LOOPBACK)]
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.NameConstraints(allowed, None), critical=True)
    builder = builder.add_extension(_usage(sign_certificates=True), critical=True)
    return builder.sign(key, SHA256())


def _certificate(
    key: EllipticCurvePrivateKey,
    name: str,
    authority: x509.Certificate,
    authority_key: EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    names = [
        x509.DNSName(name),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    builder = _builder(subject, authority.subject, key, now)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(_usage(sign_certificates=False), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
        critical=False,
    )
    return builder.sign(authority_key, SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    start = now.astimezone(UTC) - timedelta(hours=1)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )
