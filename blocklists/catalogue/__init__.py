"""The catalogue: what services there are, by whom, under which conditions and at which hosts.

It holds facts with their sources and decides nothing.

- `model` are its values.
- `entries` reads a host or path of a service file into its normal form.
- `guard` knows the hosts that no entry may cover.
- `reading` makes services of one file, `loading` a catalogue of a folder.
"""

from __future__ import annotations

from blocklists.catalogue.loading import load_catalogue
from blocklists.catalogue.model import (
    Catalogue,
    Category,
    Countries,
    HostFact,
    Plan,
    PlanKind,
    Reach,
    Service,
    Source,
    ToldBy,
    Trains,
    Use,
)

__all__ = [
    "Catalogue",
    "Category",
    "Countries",
    "HostFact",
    "Plan",
    "PlanKind",
    "Reach",
    "Service",
    "Source",
    "ToldBy",
    "Trains",
    "Use",
    "load_catalogue",
]
