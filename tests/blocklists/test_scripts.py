"""Which letters may meet in one word."""

from __future__ import annotations

import pytest

from blocklists.scripts import mixed_scripts


@pytest.mark.parametrize(
    "word",
    [
        "chatgpt",
        "bücher",
        "чат",
        "月之暗面",
        "kimi月",
        "チャットbot",
        "naïve-2",
        "",
        "123",
        "ｃｈat",
        "佐々木ai",
        "ﾁｬｯﾄbot",
        "1ª",
        "nº5",
    ],
)
def test_one_script_or_those_written_together(word: str) -> None:
    assert mixed_scripts(word) is None


@pytest.mark.parametrize(
    ("word", "scripts"),
    [
        ("ch\u0430tgpt", ("CYRILLIC", "LATIN")),
        ("cl\u03b1ude", ("GREEK", "LATIN")),
        ("чат月", ("CJK", "CYRILLIC")),
    ],
)
def test_two_scripts(word: str, scripts: tuple[str, str]) -> None:
    assert mixed_scripts(word) == scripts
