"""One organisation, one workstation and one browser for all tests of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.extension.extended import Extended, connect
from tests.simulators.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulators.world import World


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with Organisation(tmp_path_factory.mktemp("organisation") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def browser(world: World, organisation: Organisation) -> Iterator[Extended]:
    """Chromium with the extension installed, its rules in force, its profile enrolled."""
    connect(world, organisation)
    with Extended(world, organisation) as started:
        started.ready()
        yield started
