"""Hosts of a service: what each covers, and in which form it is kept."""

from __future__ import annotations

import pytest

from blocklists.catalogue import PlanKind, Use
from blocklists.yamlfile import Place
from tests.simulators.service_files import ACME, changed, faults, line, services_of

PAINT = "{exact: paint.acme.example, use: site, source: own}"


def test_hosts_as_they_are_written() -> None:
    suffix, work, api, path = services_of(ACME)[0].hosts
    assert (str(suffix), suffix.use, suffix.plan) == (
        "suffix acme-chat.example",
        Use.SITE,
        None,
    )
    assert work.plan is PlanKind.ENTERPRISE
    assert (str(api), api.leaf, api.use) == ("exact api.acme.example", True, Use.API)
    assert (path.value, path.host) == ("acme.example/chat", "acme.example")
    assert path.place == Place("acme.yaml", line("{path:"), "services[1].hosts[4].path")


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("exact: Paint.ACME.Example", "paint.acme.example"),
        ("suffix: paint.acme.example.", "paint.acme.example"),
        ("suffix: b\u00fccher.example", "xn--bcher-kva.example"),
        ("path: Paint.acme.example/Draw/", "paint.acme.example/Draw"),
    ],
)
def test_a_host_is_kept_in_normal_form(entry: str, value: str) -> None:
    text = changed(PAINT, f"{{{entry}, use: site, source: own}}")
    assert services_of(text)[1].hosts[0].value == value


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("exact: paint.acme.example:8080", "has a port; write it without: paint.acme.example"),
        ("exact: https://paint.acme.example/", "is a URL; write exact paint.acme.example"),
        ("exact: 203.0.113.5", "is an address"),
        ('suffix: "*.acme.example"', "has a star; write suffix acme.example"),
        ("suffix: localhost", "is one label"),
        ("suffix: ch\u0430t.example", "mixes Cyrillic and Latin letters in one label"),
        ('suffix: ""', "is empty; write a host such as chatgpt.com"),
        ("exact: acme.example/paint", "write exact acme.example, or path acme.example/paint"),
        ("path: acme.example", "has no path"),
    ],
)
def test_a_host_that_is_none(entry: str, words: str) -> None:
    (told,) = faults(changed(PAINT, f"{{{entry}, use: site, source: own}}"))
    assert told.startswith(f"{line(PAINT)}: services[2].hosts[1].{entry.partition(':')[0]}: ")
    assert words in told


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("- paint.acme.example", "services[2].hosts[1]: must have keys of its own"),
        ("- {use: site, source: own}", "hosts[1]: must have one of suffix, exact and path"),
    ],
)
def test_what_is_no_host_at_all(hosts: str, words: str) -> None:
    (told,) = faults(changed(f"- {PAINT}", hosts))
    assert words in told
