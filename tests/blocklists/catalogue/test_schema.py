"""The schema that editors use says what the reader says: of shipped files and of broken ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from blocklists.catalogue.loading import SERVICES
from blocklists.catalogue.schema import SCHEMA, schema
from tests.simulators.service_files import ACME, FILES, changed, faults, services_of


class Core(yaml.CSafeLoader):
    """YAML 1.2's core schema, as editors read it: `no` is text, and so is a date."""


Core.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), list(_first)
    )

VALIDATOR = jsonschema.Draft202012Validator(schema())


def valid(text: str) -> bool:
    """Tell whether an editor marks nothing."""
    document: Any = yaml.load(text, Loader=Core)  # noqa: S506 - a safe loader's child
    return VALIDATOR.is_valid(document)


def marked(path: Path) -> list[str]:
    """Give what an editor marks in a file."""
    document = yaml.load(path.read_text("utf-8"), Loader=Core)  # noqa: S506 - as above
    found = VALIDATOR.iter_errors(document)
    return [f"{path.name}: {each.json_path}: {each.message}" for each in found]


def test_the_file_is_what_the_code_says() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_shipped_file_is_valid() -> None:
    paths = sorted(SERVICES.glob("*.yaml"))
    assert paths
    assert [fault for path in paths for fault in marked(path)] == []


@pytest.mark.parametrize("vendor", FILES)
def test_every_kind_of_fact_is_valid(vendor: str) -> None:
    assert services_of(FILES[vendor], vendor)
    assert valid(FILES[vendor])


PAINT = "{exact: paint.acme.example, use: site, source: own}"
TRAY = "processes: [acmetray.exe]"
BROKEN = [
    ("vendor: acme\n", ""),
    ("vendor: acme\n", "vendor: Acme\n"),
    ("name: Acme\n", 'name: ""\n'),
    ("name: Acme\n", "name:\n"),
    ("name: Acme\n", f"name: {'A' * 81}\n"),
    ("name: Acme\n", "name: Acme\ncolour: red\n"),
    ("https://www.acme.example/plans", "http://www.acme.example/plans"),
    ("https://www.acme.example/plans", "https://"),
    ("read: 2026-05-02", "read: May 2026"),
    (", read: 2026-05-02", ""),
    ("id: acme-paint", "id: acme_paint"),
    ("id: acme-paint", "id: -paint"),
    ("id: acme-paint", f"id: {'a' * 65}"),
    ("category: image", "category: images"),
    ("    category: image\n", ""),
    ("reach: tail", "reach: 3"),
    ("reviewed: 2025-11-30", "reviewed: 2025-11"),
    ("    reviewed: 2025-11-30\n", ""),
    ("30\n    basis: {page: own}", "30\n    basis: {}"),
    ("30\n    basis: {page: own}", "30\n    basis: {page: own, lists: [first, second]}"),
    ("30\n    basis: {page: own}", "30\n    basis: {lists: [first]}"),
    ("30\n    basis: {page: own}", "30\n    basis: own"),
    ("countries: unknown", "countries: {vendor: NL}"),
    ("countries: unknown", "countries: NL"),
    ("owner: NO", "owner: no"),
    ("owner: NO", 'owner: ""'),
    ("plans: unknown", "plans: {}"),
    ("plans: unknown", "plans: none"),
    ("plans: unknown", "plans: {gratis: {}}"),
    ("trains: opt-out", "trains: maybe"),
    ("trains: opt-out, ", ""),
    ("retention: 30", "retention: -1"),
    ("retention: 30", "retention: 36501"),
    ("retention: 30", "retention: month"),
    ("told_by: header, header: X-Acme-Team", "told_by: header"),
    ("{told_by: none,", "{told_by: none, header: X-Acme-Team,"),
    (PAINT, "{use: site, source: own}"),
    (PAINT, "{exact: a.example, suffix: a.example, use: site, source: own}"),
    (PAINT, "{exact: paint.acme.example, use: web, source: own}"),
    (PAINT, "{exact: paint.acme.example, use: site}"),
    (PAINT, "{exact: paint.acme.example, use: site, source: own, leaf: yes}"),
    (PAINT, "{exact: https://paint.acme.example/, use: site, source: own}"),
    (PAINT, '{exact: "paint.acme.example:80", use: site, source: own}'),
    (PAINT, '{suffix: "*.acme.example", use: site, source: own}'),
    (PAINT, "{suffix: localhost, use: site, source: own}"),
    (PAINT, "{exact: acme.example/paint, use: site, source: own}"),
    (PAINT, "{path: acme.example, use: site, source: own}"),
    (PAINT, "paint.acme.example"),
    ("hosts: [acme-chat.example]", "hosts: []"),
    ("value: ids of teams, ", ""),
    (TRAY, "signer: Acme"),
    (TRAY, "processes: []"),
    (TRAY, "processes: acmetray.exe"),
    (TRAY, 'processes: [""]'),
    (TRAY, "ports: [0]"),
    (TRAY, "ports: [65536]"),
    (TRAY, "ports: [http]"),
    ("kind: runner", "kind: daemon"),
    ("browser: firefox", "browser: safari"),
    ("[Acme Talk]", "Acme Talk"),
]


@pytest.mark.parametrize(("right", "wrong"), BROKEN)
def test_what_the_reader_refuses_an_editor_marks(right: str, wrong: str) -> None:
    text = changed(right, wrong)
    assert faults(text)
    assert not valid(text)


@pytest.mark.parametrize("services", ["[]", "{}", "none", ""])
def test_a_file_without_services_is_marked(services: str) -> None:
    text = ACME[: ACME.index("services:")] + f"services: {services}\n"
    assert faults(text)
    assert not valid(text)
