"""A small made-up catalogue, read as any service file is, for tests of what is decided on it."""

from __future__ import annotations

from blocklists.catalogue import Catalogue, Service
from blocklists.catalogue.reading import read_services
from blocklists.yamlfile.loading import read

_FILES = {
    "acme": """\
vendor: acme
name: Acme
sources:
  own: {title: "Made up", url: "https://www.example.org/", read: 2026-11-25}
services:
  - id: chat
    name: Acme Chat
    category: assistant
    reach: head
    reviewed: 2026-11-25
    basis: {page: own}
    countries: {vendor: US, owner: US, host: US, model: US, source: own}
    plans:
      free: {told_by: none, trains: yes, retention: unknown, eu_residency: unknown, source: own}
      team:
        {told_by: header, header: X-Acme-Team, trains: no, retention: unknown,
         eu_residency: unknown, source: own}
      enterprise:
        {told_by: host, trains: no, retention: unknown, eu_residency: unknown, source: own}
      self-hosted:
        {told_by: app, trains: no, retention: unknown, eu_residency: unknown, source: own}
    hosts:
      - {suffix: chat.example, use: site, source: own}
      - {suffix: work.chat.example, use: site, plan: enterprise, source: own}
      - {path: shared.example/chat, use: site, source: own}
      - {exact: chat-api.example, use: api, source: own}
      - {exact: chat-leaf.example, leaf: true, use: api, source: own}
    headers:
      - {name: X-Acme-Team, value: "ids of teams", hosts: [chat.example], plan: team, source: own}
  - id: api
    name: Acme API
    category: api-platform
    reach: known
    reviewed: 2026-11-25
    basis: {page: own}
    countries: {vendor: US, owner: US, host: US, model: US, source: own}
    plans:
      free: {told_by: none, trains: no, retention: unknown, eu_residency: unknown, source: own}
    hosts:
      - {exact: api.chat.example, leaf: true, use: api, source: own}
  - id: app
    name: Acme App
    category: assistant
    reach: tail
    reviewed: 2026-11-25
    basis: {page: own}
    countries: {vendor: US, owner: US, host: US, model: US, source: own}
    plans: unknown
""",
    "noord": """\
vendor: noord
name: Noord
sources:
  own: {title: "Made up", url: "https://www.example.org/", read: 2026-11-25}
services:
  - id: babbel
    name: Babbel
    category: assistant
    reach: known
    reviewed: 2026-11-25
    basis: {page: own}
    replaces: [far]
    countries: {vendor: NL, owner: NL, host: NL, model: FR, source: own}
    plans:
      free: {told_by: none, trains: no, retention: unknown, eu_residency: unknown, source: own}
      enterprise:
        {told_by: host, trains: no, retention: unknown, eu_residency: unknown, source: own}
    hosts:
      - {suffix: babbel.example, use: site, source: own}
      - {suffix: werk.babbel.example, use: site, plan: enterprise, source: own}
""",
    "verre": """\
vendor: verre
name: Verre
sources:
  own: {title: "Made up", url: "https://www.example.org/", read: 2026-11-25}
services:
  - id: far
    name: Far
    category: image
    reach: known
    reviewed: 2026-11-25
    basis: {page: own}
    countries: {vendor: SG, owner: CN, host: SG, model: CN, source: own}
    plans: unknown
    hosts:
      - {suffix: far.example, use: site, source: own}
  - id: veiled
    name: Veiled
    category: image
    reach: known
    reviewed: 2026-11-25
    basis: {page: own}
    countries: {vendor: SG, owner: unknown, host: SG, model: CN, source: own}
    plans: unknown
    hosts:
      - {suffix: veiled.example, use: site, source: own}
""",
}


def made_up_catalogue(*, backwards: bool = False) -> Catalogue:
    """Give the catalogue; `backwards` has its services in the other order."""
    services = [service for vendor, text in _FILES.items() for service in _read(vendor, text)]
    ordered = reversed(services) if backwards else services
    return Catalogue({service.id: service for service in ordered})


def _read(vendor: str, text: str) -> tuple[Service, ...]:
    return read(text.encode(), f"{vendor}.yaml", lambda top: read_services(top, vendor, {}, None))
