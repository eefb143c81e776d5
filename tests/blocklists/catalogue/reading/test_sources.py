"""Sources of facts, and the basis that a service rests on."""

from __future__ import annotations

import pytest

from blocklists.catalogue.reading.sources import read_lists
from blocklists.yamlfile import BadFile
from blocklists.yamlfile.loading import read
from tests.simulators.service_files import ACME, changed, faults, line, services_of

PAINT = "reviewed: 2025-11-30\n    basis: {page: own}"


def test_a_basis_of_a_page() -> None:
    chat, _ = services_of(ACME)
    assert (chat.basis.page, chat.basis.lists) == ("own", ())


def test_a_basis_of_lists_that_do_not_copy_each_other() -> None:
    _, paint = services_of(changed(PAINT, PAINT.replace("page: own", "lists: [first, second]")))
    assert (paint.basis.page, paint.basis.lists) == ("", ("first", "second"))


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("{lists: [first, copy]}", "is 1 independent family of lists; name lists of 2 families"),
        ("{lists: [first]}", "is 1 independent family"),
        ("{lists: []}", "is 0 independent family"),
        ("{lists: first}", "must be a list"),
        ("{lists: [first, third]}", "third is no public list; write an id of lists.yaml"),
        ("{lists: [first, own]}", "own is no public list"),
        ("{page: first}", "first is no page among the sources of this file (own, privacy)"),
        ("{page: [own]}", "is a list; write text"),
        ("{page: own, lists: [first, second]}", "must have one of page and lists"),
        ("{}", "must have one of page and lists"),
        ("page", "must have keys of its own"),
        ("{page: own, why: seen}", "why is no key here; known are page, lists"),
    ],
)
def test_a_basis_that_carries_nothing(basis: str, words: str) -> None:
    told = faults(changed(PAINT, PAINT.replace("{page: own}", basis)))
    assert len(told) == 1
    assert told[0].startswith(f"{line(PAINT) + 1}: services[2].basis")
    assert words in told[0]


def test_a_fact_may_name_a_public_list() -> None:
    text = changed(
        "{exact: paint.acme.example, use: site, source: own}",
        "{exact: paint.acme.example, use: site, source: copy}",
    )
    assert services_of(text)[1].hosts[0].source == "copy"


def test_a_fact_without_a_source() -> None:
    text = changed("paint.acme.example, use: site, source: own", "paint.acme.example, use: site")
    number = line("paint.acme.example")
    assert faults(text) == [f"{number}: services[2].hosts[1].source: is missing; write it"]


@pytest.mark.parametrize(
    "url",
    [
        "http://www.acme.example/",
        "www.acme.example",
        "https://",
        "https:///plans",
        '"https://[2001:db8::5"',
        "ftp://acme.example",
        "javascript:alert(1)",
    ],
)
def test_a_page_that_nobody_can_read(url: str) -> None:
    (told,) = faults(changed("https://www.acme.example/plans", url))
    assert told.startswith("5: sources.own.url: ")
    assert "is no web address; write https://" in told


def test_a_page_that_has_the_name_of_a_list() -> None:
    told = faults(
        ACME.replace("  privacy: {", "  first: {").replace("source: privacy", "source: first")
    )
    assert told == [
        "6: sources.first: first is a public list already (lists.yaml); take it out here"
    ]


def test_a_file_without_pages_may_rest_on_lists() -> None:
    text = ACME[: ACME.index("sources:")] + "services:\n" + ACME[ACME.index("  - id: acme-paint") :]
    text = text.replace("{page: own}", "{lists: [first, second]}").replace(
        "source: own", "source: first"
    )
    assert services_of(text)[0].sources == {}


LIST = (
    "lists:\n  hagezi: {title: Hagezi, url: https://a.example/, read: 2026-01-02, licence: MIT%s}\n"
)


def test_a_list_is_its_own_family_unless_it_says_another() -> None:
    def family(more: str) -> str:
        return read((LIST % more).encode(), "lists.yaml", read_lists)["hagezi"].family

    assert family("") == "hagezi"
    assert family(", family: dnsbl") == "dnsbl"


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (", licence: MIT", "", "lists.hagezi.licence: is missing"),
        ("title: Hagezi, ", "", "lists.hagezi.title: is missing"),
        ("2026-01-02", "01-02-2026", "lists.hagezi.read: 01-02-2026 is no date"),
        ("lists:", "list:", "list is no key here"),
        ("licence: MIT", "licence: MIT, family: Two Words", "is no id"),
    ],
)
def test_a_list_with_a_fault(right: str, wrong: str, words: str) -> None:
    with pytest.raises(BadFile, match=r"lists\.yaml:") as refused:
        read((LIST % "").replace(right, wrong).encode(), "lists.yaml", read_lists)
    assert words in str(refused.value)
