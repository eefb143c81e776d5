"""What is wrong with text that is no YAML, in plain words, and what to write instead.

YAML's parsers name the state of their machine ("did not find expected key"). People need the sign
that misled it, so this looks at the character where the parser stopped. Both of PyYAML's parsers
stop at the same places with other words; only words that they share are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTE = 'put the value in quotes, as in "..."'

# The first whose words are in what the parser says; the line is where it stopped, or (True) where
# what it was reading began.
_WORDS = (
    ("scanning an alias", False, f"a bare * is an alias in YAML; {_QUOTE}, or leave it out"),
    ("scanning an anchor", False, f"a bare & is an anchor in YAML; {_QUOTE}"),
    (
        "escape",
        False,
        "a backslash in double quotes begins an escape; write \\\\ or use single quotes",
    ),
    ("quoted scalar", True, "a quotation mark opens here and is never closed; close it"),
    ("mapping values are not", False, f"a colon and a space stand inside a value; {_QUOTE}"),
    (
        "entries are not allowed",
        False,
        f"a list begins in the middle of a line; begin it on the next line, or {_QUOTE}",
    ),
    ("nesting depth", False, "this is nested too deep; take levels out"),
    ("flow node", False, "a [ or { is not closed, or a value is missing after a comma"),
    ("flow sequence", True, "a [ opens here and is not closed, or a comma is missing after it"),
    ("flow mapping", True, "a { opens here and is not closed, or a comma is missing after it"),
    ("cannot start any token", False, f"a value may not begin with this sign; {_QUOTE}"),
    ("simple key", True, "a key needs a colon and a value; write key: value"),
    ("a block", False, "this does not fit what is above; align the keys of a level, close quotes"),
)


@dataclass(frozen=True)
class Stop:
    """Where and with what words a parser stopped."""

    words: str
    line: int
    """From 1."""
    column: int
    """From 0."""
    began: int
    """The line, from 1, where what it was reading began."""

    def explained(self, text: str) -> tuple[int, str]:
        """Give the line to look at and a sentence about it."""
        lines = re.split(r"\r\n|\r|\n", text)
        at = lines[self.line - 1][self.column :][:1] if self.line <= len(lines) else ""
        if at == "\t":
            return self.line, "a tab stands where YAML reads only spaces; indent with spaces"
        if at == ":" and self.line == self.began:
            return self.line, f"a colon and a space stand inside a value; {_QUOTE}"
        for words, where_it_began, sentence in _WORDS:
            if words in self.words:
                return (self.began if where_it_began else self.line), sentence
        return self.line, f"this is no YAML ({self.words.strip()})"
