"""From `sluis policy apply` to its effect, for a program and in Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.measured import Measured
from tests.journey.journey import Journey
from tests.journey.steps import BLOCKED, TRIAL_POLICY, allowing
from tests.simulators.waiting import until

ROUNDS = 3
PROGRAM_CEILING, BROWSER_CEILING = 5.0, 65.0
"""Seconds. The extension looks once a minute: its worker cannot be woken from outside."""


@dataclass
class _Effect:
    """What is looked at until it is so, and how long that took."""

    title: str
    ceiling: float
    seen: Callable[[], bool]
    took: list[float] = field(default_factory=list)


def measure(journey: Journey) -> Measured:
    """Allow a service and block it again, several times, and look for the effect each time."""
    allowed, blocked = _effects(journey)
    for _ in range(ROUNDS):
        _change(journey, allowing(journey.folder), allowed)
        _change(journey, TRIAL_POLICY, blocked)
    effects = (*allowed, *blocked)
    return Measured(
        title="From decision to effect",
        how=f"{ROUNDS} rounds: `sluis policy apply`, then the service is asked for again and again "
        "until the answer is another one. Seconds from the start of the command. The extension "
        "looks for a newer list when it stops a page, when its popup opens, and once a minute; and "
        "Chromium keeps the address of a host that it has just opened for a minute.",
        heads=("", "median s", "highest", "ceiling"),
        rows=[
            (one.title, f"{median(one.took):.1f}", f"{max(one.took):.1f}", f"{one.ceiling:g}")
            for one in effects
        ],
        ceiling="no round passes its ceiling",
        holds=all(max(one.took) < one.ceiling for one in effects),
    )


def _effects(journey: Journey) -> tuple[list[_Effect], list[_Effect]]:
    """What shows that the service is allowed, and what shows that it is blocked."""
    place, browser, site = journey.place, journey.browser, f"https://{BLOCKED}/"

    def opens() -> bool:
        page = browser.open(site)
        return page.url == site and not page.error

    program, window = PROGRAM_CEILING, BROWSER_CEILING
    return (
        [
            _Effect("allowed: curl reaches it", program, lambda: place.reaches(BLOCKED)),
            _Effect("allowed: Chromium opens it", window, opens),
        ],
        [
            _Effect("blocked: curl is stopped", program, lambda: not place.reaches(BLOCKED)),
            _Effect("blocked: Chromium is stopped", window, lambda: not opens()),
        ],
    )


def _change(journey: Journey, policy: Path, effects: list[_Effect]) -> None:
    """Apply a policy and wait for its effects, which are ordered from fast to slow."""
    start = time.monotonic()
    journey.trial.apply(policy, "a measurement")
    for effect in effects:
        until(effect.title, effect.seen, 2 * effect.ceiling)
        effect.took.append(time.monotonic() - start)
