"""The words of the pages in the reader's language: message catalogues, numbers and dates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

LANGUAGES = ("nl", "en")
"""The first is what a reader gets who asked for nothing else."""

_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Language:
    """One language: `words("overview.title")` gives a sentence of it."""

    code: str
    messages: dict[str, Any]

    def words(self, key: str, **values: object) -> str:
        """The sentence of this key with its {placeholders} filled in. Raises KeyError."""
        return str(self.messages[key]).format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """The sentence `KEY.one` or `KEY.other`, with {number} filled in."""
        form = "one" if number == 1 else "other"
        return self.words(f"{key}.{form}", number=self.number(number), **values)

    def number(self, value: int) -> str:
        """A whole number with the separator of this language between thousands."""
        return f"{value:,}".replace(",", self.messages["number.thousands"])

    def date(self, day: dt.date) -> str:
        """25 november 2026."""
        return f"{day.day} {self.messages['months'][day.month - 1]} {day.year}"

    def short_date(self, day: dt.date) -> str:
        """25 nov, for the axis of a chart."""
        return f"{day.day} {self.messages['months'][day.month - 1][:3]}"

    def time(self, moment: dt.datetime) -> str:
        """14:05, in the time zone that the moment carries."""
        return f"{moment:%H:%M}"


@cache
def language(code: str) -> Language:
    """One of LANGUAGES. Raises KeyError for another."""
    if code not in LANGUAGES:
        raise KeyError(code)
    return Language(code, json.loads((_TEXTS / f"{code}.json").read_text(encoding="utf-8")))


def chosen(query: str | None, accept: str) -> Language:
    """The language of a request: what the address says (`?lang=en`), else Accept-Language, else nl.

    Weights are passed over: browsers send languages in the order of preference (RFC 9110 12.5.4).
    """
    if query in LANGUAGES:
        return language(query)
    for part in accept.lower().split(","):
        code = part.partition(";")[0].strip().partition("-")[0]
        if code in LANGUAGES:
            return language(code)
    return language(LANGUAGES[0])
