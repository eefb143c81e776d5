"""When a thing is due again."""

from __future__ import annotations

from agent.stages.backoff import Backoff
from agent.stages.timer import Timer


class Watch:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def timer(watch: Watch) -> Timer:
    return Timer(watch, Backoff(max, first=2, longest=60))


def test_it_is_due_to_begin_with() -> None:
    assert timer(Watch()).due


def test_what_is_done_is_due_again_later() -> None:
    watch = Watch()
    made = timer(watch)
    made.done(10)
    assert not made.due

    watch.seconds += 10

    assert made.due


def test_failures_put_it_off_further_and_further() -> None:
    made = timer(Watch())

    waits = []
    for _ in range(3):
        made.failed()
        waits.append(made.left)

    assert waits == [2, 4, 8]


def test_what_the_server_asks_for_is_kept() -> None:
    made = timer(Watch())
    made.failed(asked=30)

    assert made.left == 30


def test_it_is_brought_forward_but_never_put_off() -> None:
    made = timer(Watch())
    made.done(10)
    made.no_later_than(3)
    made.no_later_than(7)

    assert made.left == 3


def test_a_back_off_that_runs_is_kept() -> None:
    made = timer(Watch())
    made.failed(asked=30)
    made.no_later_than(0)

    assert made.left == 30
    made.at_once()
    assert made.due
