"""Applying: all of it or nothing, one after another, never with a clock that went back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from server.decisions.proposals import Proposal
from server.errors import Refused
from tests.simulators.running import RunningTrial

POLICY = "organisation: {{name: G, time_zone: UTC}}\ncategories: {{assistant: {{verdict: {}}}}}\n"


def proposal(verdict: str) -> Proposal:
    return Proposal(POLICY.format(verdict).encode(), "p.yaml", "tester", "test", may_shrink=True)


def test_proposals_at_the_same_time_follow_each_other(trial: RunningTrial) -> None:
    decisions = trial.parts.decisions

    async def all_at_once() -> list[int]:
        proposals = [proposal(word) for word in ("block", "warn", "block", "warn")]
        applied = await asyncio.gather(*(decisions.apply(one) for one in proposals))
        return [one.version for one in applied]

    assert sorted(trial.call(all_at_once())) == [2, 3, 4, 5]
    policy, blocklist = trial.call(decisions.policy()), trial.call(decisions.blocklist())
    assert policy.version == 5
    assert policy.list_version == blocklist.version
    assert blocklist.decisions["category assistant"].verdict.value in policy.text


def test_the_lists_version_is_the_version_of_its_role(trial: RunningTrial) -> None:
    trial.call(trial.parts.decisions.apply(proposal("warn")))
    blocklist = trial.call(trial.parts.decisions.blocklist())
    assert blocklist.version == trial.parts.publication.current["list"].version


def test_a_clock_that_stands_before_the_list_in_force_publishes_nothing(
    trial: RunningTrial,
) -> None:
    before = trial.parts.publication
    trial.clock.forward(timedelta(hours=-1))
    with pytest.raises(Refused, match="set the clock right") as caught:
        trial.call(trial.parts.decisions.apply(proposal("warn")))
    assert caught.value.code == "clock"
    assert trial.parts.publication is before
    assert trial.call(trial.parts.decisions.policy()).version == 1


def test_the_servers_own_name_is_never_blocked(trial: RunningTrial) -> None:
    assert "sluis.example" in trial.call(trial.parts.decisions.blocklist()).never


def test_what_is_in_force_compiles_to_itself_after_a_restart(tmp_path: Path) -> None:
    with RunningTrial(tmp_path) as trial:
        trial.call(trial.parts.decisions.apply(proposal("warn")))
    with RunningTrial(tmp_path) as again:
        made = again.call(again.parts.decisions.made())
        assert made.blocklist == again.call(again.parts.decisions.blocklist())
