"""What a benchmark gives: a table, a sentence, and whether the ceiling held. Values only."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 2000
"""Draws of the bootstrap."""


@dataclass(frozen=True)
class Measured:
    """One benchmark."""

    title: str
    how: str
    """How it was measured, in a sentence or two."""
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    ceiling: str
    """What was asserted."""
    holds: bool


@dataclass(frozen=True)
class Interval:
    """A value and where it lies in 95 of 100 such measurements."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(above: Sequence[float], below: Sequence[float]) -> Interval:
    """Divide the medians of two samples."""
    return _bootstrap(above, below, lambda one, other: median(one) / median(other))


def difference(one: Sequence[float], other: Sequence[float]) -> Interval:
    """Subtract the medians of two samples."""
    return _bootstrap(one, other, lambda left, right: median(left) - median(right))


def spread(sample: Sequence[float], digits: int = 1) -> tuple[str, str, str]:
    """Give the median, the 95th percentile and the highest of a sample, as text."""
    p95 = quantiles(sample, n=20, method="inclusive")[-1]
    first, second, third = (f"{value:.{digits}f}" for value in (median(sample), p95, max(sample)))
    return first, second, third


def _bootstrap(
    one: Sequence[float],
    other: Sequence[float],
    compare: Callable[[Sequence[float], Sequence[float]], float],
) -> Interval:
    """Draw pairs anew: the two of a pair were measured side by side, and share the moment's load.

    (Efron, B., Tibshirani, R. J., An Introduction to the Bootstrap, 1993, chapter 13.)
    """
    dice, pairs = random.Random(1), list(zip(one, other, strict=True))
    drawn = sorted(
        compare([pair[0] for pair in again], [pair[1] for pair in again])
        for again in (dice.choices(pairs, k=len(pairs)) for _ in range(ROUNDS))
    )
    return Interval(compare(one, other), drawn[ROUNDS // 40], drawn[-ROUNDS // 40])
