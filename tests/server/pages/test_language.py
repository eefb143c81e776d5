"""Both languages say the same things, and the reader's choice comes first."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from server.pages.language import chosen, language

FOLDER = Path("server/pages")
NL, EN = (json.loads((FOLDER / "texts" / f"{code}.json").read_text()) for code in ("nl", "en"))


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    assert NL.keys() == EN.keys()
    for key in NL:
        assert set(re.findall(r"{\w+}", str(NL[key]))) == set(re.findall(r"{\w+}", str(EN[key]))), (
            key
        )


def test_every_key_that_a_template_names_is_there() -> None:
    templates = " ".join(path.read_text() for path in (FOLDER / "templates").iterdir())
    named = set(re.findall(r"""\bt\(["']([\w.-]+)["'][,)]""", templates))
    assert named
    assert named <= NL.keys()


@pytest.mark.parametrize(
    ("query", "accept", "code"),
    [
        (None, "", "nl"),
        (None, "en-GB,en;q=0.9,nl;q=0.8", "en"),
        (None, "fr,de;q=0.5", "nl"),
        ("en", "nl", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_address_wins_over_the_browser_and_dutch_is_the_default(
    query: str | None, accept: str, code: str
) -> None:
    assert chosen(query, accept).code == code


def test_dates_and_numbers_are_written_as_readers_do() -> None:
    assert language("nl").date(date(2026, 12, 31)) == "31 december 2026"
    assert (language("nl").number(12345), language("en").number(12345)) == ("12.345", "12,345")
