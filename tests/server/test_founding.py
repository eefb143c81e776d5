"""The first start: everything or nothing, and a broken policy says where."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from pathlib import Path

import pytest

from server import app
from server.app import Outside, open_parts
from server.errors import CannotServe
from server.founding import TRIAL_POLICY
from server.settings import Settings
from tests.simulators.clock import Clock
from tests.simulators.running import RunningTrial


async def opened(folder: Path) -> None:
    settings = Settings(data=folder, port=0, tls_port=0)
    parts = await open_parts(settings, Outside(Clock(), secrets.token_bytes))
    await parts.close()


def rows(folder: Path, table: str) -> int:
    with sqlite3.connect(folder / "sluis.db") as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(count)


def test_a_broken_first_policy_names_file_and_line_and_founds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, policy = tmp_path / "data", tmp_path / "first.yaml"
    policy.write_text("organisation: {name: G, time_zone: UTC}\ncategories:\n  chat: block\n")
    with monkeypatch.context() as patch:
        patch.setattr(app, "TRIAL_POLICY", policy)
        with pytest.raises(CannotServe, match=r"first\.yaml:3: "):
            asyncio.run(opened(data))
        policy.unlink()
        with pytest.raises(CannotServe, match=r"first\.yaml"):
            asyncio.run(opened(data))
    assert [rows(data, table) for table in ("organisations", "policies", "metadata_files")] == [
        0
    ] * 3
    with RunningTrial(data) as trial:  # the folder was let go, and founding begins anew
        assert trial.call(trial.parts.decisions.policy()).version == 1


def test_a_trial_takes_reports_from_its_first_minute_by_its_own_act(trial: RunningTrial) -> None:
    organisation = trial.parts.organisation
    assert (organisation.trial, organisation.act) == (True, "trial, made-up people")
    assert organisation.reporting_from.second == organisation.reporting_from.microsecond == 0
    assert 0 <= (trial.clock() - organisation.reporting_from).total_seconds() < 90


def test_the_policy_that_is_shipped_is_one(trial: RunningTrial) -> None:
    policy = trial.call(trial.parts.decisions.policy())
    assert policy.text == TRIAL_POLICY.read_text()
    assert (policy.version, policy.who) == (1, "sluis serve")
