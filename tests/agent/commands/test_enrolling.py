"""`sluis-agent enrol` against a real server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from agent.commands.answering import COULD_NOT, DONE, NO
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.running import RunningTrial

AGENT = PROGRAMS / "sluis-agent"


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTrial]:
    with RunningTrial(tmp_path_factory.mktemp("trial") / "data") as running:
        yield running


def settings(trial: RunningTrial, folder: Path, enrolment: str = "") -> list[str]:
    """Write settings; the options that name them and a data folder of this account's."""
    pin = trial.parts.publication.pin
    path = folder / "agent.yaml"
    path.write_text(f"server: {trial.url}\npin: '{pin}'\n{enrolment}")
    data = folder / "data"
    data.mkdir(exist_ok=True)
    os.chown(data, os.getuid() or 65534, -1)  # of an account without rights, as root makes it
    return ["--config", str(path), "--data", str(data)]


def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and errors, in a process of its own: it gives its rights up."""
    ended = subprocess.run(
        [AGENT, "enrol", *arguments], check=False, capture_output=True, text=True, input=typed
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def options(trial: RunningTrial, folder: Path) -> list[str]:
    """Options that name settings without a token, and a data folder."""
    return settings(trial, folder)


def test_with_a_good_token_it_is_enrolled_once(trial: RunningTrial, options: list[str]) -> None:
    token = trial.token()

    first = run("--token", token, *options)
    again = run("--token", token, "--json", *options)

    assert first == (DONE, f"enrolled at {trial.url}\n", "")
    assert json.loads(again[1]) == {"server": trial.url, "new": False}


def test_what_it_makes_is_the_agents_account_s(
    trial: RunningTrial, options: list[str], folder: Path
) -> None:
    run("--token", trial.token(), *options)

    files = list((folder / "data").iterdir())
    assert {path.name for path in files} == {"key", "device.json"}
    owner = (folder / "data").stat().st_uid
    assert {(path.stat().st_uid, path.stat().st_mode & 0o777) for path in files} == {(owner, 0o600)}


def test_a_wrong_token_is_one_clear_line(options: list[str]) -> None:
    code, _, said = run("--token", "wrong", *options)

    assert code == NO
    assert said.count("\n") == 1
    assert "did not take this device: token: not known here" in said


def test_without_a_token_it_says_where_to_write_one(options: list[str]) -> None:
    code, _, said = run(*options)

    assert code == COULD_NOT
    assert "--token TOKEN" in said


def test_a_server_that_is_away_is_one_clear_line(options: list[str], folder: Path) -> None:
    settings = folder / "agent.yaml"
    pin = settings.read_text().splitlines()[1]
    settings.write_text(f"server: http://127.0.0.1:1\n{pin}\nenrolment: x\n")

    code, _, said = run(*options)

    assert code == COULD_NOT
    assert said.count("\n") == 1
    assert "no connection: Connection refused" in said


def test_settings_that_are_broken_are_told_by_line(options: list[str], folder: Path) -> None:
    (folder / "agent.yaml").write_text("server: https://sluis.example\npin: 1\n")

    code, _, said = run(*options)

    assert code == COULD_NOT
    assert "agent.yaml:2: pin: " in said


def test_a_token_may_come_by_standard_input(trial: RunningTrial, options: list[str]) -> None:
    code, _, _ = run("--token", "-", *options, typed=f"{trial.token()}\n")

    assert code == DONE


def test_a_data_folder_that_is_somebody_elses_is_one_clear_line(
    options: list[str], folder: Path
) -> None:
    (folder / "data" / "device.json").touch(mode=0o600)  # root's

    code, _, said = run("--token", "x", *options)

    assert code == COULD_NOT
    assert said.count("\n") == 1
    assert "Permission denied" in said
