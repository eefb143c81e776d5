"""A throw-away certificate authority: made in a folder, as old as that folder, trusted by made-up
workstations only.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = timedelta(days=2)


class Authority:
    """An authority whose key and certificate lie in a folder; two processes may use one folder."""

    def __init__(self, folder: Path) -> None:
        """Take the authority in `folder`, or make one."""
        self._folder = folder
        self.certificate = folder / "ca.pem"
        """Its own certificate, PEM: what a workstation trusts."""
        if not self.certificate.exists():
            self._make()

    def issue(self, host: str) -> Path:
        """Make a certificate for one host; the file (PEM) holds its key and the certificate."""
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        signer = load_pem_private_key((self._folder / "ca.key").read_bytes(), None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self._folder}/ca.key: not a key of this authority")
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate("a site of the made-up internet", issuer.subject, key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(signer, SHA256())
        )
        path = self._folder / f"{host}.pem"
        path.write_bytes(_pem(key) + certificate.public_bytes(Encoding.PEM))
        return path

    def _make(self) -> None:
        # a name of its own: between two of one name a program tries only one, and fails
        words = f"Throw-away authority {x509.random_serial_number():x}"
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate(words, _name(words), key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_SIGNS_CERTIFICATES, critical=True)
            .sign(key, SHA256())
        )
        (self._folder / "ca.key").write_bytes(_pem(key))
        self.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _certificate(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFE)
    )


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
