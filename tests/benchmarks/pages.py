"""Allowed page loads in Chromium, on a workstation with agent and extension and on a bare one."""

from __future__ import annotations

from tests.benchmarks.measured import Measured, ratio, spread
from tests.simulators.chromium import Chromium
from tests.simulators.internet import WEB
from tests.simulators.waiting import until
from tests.simulators.world import World

PAIRS, WARM_UP = 60, 5
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def measure(enforced: tuple[World, Chromium], bare: tuple[World, Chromium]) -> Measured:
    """Load a page of a new host in each browser, in turn; on the bare one twice, for the noise."""
    withs, withouts, again = list[float](), list[float](), list[float]()
    for number in range(WARM_UP + PAIRS):
        order = ((enforced, withs), (bare, withouts), (bare, again))
        for place, (there, times) in enumerate(order[number % 3 :] + order[: number % 3]):
            took = _load(*there, f"page-{number}-{place}.voorbeeld.example")
            if number >= WARM_UP:
                times.append(took)
    with_agent, noise = ratio(withs, withouts), ratio(again, withouts)
    limit = max(1.05, noise.high)
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
        ceiling=f"the ratio's interval begins at or under 1.00 and the ratio is under {limit:.2f}",
        holds=with_agent.low <= 1.0 and with_agent.value < limit,
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
