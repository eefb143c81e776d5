"""Runs a folder of cases through the product's own code: python -m tests.cases KIND FOLDER.

One line a row between tabs: key, got, expected, `ok` or `differs`; last `N of M`. Nothing else is
on standard output. Exit code 0: all equal, 1: a difference, 2: wrong use, 3: cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.case_kinds.case import Case

KINDS = (
    "matching",
    "compiler-input",
    "policy-yaml",
    "dns-packets",
    "tls-clienthello",
    "http-requests",
    "messages",
)


def load(kind: str, folder: Path) -> list[Case]:
    """Read the cases of a folder. Raises OSError, ValueError or KeyError where it cannot."""
    module = import_module(f"tests.case_kinds.{kind.replace('-', '_')}")
    return list(module.cases(folder))


def main(arguments: Sequence[str]) -> int:
    """Run one folder and give the exit code."""
    if len(arguments) != 2 or arguments[0] not in KINDS:
        kinds = " | ".join(KINDS)
        print(f"usage: python -m tests.cases KIND FOLDER\nKIND: {kinds}", file=sys.stderr)
        return 2
    kind, folder = arguments
    try:
        cases = load(kind, Path(folder))
    except (OSError, ValueError, KeyError, StopIteration) as error:
        print(f"{folder}: cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 3
    equal = 0
    for case in cases:
        result = case.result()
        equal += result.ok
        print(result.line)
    print(f"{equal} of {len(cases)}")
    return 0 if equal == len(cases) else 1


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
