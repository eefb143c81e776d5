"""Service files into services; every fault is noted on the file's nodes.

The form stands in FORMAT.md. A value that is faulty is replaced by an empty one: whoever reads a
file with faults gets BadFile and never sees what was built of it.

- `service` reads a file and each service of it.
- `conditions` reads what holds for who uses it: countries, plans, headers.
- `hosts` reads where it is reached, `programs` what it is used with.
- `sources` reads where facts were read, and holds every fact to one.
"""

from __future__ import annotations

from blocklists.catalogue.reading.service import read_services
from blocklists.catalogue.reading.sources import read_lists

__all__ = ["read_lists", "read_services"]
