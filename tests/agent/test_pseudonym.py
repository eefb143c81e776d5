"""Pseudonyms: the same within a quarter on one device, and nothing beyond."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from agent.pseudonym import Pseudonyms

AUTUMN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WINTER = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)


def test_one_account_is_one_pseudonym_in_a_quarter_also_after_a_restart(tmp_path: Path) -> None:
    first = Pseudonyms(tmp_path, os.urandom).of(4711, AUTUMN)

    assert Pseudonyms(tmp_path, os.urandom).of(4711, AUTUMN) == first
    assert re.fullmatch(r"[0-9a-f]{32}", first)


def test_accounts_and_devices_differ(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    made = {
        Pseudonyms(device, os.urandom).of(account, AUTUMN)
        for device in (one, other)
        for account in (4711, 4712)
    }

    assert len(made) == 4


def test_at_the_turn_of_the_quarter_the_old_key_is_gone(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(tmp_path, os.urandom)
    autumn = pseudonyms.of(4711, AUTUMN)

    assert pseudonyms.of(4711, WINTER) != autumn
    assert [path.name for path in tmp_path.iterdir()] == ["pseudonym-2027-q1.key"]


def test_the_key_is_for_the_daemon_alone(tmp_path: Path) -> None:
    Pseudonyms(tmp_path, os.urandom).of(4711, AUTUMN)

    [key] = tmp_path.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_made_anew(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(tmp_path, os.urandom)
    pseudonyms.of(4711, AUTUMN)
    [key] = tmp_path.iterdir()
    key.write_bytes(b"half")

    assert pseudonyms.of(4711, AUTUMN) == pseudonyms.of(4711, AUTUMN)
