"""The judgement of the self-test; tests/agent/test_helper.py sees it made on a workstation."""

from __future__ import annotations

import asyncio

import pytest

from agent.selftest import Asked, Health, State, check, judge
from blocklists.hosts import Host
from tests.agent.sinkhole.test_server import stage

GOOD = Asked("127.77.0.1", seen=True)
REACHED = {"web": True, "reached": True}
OURS = {"web": True, "reached": False}
THEIRS = {"web": False, "reached": False}


@pytest.mark.parametrize(
    ("asked", "where", "dns", "connection"),
    [
        ([GOOD, GOOD], REACHED, "", ""),
        ([GOOD, GOOD], OURS, "", "not-reached"),
        ([GOOD, Asked("203.0.113.80", seen=False)], REACHED, "leaks", ""),
        ([Asked(None, seen=False)], OURS, "not-seen", "not-reached"),
        ([Asked(None, seen=True)], OURS, "wrong-answer", "not-reached"),
        ([Asked("203.0.113.80", seen=True)], OURS, "wrong-answer", "not-reached"),
        ([Asked(None, seen=True)] * 2, THEIRS, "", "sinkhole-port"),
        ([GOOD], THEIRS, "wrong-answer", "sinkhole-port"),
    ],
)
def test_judgement(asked: list[Asked], where: dict[str, bool], dns: str, connection: str) -> None:
    health = judge(asked, **where)
    codes = {channel: one.code for channel, one in health.items()}
    assert codes == {"dns": dns, "connection": connection}
    for one in health.values():
        assert (one.state is State.IN_FORCE) == (not one.code)


def test_where_nothing_is_routed_nothing_is_in_force() -> None:
    """This machine's own resolver knows nothing of the canary."""

    async def story() -> None:
        async with stage() as here:
            assert await check(here.sinkhole, [Host("chat.example")]) == {
                "dns": Health(State.NOT_IN_FORCE, "not-seen"),
                "connection": Health(State.NOT_IN_FORCE, "not-reached"),
            }

    asyncio.run(story())
