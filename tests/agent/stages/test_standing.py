"""How the state of the list follows from what the server gave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.answers import Failed, NotRefreshed, Refreshed
from agent.in_force import InForce, ListState, VerifiedFiles
from agent.stages.standing import Standing
from blocklists.blocklist import pack
from tests.simulators.repository import blocklist

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LIST = InForce.read(VerifiedFiles(pack(blocklist(1, published=NOW)), b"{}"))
UNREACHABLE = NotRefreshed(ListState.STALE, "no connection")
REFUSED = NotRefreshed(ListState.REFUSED, "not signed")
EXPIRED = NotRefreshed(ListState.FROZEN, "expired")


def with_list() -> Standing:
    standing = Standing()
    standing.took(Refreshed(LIST, NOW + timedelta(days=7)))
    return standing


def test_a_verified_list_is_fresh() -> None:
    assert with_list().state is ListState.FRESH
    assert with_list().condition().version == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (UNREACHABLE, ListState.STALE),
        (REFUSED, ListState.REFUSED),
        (EXPIRED, ListState.FROZEN),
        (Failed("the poll was cut"), ListState.STALE),
    ],
)
def test_whatever_fails_the_list_stays(answer: NotRefreshed | Failed, state: ListState) -> None:
    standing = with_list()
    standing.kept(answer)

    assert standing.state is state
    assert standing.why == answer.why
    assert standing.in_force is LIST


def test_without_a_list_an_unreachable_server_means_waiting() -> None:
    standing = Standing()
    standing.kept(UNREACHABLE)

    assert standing.state is ListState.WAITING


def test_without_a_list_what_was_refused_is_told() -> None:
    standing = Standing()
    standing.kept(REFUSED)

    assert standing.state is ListState.REFUSED


def test_what_was_fresh_is_frozen_once_its_time_is_over() -> None:
    standing = with_list()

    assert not standing.has_aged(NOW + timedelta(days=6))
    assert standing.has_aged(NOW + timedelta(days=7))
    assert standing.state is ListState.FROZEN
    assert not standing.has_aged(NOW + timedelta(days=8)), "told once"


def test_a_clock_turned_back_makes_nothing_fresh() -> None:
    standing = with_list()

    assert standing.effective_time(NOW - timedelta(days=400)) == NOW


def test_a_list_from_far_ahead_is_not_frozen_by_its_own_time() -> None:
    ahead = blocklist(2, published=NOW + timedelta(days=3650))
    standing = Standing()
    in_force = InForce.read(VerifiedFiles(pack(ahead), b"{}"))
    standing.took(Refreshed(in_force, NOW + timedelta(days=7)))

    assert not standing.has_aged(NOW + timedelta(days=6))
