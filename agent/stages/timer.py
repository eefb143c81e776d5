"""When a thing is due again: after a pause, or after a failure with back-off."""

from __future__ import annotations

from collections.abc import Callable

from agent.stages.backoff import Backoff


class Timer:
    """One thing that is done again and again; due at once to begin with."""

    def __init__(self, monotonic: Callable[[], float], backoff: Backoff) -> None:
        """`monotonic` gives seconds that never run back."""
        self._monotonic = monotonic
        self._backoff = backoff
        self._at = 0.0
        self._failing = False

    @property
    def left(self) -> float:
        """Seconds until it is due; 0 or less when it is."""
        return self._at - self._monotonic()

    @property
    def due(self) -> bool:
        """Whether it should be done now."""
        return self.left <= 0

    def no_later_than(self, seconds: float) -> None:
        """Bring it forward; a back-off that runs is kept."""
        if not self._failing:
            self._at = min(self._at, self._monotonic() + seconds)

    def at_once(self) -> None:
        """Make it due now, whatever was."""
        self.done(0)

    def done(self, again_in: float) -> None:
        """It went well; it is due again after so many seconds."""
        self._backoff.succeeded()
        self._failing = False
        self._at = self._monotonic() + again_in

    def failed(self, asked: float | None = None) -> None:
        """It failed; it is due again after the back-off, or what the server asked for."""
        self._failing = True
        self._at = self._monotonic() + self._backoff.failed(asked)
