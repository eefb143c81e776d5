"""A clock that a test can set; until then it is the real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The time, shifted by what a test says."""

    def __init__(self) -> None:
        self._shift = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def forward(self, by: timedelta) -> None:
        """Let time pass at once; a negative one turns the clock back."""
        self._shift += by
