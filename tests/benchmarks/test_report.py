"""The page that `make bench` writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.benchmarks.measured import Measured
from tests.benchmarks.report import machine, report

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(("holds", "word"), [(True, "Held: "), (False, "NOT HELD: ")])
def test_it_says_what_where_when_and_whether_it_held(*, holds: bool, word: str) -> None:
    measured = Measured("Pages", "How.", ("", "ms"), [("with", "1.0")], "under 2", holds)

    page = report([measured], AT, "a machine")

    assert "on 2026-11-25 on a machine." in page
    assert "## Pages\n\nHow.\n\n|  | ms |\n| --- | ---: |\n| with | 1.0 |\n\n" in page
    assert f"{word}under 2.\n" in page


def test_a_machine_is_a_line() -> None:
    assert machine().count("\n") == 0
    assert "cores" in machine()
