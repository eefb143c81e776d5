"""Each row as one entry of a service in an else empty catalogue: its normal form, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from blocklists.catalogue.loading import load_catalogue
from blocklists.yamlfile import BadFile
from tests.case_kinds.case import Case, Columns, either, rows, unescaped

_FILE = """\
vendor: example
name: Example
sources:
  own: {{title: Made up, url: "https://www.example.org/", read: 2026-11-25}}
services:
  - id: example
    name: Example
    category: other
    reach: tail
    reviewed: 2026-11-25
    basis: {{page: own}}
    countries: unknown
    plans: unknown
    hosts:
      - {{{kind}: {value}, use: site, source: own}}
"""


def cases(folder: Path) -> Iterator[Case]:
    """Give one case a row; its key is the row's number."""
    table = rows(folder, "kind", "value", "outcome", "normal form")
    for number, row in enumerate(table, 1):
        kind, value = row["kind"], unescaped(row["value"])
        expected = (_expected(row["outcome"], row["normal form"]),)
        yield Case(str(number), expected, partial(_compiled, kind, value))


def _expected(outcome: str, form: str) -> str:
    """Put outcome and normal form together, for each that is right."""
    sides = {
        f"accept {normal}" if side == "accept" else side
        for side in either(outcome)
        for normal in either(form)
    }
    return " or ".join(sorted(sides))


def _compiled(kind: str, value: str) -> Columns:
    with TemporaryDirectory() as made:
        folder = Path(made)
        text = _FILE.format(kind=kind, value=_quoted(value))
        (folder / "example.yaml").write_text(text, "utf-8")
        try:
            catalogue = load_catalogue(folder)
        except BadFile:
            return ("refuse",)
    (fact,) = catalogue.services["example"].hosts
    return (f"accept {fact.value}",)


def _quoted(text: str) -> str:
    """Write text as YAML in double quotes, each of its signs escaped."""
    return '"' + "".join(f"\\U{ord(sign):08x}" for sign in text) + '"'
