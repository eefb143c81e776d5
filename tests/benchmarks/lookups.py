"""What the routes of a list add to a look-up that no cache answers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.benchmarks.measured import Measured, difference, ratio, spread
from tests.simulators.namespaces import CODE, PROGRAMS
from tests.simulators.workstation import Workstation

NAMES, WARM_UP = 500, 50


def measure(enforced: Workstation, bare: Workstation, routes: int) -> Measured:
    """Ask 500 names on each workstation, in turn; `routes` is how many the agent has set."""
    with _asking(enforced) as ask_enforced, _asking(bare) as ask_bare:
        for number in range(WARM_UP):
            ask_enforced(f"warm-{number}.example"), ask_bare(f"warm-{number}.example")
        pairs = [
            (ask_enforced(f"name-{number}.example"), ask_bare(f"name-{number}.example"))
            for number in range(NAMES)
        ]
    withs, withouts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    added, times = difference(withs, withouts), ratio(withs, withouts)
    return Measured(
        title="Look-ups that no cache answers",
        how=f"{NAMES} names each, in turn, over UDP to systemd-resolved at 127.0.0.53; each is "
        "asked once in its life, and the resolver behind answers at once.",
        heads=("", "median ms", "95th", "highest", "÷ without (95 % interval)", "added ms"),
        rows=(
            (f"with {routes} routes", *spread(withs, 2), f"**{times}**", f"**{added}**"),
            ("without", *spread(withouts, 2), "1", ""),
        ),
        ceiling="the ratio is under 1.50",
        holds=times.value < 1.5,
    )


@contextmanager
def _asking(workstation: Workstation) -> Iterator[Callable[[str], float]]:
    """Give a function that asks a name there and gives milliseconds."""
    process = workstation.popen(
        [PROGRAMS / "python", "-m", "tests.benchmarks.asker"],
        user="staff",
        cwd=CODE,
        text=True,
        bufsize=1,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def ask(name: str) -> float:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the asker has no pipes")
        process.stdin.write(f"{name}\n")
        return float(process.stdout.readline())

    try:
        yield ask
    finally:
        workstation.end(process)
