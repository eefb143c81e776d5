"""The trial's authority: one certificate, one name, no key left of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from server.errors import CannotServe
from server.publishing.tls import LIFE, TlsFiles, tls_files

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_the_authority_holds_for_this_name_and_leaves_no_key(tmp_path: Path) -> None:
    files = tls_files(tmp_path / "tls", "sluis.example", NOW)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    names = [one.value for one in allowed.permitted_subtrees or []]
    assert "sluis.example" in names
    assert not any(str(name) in {"example", ""} for name in names)
    assert {path.name for path in (tmp_path / "tls").iterdir()} == {
        "ca.pem",
        "server.pem",
        "server.key",
    }
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    certificate.verify_directly_issued_by(authority)
    files.context()


def test_it_is_made_anew_near_its_end_for_another_name_or_when_damaged(tmp_path: Path) -> None:
    def made(name: str = "sluis.example", now: datetime = NOW) -> bytes:
        return tls_files(tmp_path, name, now).certificate.read_bytes()

    first = made()
    assert made(now=NOW + timedelta(days=300)) == first
    second = made(now=NOW + LIFE - timedelta(days=10))
    assert second != first
    third = made("other.example")
    assert third != second
    (tmp_path / "server.pem").write_text("damaged")
    assert made("other.example") != third


def test_a_very_long_name_is_a_name(tmp_path: Path) -> None:
    name = ".".join(["a" * 60] * 4)
    assert tls_files(tmp_path, name, NOW).certificate.exists()


def test_files_that_do_not_fit_each_other_are_named(tmp_path: Path) -> None:
    one, two = (tls_files(tmp_path / name, "sluis.example", NOW) for name in ("a", "b"))
    with pytest.raises(CannotServe, match=r"server\.pem: cannot be used for TLS"):
        TlsFiles(one.authority, one.certificate, two.key).context()
