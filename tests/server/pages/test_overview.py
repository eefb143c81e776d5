"""The overview of a server that is no trial: no number, and a sentence on where they come from."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from server.pages.language import language
from server.pages.overview import Standing, overview

STANDING = Standing(
    organisation="Gemeente Voorbeeld",
    version=1795622929,
    published=datetime(2026, 11, 25, 14, 5, tzinfo=UTC),
    entries=144,
    names={"chatgpt": "ChatGPT"},
    not_enforced=[],
    devices=3,
    in_force=2,
)


@pytest.mark.parametrize(
    ("code", "said"),
    [("nl", "De aantallen komen met het toezicht."), ("en", "The numbers come with oversight.")],
)
def test_a_real_server_shows_no_numbers_yet_and_says_so(code: str, said: str) -> None:
    page = overview(language(code), trial=False, standing=STANDING, daily=None)
    text = re.sub(r"<[^>]*>", " ", page.split("<main")[1])
    assert said in text
    assert not re.search(r"\d", text)
    assert "Proefopstelling" not in page
