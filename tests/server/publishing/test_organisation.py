"""What the organisation signs about itself."""

from __future__ import annotations

from tests.simulators.running import RunningTrial


def test_targets_says_who_it_is_since_when_it_counts_and_by_which_act(trial: RunningTrial) -> None:
    said = trial.organisation()
    key = trial.parts.keys.statement.public
    assert set(said) == {"organisation", "trial", "statement_keys", "reporting_from", "act"}
    assert said["organisation"] == "Gemeente Voorbeeld"
    assert said["trial"] is True
    assert said["act"] == "trial, made-up people"
    assert [one["keyid"] for one in said["statement_keys"]] == [key.keyid]
