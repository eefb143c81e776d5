"""Settings: what cannot be is said by the option's name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from server.errors import WrongUse
from server.settings import SYSTEM_FOLDER, Settings, default_data_folder


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"port": -1}, "--port"),
        ({"tls_port": 65536}, "--tls-port"),
        ({"port": 8700, "tls_port": 8700}, "--tls-port"),
        ({"name": "127.0.0.1"}, "--name"),
        ({"name": "Sluis.Example"}, "--name: in its normal form: sluis.example"),
        ({"name": "no name"}, "--name"),
        ({"name": ""}, "--name"),
    ],
)
def test_a_wrong_setting_names_its_option(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUse, match=f"^{said}"):
        Settings(data=Path("data"), **wrong)


def test_two_free_ports_may_be_asked_for() -> None:
    assert Settings(data=Path("data"), port=0, tls_port=0).name == "sluis.example"


def test_data_lie_in_the_systems_folder_or_the_accounts_own() -> None:
    found = default_data_folder({"XDG_STATE_HOME": "/state"})
    writable = os.access("/var/lib", os.W_OK)
    assert found == (SYSTEM_FOLDER if writable else Path("/state/sluis"))
