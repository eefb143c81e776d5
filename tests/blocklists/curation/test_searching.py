"""Services found by words and by facts."""

from __future__ import annotations

import pytest

from blocklists.catalogue import Category, PlanKind
from blocklists.curation.searching import Wanted, search
from tests.simulators.service_files import ACME, FILES, catalogue_of, changed

CATALOGUE = catalogue_of(**FILES)


def found(wanted: Wanted) -> list[str]:
    return [each.id for each in search(CATALOGUE, wanted)]


@pytest.mark.parametrize(
    ("words", "services"),
    [
        ((), ["acme-chat", "babbel", "acme-paint"]),
        (("ACME",), ["acme-chat", "acme-paint"]),
        (("noord",), ["babbel"]),
        (("talk",), ["acme-chat"]),
        (("api.acme",), ["acme-chat"]),
        (("acme.example/chat",), ["acme-chat"]),
        (("acme", "paint"), ["acme-paint"]),
        (("paint", "noord"), []),
        (("acme.*",), []),
        (("",), ["acme-chat", "babbel", "acme-paint"]),
    ],
)
def test_words(words: tuple[str, ...], services: list[str]) -> None:
    assert found(Wanted(words)) == services


@pytest.mark.parametrize(
    ("wanted", "services"),
    [
        (Wanted(category=Category.IMAGE), ["acme-paint"]),
        (Wanted(category=Category.EMAIL), []),
        (Wanted(country="NO"), ["acme-chat"]),
        (Wanted(country="FR"), ["acme-chat"]),
        (Wanted(country="unknown"), ["acme-chat", "acme-paint"]),
        (Wanted(country="NL"), ["babbel"]),
        (Wanted(plan=PlanKind.FREE), ["acme-chat", "babbel"]),
        (Wanted(plan=PlanKind.TEAM), ["acme-chat"]),
        (Wanted(european=True), ["babbel"]),
        (Wanted(alternatives=True), ["babbel"]),
        (Wanted(("chat",), category=Category.IMAGE), []),
        (Wanted(("acme",), Category.ASSISTANT, "US", PlanKind.FREE), ["acme-chat"]),
    ],
)
def test_facts(wanted: Wanted, services: list[str]) -> None:
    assert found(wanted) == services


def test_what_is_named_so_comes_before_what_is_better_known() -> None:
    text = changed("name: Acme Paint", "name: Chat")
    catalogue = catalogue_of(acme=text)
    assert [each.id for each in search(catalogue, Wanted(("chat",)))] == ["acme-paint", "acme-chat"]


@pytest.mark.parametrize(
    ("countries", "european"),
    [
        ("vendor: NL, owner: DE, host: IS", True),
        ("vendor: NO, owner: NO, host: NO", True),
        ("vendor: NL, owner: US, host: NL", False),
        ("vendor: NL, owner: NL, host: unknown", False),
        ("vendor: GB, owner: NL, host: NL", False),
        ("vendor: CH, owner: CH, host: CH", False),
    ],
)
def test_european_is_known_of_vendor_owner_and_host(countries: str, *, european: bool) -> None:
    text = changed("vendor: US, owner: NO, host: unknown", countries)
    service = catalogue_of(acme=text).services["acme-chat"]
    assert service.countries.european is european
    assert text != ACME
