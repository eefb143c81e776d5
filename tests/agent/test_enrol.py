"""Who a device is: kept over restarts, made anew when damaged or copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.enrol import Description, DeviceFiles

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PIN = "1:" + "0" * 64
DEVICE = "60af769f-2aee-44c1-bfc8-4388a27ccac3"


def test_the_key_is_made_once_and_is_the_daemons_alone(tmp_path: Path) -> None:
    key = DeviceFiles(tmp_path).key()

    assert DeviceFiles(tmp_path).key().to_bytes() == key.to_bytes()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_device_is_known_under_the_pin_that_it_enrolled_with(tmp_path: Path) -> None:
    files = DeviceFiles(tmp_path)
    files.keep_device(DEVICE, PIN)

    assert DeviceFiles(tmp_path).device(PIN) == DEVICE
    assert files.device("2:" + "1" * 64) is None


def test_a_device_that_the_server_forgot_keeps_its_key(tmp_path: Path) -> None:
    files = DeviceFiles(tmp_path)
    key = files.key().to_bytes()
    files.keep_device(DEVICE, PIN)

    files.forget_device()

    assert files.device(PIN) is None
    assert files.key().to_bytes() == key


def test_a_copied_disk_becomes_a_device_of_its_own(tmp_path: Path) -> None:
    files = DeviceFiles(tmp_path)
    key = files.key().to_bytes()
    files.keep_device(DEVICE, PIN)

    files.forget_key()

    assert files.device(PIN) is None
    assert files.key().to_bytes() != key


def test_the_epoch_rises_at_each_start(tmp_path: Path) -> None:
    assert [DeviceFiles(tmp_path).raise_epoch(NOW) for _ in range(3)] == [1, 2, 3]


def test_an_epoch_that_was_lost_goes_on_above_every_earlier_one(tmp_path: Path) -> None:
    DeviceFiles(tmp_path).raise_epoch(NOW)
    (tmp_path / "epoch").write_bytes(b"\x00")

    assert DeviceFiles(tmp_path).raise_epoch(NOW) == int(NOW.timestamp())
    assert DeviceFiles(tmp_path).raise_epoch(NOW) == int(NOW.timestamp()) + 1


def by_noise(path: Path) -> None:
    path.write_bytes(b"\xff\x00{")


def by_a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.parametrize("damage", [by_noise, by_a_folder])
def test_damaged_files_are_set_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    files = DeviceFiles(tmp_path)
    for name in ("key", "device.json", "epoch"):
        damage(tmp_path / name)

    assert files.device(PIN) is None
    assert files.raise_epoch(NOW) > 1
    assert files.key().to_bytes() == files.key().to_bytes()
    aside = {path.name for path in tmp_path.glob("*.damaged")}
    assert aside == {"key.damaged", "device.json.damaged", "epoch.damaged"}


def test_a_workstation_says_what_it_is() -> None:
    description = Description.of_this_machine()

    assert description.name
    assert description.system
