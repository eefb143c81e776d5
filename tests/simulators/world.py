"""A made-up world: one internet and one workstation in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.simulators.internet import Internet
from tests.simulators.workstation import Workstation


@dataclass(frozen=True)
class World:
    """What a test has in its hands."""

    folder: Path
    """Its logs; seen inside at the same path."""
    internet: Internet
    workstation: Workstation
    """It trusts the internet's authority; let it trust the server's with `workstation.trust`."""


@contextmanager
def made_up_world(folder: Path) -> Iterator[World]:
    """Make a world that lasts as long as the block; up in 1 to 2 s."""
    with (
        Internet(folder) as internet,
        Workstation(folder, internet, trusts=[internet.authority.certificate]) as workstation,
    ):
        yield World(folder, internet, workstation)
