"""Fixtures of general use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.world import World, made_up_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One internet and one workstation for all tests of a file."""
    with made_up_world(tmp_path_factory.mktemp("world")) as made:
        yield made
