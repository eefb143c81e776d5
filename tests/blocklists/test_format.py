"""FORMAT.md names everything that can stand in a file or on the wire, on one page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from blocklists.blocklist import Verdict, Why
from blocklists.catalogue import (
    Browser,
    Category,
    PlanKind,
    ProgramKind,
    Reach,
    Residency,
    ToldBy,
    Trains,
    Use,
)
from blocklists.catalogue.built_in import Platform, Product, Runs
from blocklists.curation.judged import Dropped
from blocklists.policy import Force, Transfer
from blocklists.protocol.messages import Channel, Kind, Layer, Outcome, Reason

TEXT = (Path(__file__).parents[2] / "blocklists" / "FORMAT.md").read_text("utf-8")
CHOICES: tuple[type[StrEnum], ...] = (
    Browser,
    Category,
    Channel,
    Dropped,
    Force,
    Kind,
    Layer,
    Outcome,
    PlanKind,
    Platform,
    Product,
    ProgramKind,
    Reach,
    Reason,
    Residency,
    Runs,
    ToldBy,
    Trains,
    Transfer,
    Use,
    Verdict,
    Why,
)


@pytest.mark.parametrize("choices", CHOICES)
def test_every_value_is_named(choices: type[StrEnum]) -> None:
    assert [value for value in choices if value.value not in TEXT] == []


def test_it_is_one_page() -> None:
    assert TEXT.count("\n") <= 120
