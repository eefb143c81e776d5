"""Made-up service files with every kind of fact, for tests of what reads and keeps them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from blocklists.catalogue import Catalogue, Service, Source
from blocklists.catalogue.reading import read_services
from blocklists.yamlfile import BadFile
from blocklists.yamlfile.loading import read

ACME = """\
# yaml-language-server: $schema=../service.schema.json
vendor: acme
name: Acme
sources:
  own: {title: "Acme: plans", url: https://www.acme.example/plans, read: 2026-05-01}
  privacy: {title: "Acme: privacy", url: https://www.acme.example/privacy, read: 2026-05-02}
services:
  - id: acme-chat
    name: Acme Chat
    former: [Acme Talk]
    category: assistant
    reach: head
    reviewed: 2026-05-01
    basis: {page: own}
    countries: {vendor: US, owner: NO, host: unknown, model: FR, source: own}
    plans:
      free: {told_by: none, trains: opt-out, retention: 30, eu_residency: no, source: privacy}
      team: {told_by: header, header: X-Acme-Team, trains: no, retention: account,
        eu_residency: yes, source: own}
      enterprise: {told_by: host, trains: no, retention: unknown, eu_residency: unknown,
        source: own}
    hosts:
      - {suffix: acme-chat.example, use: site, source: own}
      - {suffix: work.acme-chat.example, use: site, plan: enterprise, source: own}
      - {exact: api.acme.example, leaf: true, use: api, source: own}
      - {path: acme.example/chat, use: site, source: own}
    headers:
      - {name: X-Acme-Team, value: ids of teams, hosts: [acme-chat.example], plan: team,
         leaves_open: the API, source: own}
    programs:
      - {kind: app, name: Acme Desktop, processes: [acme.exe, acme],
         bundles: [com.acme.chat], signer: Acme Inc., source: own}
      - {kind: app, name: Acme Tray, processes: [acmetray.exe], source: own}
      - {kind: runner, name: Acme Local, commands: [acme-serve], ports: [11434], source: own}
    extensions:
      - {id: abcdefghijklmnopabcdefghijklmnop, browser: chrome, name: Acme Helper, source: own}
      - {id: helper@acme.example, browser: firefox, name: Acme Helper, source: own}
  - id: acme-paint
    name: Acme Paint
    category: image
    reach: tail
    reviewed: 2025-11-30
    basis: {page: own}
    countries: unknown
    plans: unknown
    hosts:
      - {exact: paint.acme.example, use: site, source: own}
"""
NOORD = """\
vendor: noord
name: Noord
sources:
  own: {title: Noord, url: https://noord.example/, read: 2026-05-01}
services:
  - id: babbel
    name: Babbel
    category: assistant
    reach: known
    reviewed: 2025-01-15
    basis: {page: own}
    replaces: [acme-chat]
    countries: {vendor: NL, owner: NL, host: NL, model: NL, source: own}
    plans:
      free: {told_by: none, trains: no, retention: 0, eu_residency: yes, source: own}
    hosts:
      - {suffix: babbel.example, use: site, source: own}
"""
FILES = {"acme": ACME, "noord": NOORD}
"""Text of each file, by vendor."""

LISTS = {
    name: Source(f"The list {name}", "https://lists.example/", date(2026, 5, 1), family, "MIT")
    for name, family in (("first", "one"), ("copy", "one"), ("second", "two"))
}
"""Public lists, of which two copy each other."""


def written(folder: Path, **other: str) -> Path:
    """Write the files to a folder, some with another text or more of them, and give it."""
    folder.mkdir(exist_ok=True)
    for vendor, text in {**FILES, **other}.items():
        (folder / f"{vendor}.yaml").write_text(text, "utf-8")
    return folder


def services_of(text: str, vendor: str = "acme") -> tuple[Service, ...]:
    """Read one file. Raises BadFile."""
    name = f"{vendor}.yaml"
    return read(text.encode(), name, lambda top: read_services(top, vendor, LISTS, None))


def catalogue_of(**files: str) -> Catalogue:
    """Make a catalogue of files, by vendor."""
    services = [each for vendor, text in files.items() for each in services_of(text, vendor)]
    return Catalogue({each.id: each for each in sorted(services, key=lambda each: each.id)}, LISTS)


def changed(right: str, wrong: str, text: str = ACME) -> str:
    """Give a file with one passage replaced; the passage stands in it once."""
    assert text.count(right) == 1, f"{text.count(right)} x {right}"
    return text.replace(right, wrong)


def line(passage: str, text: str = ACME) -> int:
    """Give the line, from 1, on which a passage stands for the first time."""
    return text[: text.index(passage)].count("\n") + 1


def faults(text: str) -> list[str]:
    """Give the faults of a file as `line: field: message`."""
    with pytest.raises(BadFile) as refused:
        services_of(text)
    return [f"{each.line}: {each.field}: {each.message}" for each in refused.value.problems]
