"""docs/benchmarks.md: what was measured, on which machine, when. Values in, text out."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tests.benchmarks.measured import Measured


def machine() -> str:
    """Say in a line what this machine is."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    release, _, _ = platform.release().partition("-")
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    cores, system = os.cpu_count(), platform.freedesktop_os_release()["PRETTY_NAME"]
    return f"{cpu}, {cores} cores, {kilobytes / 2**20:.0f} GiB, {system}, Linux {release}"


def report(measured: Iterable[Measured], at: datetime, on: str) -> str:
    """Write the page."""
    head = (
        "# Benchmarks\n\n"
        f"`make bench` wrote this page on {at:%Y-%m-%d} on {on}. Times belong to that machine; the "
        "ratios and ceilings are what we hold ourselves to, and a run that passes one fails.\n"
    )
    return head + "".join(f"\n{section}" for one in measured for section in _section(one))


def _section(measured: Measured) -> Iterator[str]:
    yield f"## {measured.title}\n\n{measured.how}\n"
    rows = [measured.heads, ["---", *("---:" for _ in measured.heads[1:])], *measured.rows]
    yield "".join(f"| {' | '.join(row)} |\n" for row in rows)
    yield f"Held: {measured.ceiling}.\n" if measured.holds else f"NOT HELD: {measured.ceiling}.\n"
