"""Allowed page loads in Chromium, on a workstation with agent and extension and on a bare one."""

from __future__ import annotations

import random

from tests.benchmarks.measured import Measured, ratio, spread
from tests.simulators.chromium import Chromium
from tests.simulators.internet import WEB
from tests.simulators.waiting import until
from tests.simulators.world import World

PAIRS, WARM_UP = 160, 5
MOST = 1.10
"""The highest ratio that noise may excuse."""
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def measure(enforced: tuple[World, Chromium], bare: tuple[World, Chromium]) -> Measured:
    """Load a page of a new host in each browser, in turn; on the bare one twice, for the noise."""
    withs, withouts, again = list[float](), list[float](), list[float]()
    turns, dice = [(enforced, withs), (bare, withouts), (bare, again)], random.Random(1)
    for number in range(WARM_UP + PAIRS):
        dice.shuffle(turns)
        for place, (there, times) in enumerate(turns):
            _load(*there, f"before-{number}-{place}.voorbeeld.example")  # whose turn it was is gone
            took = _load(*there, f"page-{number}-{place}.voorbeeld.example")
            if number >= WARM_UP:
                times.append(took)
    with_agent, noise = ratio(withs, withouts), ratio(again, withouts)
    return Measured(
        title="Allowed pages in Chromium",
        how=f"{PAIRS} pairs, in turn: a page of a host never asked for before, over TLS, from "
        "navigation to the end of its load event. The bare workstation is measured twice a round: "
        "its ratio to itself is the noise.",
        heads=("", "median ms", "95th", "highest", "÷ without (95 % interval)"),
        rows=(
            ("with agent and extension", *spread(withs), f"**{with_agent}**"),
            ("without", *spread(withouts), "1"),
            ("without, again", *spread(again), str(noise)),
        ),
        ceiling="the ratio is 1.00 within noise: its interval begins at or below the end of the "
        f"noise's, and it is under {MOST:.2f}",
        holds=with_agent.low <= max(1.0, noise.high) and with_agent.value < MOST,
    )


def _load(world: World, browser: Chromium, host: str) -> float:
    """Load a page once; milliseconds.

    Its certificate is made beforehand: that belongs to the made-up internet and not to the page.
    """
    there = ["curl", "--silent", "--insecure", "--resolve", f"{host}:443:{WEB}", f"https://{host}/"]
    world.internet.run(there)
    page = browser.open(f"https://{host}/")
    if host not in page.text:
        raise RuntimeError(f"{host} was not loaded: {page}")
    return float(until("the load has ended", lambda: browser.evaluate(LOADED)))
