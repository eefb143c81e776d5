"""Servers for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.running import RunningTrial


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[RunningTrial]:
    """A server of a trial, just founded."""
    with RunningTrial(tmp_path / "data") as running:
        yield running
