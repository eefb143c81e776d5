"""Waiting for something to become true, with an end: nothing in a test sleeps for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def until(what: str, probe: Callable[[], Answer], seconds: float = 20.0) -> Answer:
    """Give the first true answer of `probe`, asked every 20 ms; TimeoutError after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := probe()):
        if time.monotonic() > end:
            raise TimeoutError(f"after {seconds:g} s still not: {what}")
        time.sleep(0.02)
    return answer
