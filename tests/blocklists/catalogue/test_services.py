"""The catalogue that comes with the package: how broad it is, what it rests on and spares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blocklists.catalogue import Catalogue, Service
from blocklists.catalogue.guard import Guard, load_guard
from blocklists.catalogue.loading import SERVICES, load_catalogue
from blocklists.curation.coverage import coverage
from blocklists.curation.judged import load_judged, untrue
from blocklists.curation.public_lists import Listed, PublicList
from blocklists.hosts import Host

CONSENSUS = Path(__file__).parents[2] / "vectors" / "catalogue" / "consensus.txt"
FOUR = ("vendor", "owner", "host", "model")


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def guard() -> Guard:
    return load_guard()


def agreed(least: int) -> PublicList:
    """Give the names that so many public lists share."""
    rows = (line.split("\t") for line in CONSENSUS.read_text("utf-8").splitlines())
    names = [Host(row[0]) for row in rows if len(row) > 1 and int(row[1]) >= least]
    return PublicList(tuple(Listed(name, "", 1) for name in names), ())


def test_it_is_as_broad_as_it_says(shipped: Catalogue) -> None:
    services = shipped.services.values()
    assert len(services) >= 900
    assert sum(len(service.hosts) for service in services) >= 1_800
    assert {"chatgpt", "claude", "gemini", "le-chat", "deepseek"} <= set(shipped.services)


def test_it_has_what_public_lists_agree_on(shipped: Catalogue, guard: Guard) -> None:
    judged = load_judged()
    five, three = (coverage(shipped, guard, judged, agreed(least)) for least in (5, 3))
    assert five.agreement >= 0.98
    assert three.agreement >= 0.95
    assert three.missing == ()  # each one left out has its reason


def test_nothing_that_must_stay_open_is_covered(shipped: Catalogue, guard: Guard) -> None:
    assert [host for host in guard.equal if shipped.lookup(host)] == []


def test_every_candidate_is_judged_truly(shipped: Catalogue) -> None:
    judged = load_judged()
    assert len(judged) >= 3_000
    assert untrue(judged, shipped) == []


def test_all_rest_on_a_page_or_on_two_families(shipped: Catalogue) -> None:
    for service in shipped.services.values():
        assert service.basis.page or shipped.families(service) >= 2, service.id


def test_best_known_services_have_four_countries_and_two_plans(shipped: Catalogue) -> None:
    def full(service: Service) -> bool:
        return all(getattr(service.countries, name) for name in FOUR) and len(service.plans) >= 2

    assert sum(full(service) for service in shipped.services.values()) >= 30


def test_each_vendor_has_its_file(shipped: Catalogue) -> None:
    vendors = {service.vendor for service in shipped.services.values()}
    assert vendors == {path.stem for path in SERVICES.glob("*.yaml")}


def test_every_file_names_the_schema_for_editors() -> None:
    line = "# yaml-language-server: $schema=../service.schema.json\n"
    assert [path.name for path in SERVICES.glob("*.yaml") if not _begins(path, line)] == []
    assert json.loads((SERVICES.parent / "service.schema.json").read_text("utf-8"))["properties"]


def _begins(path: Path, line: str) -> bool:
    return path.read_text("utf-8").startswith(line)
