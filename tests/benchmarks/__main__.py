"""`make bench`: measures, writes docs/benchmarks.md, and fails where a ceiling was passed.

    python -m tests.benchmarks [--to FILE]

Exit 0 when every ceiling held, 1 when one was passed, 3 when nothing could be measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import decisions, lookups, matching, pages
from tests.benchmarks.measured import Measured
from tests.benchmarks.report import machine, report
from tests.journey import steps
from tests.journey.journey import Journey
from tests.simulators.chromium import Chromium
from tests.simulators.machine import obstacle
from tests.simulators.namespaces import CODE
from tests.simulators.world import made_up_world

DONE, PASSED, COULD_NOT = 0, 1, 3
BEFORE = (
    steps.list_signed,
    steps.workstation_made,
    steps.agent_enrolled,
    steps.channels_tested,
    steps.extension_taken,
)


def main() -> int:
    """Measure everything; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--to", type=Path, default=CODE / "docs" / "benchmarks.md")
    given = parser.parse_args()
    if because := obstacle():
        print(f"make bench: no workstation can be made here: {because}", file=sys.stderr)
        return COULD_NOT
    with tempfile.TemporaryDirectory(prefix="sluis-benchmarks-") as folder:
        measured = [*measure(Path(folder)), *matching.measure()]
    page = report(measured, datetime.now(UTC), machine())
    given.to.parent.mkdir(exist_ok=True)
    given.to.write_text(page)
    print(page)
    return DONE if all(one.holds for one in measured) else PASSED


def measure(folder: Path) -> list[Measured]:
    """Make a workstation with the product and a bare one, and measure on both."""
    folder.chmod(0o755)
    for name in ("journey", "bare"):
        (folder / name).mkdir()
    with ExitStack() as made:
        journey = made.enter_context(Journey(folder / "journey"))
        for step in BEFORE:
            print(f"  {step(journey)}", flush=True)
        bare = made.enter_context(made_up_world(folder / "bare"))
        browser = made.enter_context(Chromium(bare.workstation))
        enforced = journey.place.world
        return [
            pages.measure((enforced, journey.browser), (bare, browser)),
            lookups.measure(enforced.workstation, bare.workstation, journey.place.routes()),
            decisions.measure(journey),
        ]


if __name__ == "__main__":
    sys.exit(main())
