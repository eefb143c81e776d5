"""Bars as SVG, drawn on the server: no script, no inline style, text inside.

Colours come from classes of theme.css, since the pages' CSP forbids style attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 760, 200
_LEFT, _BOTTOM, _TOP = 44, 24, 10
_LABEL_EVERY = 7
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One rectangle, in the units of the drawing."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """A text at a place on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """What the template draws."""

    bars: list[Bar]
    lines: list[Label]
    """Horizontal lines with their value."""
    labels: list[Label]
    """Under the bars."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def bars(groups: Sequence[Sequence[int]], labels: Sequence[str]) -> Chart:
    """Draw one group of bars for each label, beside each other; every seventh label is written."""
    step = nice_step(max((value for group in groups for value in group), default=0))
    top = step * 4
    base, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    slot = (WIDTH - _LEFT) / max(len(groups), 1)
    drawn = []
    for place, group in enumerate(groups):
        width = slot * 0.8 / max(len(group), 1)
        for series, value in enumerate(group):
            height = room * value / top
            x = _LEFT + slot * place + slot * 0.1 + width * series
            drawn.append(
                Bar(
                    series + 1,
                    round(x, 2),
                    round(base - height, 2),
                    round(width, 2),
                    round(height, 2),
                )
            )
    lines = [Label(round(base - room * step * n / top, 2), str(step * n)) for n in range(5)]
    last = len(labels) - 1
    written = [
        Label(round(_LEFT + slot * (place + 0.5), 2), text)
        for place, text in enumerate(labels)
        if (last - place) % _LABEL_EVERY == 0
    ]
    return Chart(drawn, lines, written)


def nice_step(highest: int) -> int:
    """The distance of four lines that reach the highest value: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * 4 >= highest:
                return factor * power
        power *= 10
