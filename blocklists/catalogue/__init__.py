"""The catalogue: what services there are, by whom, under which conditions and at which hosts.

It holds facts with their sources and decides nothing.

- `model` are its values, `vocabulary` the words where one of a few is meant.
- `entries` reads a host or path of a service file into its normal form.
- `guard` knows the hosts that no entry may cover.
- `reading` makes services of one file, `loading` a catalogue of a folder; both are heavy, and
  imported by themselves.
- `built_in` reads what is built into browsers and systems, and how it is switched off.
"""

from __future__ import annotations

from blocklists.catalogue.model import (
    Basis,
    Catalogue,
    Countries,
    Extension,
    Header,
    HostFact,
    Plan,
    Program,
    Service,
    Source,
)
from blocklists.catalogue.vocabulary import (
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

__all__ = [
    "Basis",
    "Browser",
    "Catalogue",
    "Category",
    "Countries",
    "Extension",
    "Header",
    "HostFact",
    "Plan",
    "PlanKind",
    "Program",
    "ProgramKind",
    "Reach",
    "Residency",
    "Service",
    "Source",
    "ToldBy",
    "Trains",
    "Use",
]
