"""Waits after failures: they grow, they end, and they differ between endpoints."""

from __future__ import annotations

from agent.stages.backoff import LONGEST_ASKED, Backoff


def test_the_wait_doubles_up_to_a_ceiling() -> None:
    backoff = Backoff(max, first=2, longest=10)

    assert [backoff.failed() for _ in range(5)] == [2, 4, 8, 10, 10]


def test_any_moment_up_to_the_ceiling_may_be_drawn() -> None:
    assert Backoff(min).failed() == 0


def test_success_begins_anew() -> None:
    backoff = Backoff(max, first=2, longest=10)
    backoff.failed()
    backoff.succeeded()

    assert backoff.failed() == 2


def test_what_the_server_asks_is_kept_up_to_an_hour() -> None:
    backoff = Backoff(max)

    assert backoff.failed(asked=120) == 120
    assert backoff.failed(asked=10**9) == LONGEST_ASKED


def test_very_many_failures_do_not_overflow() -> None:
    backoff = Backoff(max)

    assert [backoff.failed() for _ in range(5000)][-1] == 300
