"""Keys: each made once, whole or not at all, read back as they were."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server.errors import CannotServe
from server.publishing.keys import load_keys, write_private


def test_keys_are_made_once_and_read_back(tmp_path: Path) -> None:
    made, read = (load_keys(tmp_path / "keys", make=make) for make in (True, False))
    assert made.statement.to_bytes() == read.statement.to_bytes()
    assert made.extension.private_numbers() == read.extension.private_numbers()
    ids = [{r: s.public_key.keyid for r, s in keys.signers.items()} for keys in (made, read)]
    assert ids[0] == ids[1]


def test_a_key_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    load_keys(folder, make=True)
    write_private(folder / "root.pem", (folder / "extension.pem").read_bytes())
    with pytest.raises(CannotServe, match=r"root\.pem: an Ed25519 key is wanted"):
        load_keys(folder, make=False)


def test_a_private_file_is_replaced_whole_and_never_open_to_others(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"before")
    path.chmod(0o644)
    write_private(path, b"after")
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
