"""One row of a folder of cases: its key, what is expected, and what the product gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Columns = Sequence[str]
"""Values that are compared one by one; `-` is none."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[rnt0\\])")
_SIGNS = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


@dataclass(frozen=True)
class Case:
    """One row; `run` asks the product's own code and may raise anything."""

    key: str
    expected: Columns
    """Each value may be `a or b`: either is right."""
    run: Callable[[], Columns]

    def result(self) -> Result:
        """Run it; a crash is a result too."""
        try:
            return Result(self, self.run())
        except Exception as error:  # noqa: BLE001 - one crash must not end the run
            return Result(self, (f"crash: {type(error).__name__}",))


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    case: Case
    got: Columns

    @property
    def ok(self) -> bool:
        """Whether each value is one of those expected."""
        pairs = zip(self.case.expected, self.got, strict=False)
        same = len(self.case.expected) == len(self.got)
        return same and all(got in either(expected) for expected, got in pairs)

    @property
    def line(self) -> str:
        """Key, got, expected, `ok` or `differs`, between tabs."""
        verdict = "ok" if self.ok else "differs"
        return "\t".join((self.case.key, shown(self.got), shown(self.case.expected), verdict))


def either(expected: str) -> list[str]:
    """Split what is expected in the values that are right."""
    return expected.split(" or ")


def shown(columns: Columns) -> str:
    """Give the values that there are as one field."""
    return ", ".join(value for value in columns if value != "-") or "-"


def rows(folder: Path, *columns: str, name: str = "expected.tsv") -> list[dict[str, str]]:
    """Read a table of the folder. Raises OSError, UnicodeError, and KeyError for a column."""
    lines = (folder / name).read_text("utf-8-sig").split("\n")
    head, *table = [line.removesuffix("\r").split("\t") for line in lines if line.strip("\r")]
    found = [dict(zip(head, fields + [""] * len(head), strict=False)) for fields in table]
    for column in columns:
        if column not in head:
            raise KeyError(column)
    return found


def unescaped(text: str) -> str:
    r"""Read \uXXXX, \r, \n, \t, \0 and \\; pairs of surrogates are one character."""
    plain = _ESCAPE.sub(lambda found: _sign(found[1]), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _sign(code: str) -> str:
    return chr(int(code[1:], 16)) if code.startswith("u") else _SIGNS[code]
