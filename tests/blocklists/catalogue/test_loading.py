"""Folders of service files: what they give, and all faults of all files told together."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklists.catalogue import PlanKind
from blocklists.catalogue.loading import load_catalogue
from blocklists.hosts import Host
from blocklists.yamlfile import BadFile

HEAD = """\
vendor: {vendor}
name: Example
sources:
  own: {{title: "Made up", url: "https://www.example.org/", read: 2026-11-25}}
services:
"""
SERVICE = """\
  - id: {id}
    name: Example Chat
    category: assistant
    reach: known
    reviewed: 2026-11-25
    basis: {{page: own}}
    countries: {{vendor: NL, owner: unknown, host: NO, model: FR, source: own}}
    plans:
      free: {{told_by: none, trains: no, retention: 30, eu_residency: no, source: own}}
      team:
        {{told_by: host, trains: unknown, retention: account, eu_residency: unknown, source: own}}
      enterprise:
        {{told_by: header, header: X-Tenant, trains: no, retention: 0, eu_residency: yes,
         source: own}}
    headers:
      - {{name: X-Tenant, value: ids, hosts: [example.nl], plan: enterprise,
         leaves_open: tools, source: own}}
    programs:
      - {{kind: runner, name: Local, processes: [local.exe], ports: [11434], source: own}}
    extensions:
      - {{id: fcoeoabgfenejglbffodgkkbkcdhcgfn, browser: chrome, name: Helper, source: own}}
    hosts:
{hosts}
"""


def folder_of(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def file_of(vendor: str, *services: tuple[str, str]) -> str:
    parts = [SERVICE.format(id=name, hosts=f"      - {hosts}") for name, hosts in services]
    return HEAD.format(vendor=vendor) + "".join(parts)


def told(folder: Path) -> list[str]:
    """Give the problems of a folder, without its path."""
    with pytest.raises(BadFile) as refused:
        load_catalogue(folder)
    return [
        f"{Path(each.file).stem}:{each.line}: {each.field}: {each.message}"
        for each in refused.value.problems
    ]


def test_a_service_with_all_its_facts(tmp_path: Path) -> None:
    hosts = "{suffix: Chat.Example.NL, use: site, plan: team, source: own}"
    found = load_catalogue(folder_of(tmp_path, acme=file_of("acme", ("chat", hosts))))
    chat = found.services["chat"]
    assert (chat.vendor, chat.vendor_name, chat.category) == ("acme", "Example", "assistant")
    assert (chat.countries.owner, chat.countries.host) == (None, "NO")
    assert chat.plans[PlanKind.ENTERPRISE].header == "X-Tenant"
    assert str(chat.hosts[0]) == "suffix chat.example.nl"
    assert chat.hosts[0].plan is PlanKind.TEAM
    assert chat.sources["own"].read.isoformat() == "2026-11-25"


def test_lookup_finds_the_most_specific(tmp_path: Path) -> None:
    files = {
        "acme": file_of(
            "acme",
            ("chat", "{suffix: example.nl, use: site, source: own}"),
            ("api", "{suffix: api.example.nl, use: api, source: own}"),
            ("beta", "{exact: beta.example.nl, use: site, source: own}"),
            ("page", "{path: example.com/page, use: site, source: own}"),
        )
    }
    found = load_catalogue(folder_of(tmp_path, **files))

    def service(host: str) -> str | None:
        fact = found.lookup(Host(host))
        return fact.service if fact else None

    assert service("example.nl") == service("www.example.nl") == "chat"
    assert service("v1.api.example.nl") == "api"
    assert service("beta.example.nl") == "beta"
    assert service("x.beta.example.nl") == "chat"
    assert service("notexample.nl") is None
    assert service("example.com") is None


FAULTS = [
    ("category: assistant", "category: asistant", "category: asistant is not known"),
    ("reach: known", "reach: 3", "reach: 3 is not known; write one of head, known, tail"),
    ("host: NO", "host: no", "host: no is no country"),
    ("host: NO", "host: UK", "host: UK is no country"),
    ("host: NO, ", "", "host: is missing"),
    ("model: FR, source: own", "model: FR, source: owm", "owm is among neither the sources"),
    ("told_by: none", "told_by: dns", "told_by: dns is not known"),
    ("told_by: none", "told_by: none, header: X", "belongs to told_by: header"),
    ("header: X-Tenant, ", "", "header: is missing"),
    ("trains: no, ", "", "trains: is missing"),
    ("free:", "gratis:", "gratis is no key here"),
    ("suffix: a.example.nl", "domain: a.example.nl", "one of suffix, exact and path"),
    ("suffix: a.example.nl", "suffix: a.example.nl, exact: b.nl", "one of suffix, exact and path"),
    ("suffix: a.example.nl", "suffix: google.com", "suffix: google.com is a shared host"),
    ("suffix: a.example.nl", "suffix: [a]", "suffix: is a list"),
    ("suffix: a.example.nl", "suffix: a.example.nl, leaf: true", "leaf: belongs to an exact"),
    ("suffix: a.example.nl", "suffix: a.example.nl, leaf: yes", "neither true nor false"),
    ("suffix: a.example.nl", "suffix: a.example.nl, plan: personal", "not among the plans"),
    ("suffix: a.example.nl", "suffix: a.example.nl, plan: free", "write told_by: host there"),
    ("use: site", "use: web", "use: web is not known"),
    ("id: chat", "id: Chat", "id: Chat is no id"),
    ("id: chat", "ids: chat", "id: is missing"),
    ("vendor: acme", "vendor: acme-nl", "vendor: acme-nl is not the file's name"),
    ('url: "https://www', 'url: "www', "url: www.example.org/ is no web address"),
    ("read: 2026-11-25", "read: 2026-11-31", "read: 2026-11-31 does not exist"),
]


@pytest.mark.parametrize(("right", "wrong", "words"), FAULTS)
def test_a_fault_names_its_field(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    good = file_of("acme", ("chat", "{suffix: a.example.nl, use: site, source: own}"))
    assert right in good
    text = good.replace(right, wrong)
    problems = told(folder_of(tmp_path, acme=text))
    assert any(words in problem for problem in problems), problems
    line = next(
        n
        for n, (a, b) in enumerate(zip(good.split("\n"), text.split("\n"), strict=True), 1)
        if a != b
    )
    assert any(f"acme:{line}: " in problem for problem in problems) or "missing" in words


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    one = file_of("one", ("chat", "{suffix: com, use: web, source: own}"))
    two = file_of("two", ("chat", "{suffix: b.nl, use: site, source: other}"))
    problems = told(folder_of(tmp_path, one=one, two=two, three="a: *\n"))
    assert [problem.split(":")[:2] for problem in problems] == [
        ["one", "28"],
        ["one", "28"],
        ["three", "1"],
        ["two", "6"],
        ["two", "28"],
    ]


def test_an_id_taken_twice(tmp_path: Path) -> None:
    one = file_of("one", ("chat", "{suffix: a.nl, use: site, source: own}"))
    two = file_of("two", ("chat", "{suffix: b.nl, use: site, source: own}"))
    (problem,) = told(folder_of(tmp_path, one=one, two=two))
    assert problem.startswith("two:6: services[1]: the id chat is taken at ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("suffix: a.nl", "suffix: A.nl."),
        ("exact: a.nl", "suffix: a.nl"),
        ("path: a.nl/x", "path: a.nl/x/"),
    ],
)
def test_a_host_claimed_by_two_services(tmp_path: Path, first: str, second: str) -> None:
    text = file_of(
        "acme",
        ("chat", f"{{{first}, use: site, source: own}}"),
        ("other", f"{{{second}, use: site, source: own}}"),
    )
    (problem,) = told(folder_of(tmp_path, acme=text))
    assert problem.startswith("acme:51: services[2].hosts[1].")
    assert "acme.yaml:28" in problem
    assert "chat" in problem


def test_a_longer_name_below_another_service_is_no_claim(tmp_path: Path) -> None:
    text = file_of(
        "acme",
        ("chat", "{suffix: a.nl, use: site, source: own}"),
        ("api", "{suffix: api.a.nl, use: api, source: own}"),
        ("page", "{path: a.nl/x, use: site, source: own}"),
    )
    assert len(load_catalogue(folder_of(tmp_path, acme=text)).services) == 3


def test_an_entry_twice_in_one_service(tmp_path: Path) -> None:
    hosts = "{suffix: a.nl, use: site, source: own}\n      - {suffix: a.nl, use: api, source: own}"
    (problem,) = told(folder_of(tmp_path, acme=file_of("acme", ("chat", hosts))))
    assert "suffix a.nl stands at" in problem


def test_a_folder_without_services(tmp_path: Path) -> None:
    assert "holds no service file" in told(tmp_path)[0]


def test_a_file_of_another_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "acme.yml").write_text("vendor: acme\n", "utf-8")
    assert "name it VENDOR.yaml" in told(tmp_path)[0]


def test_the_order_of_files_and_services_changes_nothing(tmp_path: Path) -> None:
    services = [(name, f"{{suffix: {name}.nl, use: site, source: own}}") for name in "cab"]
    one = load_catalogue(folder_of(tmp_path, acme=file_of("acme", *services)))
    assert list(one.services) == ["a", "b", "c"]
