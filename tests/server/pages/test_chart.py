"""Bars stay inside the drawing and stand in proportion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pages.chart import HEIGHT, WIDTH, bars, nice_step


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (4, 1), (5, 2), (9, 5), (41, 20), (900, 500)]
)
def test_lines_stand_at_round_numbers(highest: int, step: int) -> None:
    assert nice_step(highest) == step


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_every_bar_lies_inside_and_is_as_high_as_its_value(groups: list[tuple[int, int]]) -> None:
    chart = bars(groups, [""] * len(groups))
    values = [value for group in groups for value in group]
    highest = max(bar.height for bar in chart.bars)
    for value, bar in zip(values, chart.bars, strict=True):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.1
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
        if max(values):
            assert bar.height == pytest.approx(highest * value / max(values), abs=0.1)


def test_the_last_label_is_always_written() -> None:
    assert bars([(1,)] * 35, [str(day) for day in range(35)]).labels[-1].text == "34"
