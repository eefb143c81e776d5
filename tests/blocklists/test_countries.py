"""Country codes."""

from __future__ import annotations

import pytest

from blocklists.countries import COUNTRIES, EEA, read_country
from blocklists.yamlfile.loading import load


def test_the_codes_of_the_standard() -> None:
    assert len(COUNTRIES) == 249
    assert len(EEA) == 30
    assert EEA < COUNTRIES


@pytest.mark.parametrize(("text", "code"), [("NO", "NO"), ("no", None), ("UK", None), ("X", None)])
def test_a_code_is_read_as_it_stands(text: str, code: str | None) -> None:
    node = load(f"a: {text}".encode(), "f.yaml").mapping().get("a")
    assert read_country(node) == code
    assert bool(node.faults.found) == (code is None)
