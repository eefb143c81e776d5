"""How long to wait after a failure: exponential, with full jitter, so that no herd returns at once.

https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from collections.abc import Callable

Uniform = Callable[[float, float], float]
"""A random number between two, such as random.uniform."""

LONGEST_ASKED = 3600.0
"""Seconds of a Retry-After that are honoured at most."""


class Backoff:
    """The waits of one thing that is tried again and again."""

    def __init__(self, uniform: Uniform, *, first: float = 2.0, longest: float = 300.0) -> None:
        """`first` and `longest` bound the random wait, in seconds."""
        self._uniform = uniform
        self._first = first
        self._longest = longest
        self._failures = 0

    def failed(self, asked: float | None = None) -> float:
        """Seconds to wait now; at least what the server asked for (Retry-After)."""
        ceiling = min(self._longest, self._first * 2 ** min(self._failures, 20))
        self._failures += 1
        return max(self._uniform(0, ceiling), min(asked or 0, LONGEST_ASKED))

    def succeeded(self) -> None:
        """Begin anew at the next failure."""
        self._failures = 0
