"""Health: ready says in words why not."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from server.doors import health
from tests.simulators.endpoint import ask
from tests.simulators.running import RunningTrial


def test_a_server_that_was_just_founded_is_ready(trial: RunningTrial) -> None:
    assert ask(trial.url, "GET", "/health/live").json == {"status": "live"}
    assert ask(trial.url, "GET", "/health/ready").json == {"status": "ready"}


def test_signatures_that_were_not_renewed_are_named(trial: RunningTrial) -> None:
    trial.clock.forward(timedelta(days=4))
    answer = ask(trial.url, "GET", "/health/ready")
    assert answer.status == 503
    because = answer.json["because"]
    assert any("signature of timestamp" in sentence for sentence in because)
    assert any("signature of snapshot" in sentence for sentence in because)
    assert trial.call(trial.parts.repository.renew(trial.clock()))
    assert ask(trial.url, "GET", "/health/ready").status == 200


def test_every_role_is_named_near_its_end_and_renewed(trial: RunningTrial) -> None:
    trial.clock.forward(timedelta(days=360))
    because = " ".join(ask(trial.url, "GET", "/health/ready").json["because"])
    for role in ("root", "targets", "list", "officers", "snapshot", "timestamp"):
        assert f"signature of {role} " in because
    trial.call(trial.parts.repository.renew(trial.clock()))
    assert ask(trial.url, "GET", "/health/ready").status == 200
    assert trial.parts.publication.root.version == 2


def test_a_database_that_does_not_answer_is_told(
    trial: RunningTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "DATABASE_SECONDS", 0.3)
    other = sqlite3.connect(trial.settings.data / "sluis.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # as a backup program might that holds on to it
    answer = ask(trial.url, "GET", "/health/ready")
    assert answer.status == 503
    assert answer.json["because"] == ["the database does not answer"]
    assert ask(trial.url, "GET", "/health/live").status == 200
    assert ask(trial.url, "GET", "/repository/1.root.json").status == 200
    other.execute("ROLLBACK")
    other.close()
