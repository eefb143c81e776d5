"""How much the catalogue knows, what it rests on, and what is stale."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.catalogue import Catalogue
from blocklists.catalogue.built_in import BuiltIn, Feature, Product, Runs
from blocklists.curation.judged import Dropped, Judgement
from blocklists.curation.statistics import Counts, months_before, sources, stale, statistics
from blocklists.hosts import Host
from tests.simulators.service_files import FILES, NOORD, catalogue_of, changed

BASIS = "reviewed: 2025-01-15\n    basis: {page: own}"
LISTED = changed(BASIS, BASIS.replace("page: own", "lists: [first, second]"), NOORD).replace(
    "use: site, source: own", "use: site, source: first"
)
CATALOGUE = catalogue_of(acme=FILES["acme"], noord=LISTED)
BUILT_IN = BuiltIn(
    {name: Feature(name, Product.EDGE, name, "", "sums", Runs.CLOUD, (), "own") for name in "ab"},
    {},
)
JUDGED = (
    Judgement(Host("a.example"), "acme-chat", None, "", 1),
    Judgement(Host("b.example"), "", Dropped.SHARED, "mail", 2),
    Judgement(Host("c.example"), "", Dropped.SHARED, "", 3),
    Judgement(Host("d.example"), "", Dropped.DEFUNCT, "", 4),
)


@pytest.fixture(scope="module")
def counted() -> dict[str, Counts]:
    return statistics(CATALOGUE, BUILT_IN, JUDGED)


@pytest.mark.parametrize(
    ("group", "counts"),
    [
        (
            "catalogue",
            {
                "services": 3,
                "vendors": 2,
                "hosts": 6,
                "programs": 3,
                "extensions": 2,
                "headers": 1,
                "former names": 1,
                "public lists": 3,
                "pages": 3,
            },
        ),
        ("basis", {"page read": 2, "lists agree": 1}),
        ("reach", {"head": 1, "known": 1, "tail": 1}),
        ("category", {"assistant": 2, "image": 1}),
        ("hosts", {"suffix": 3, "exact": 2, "path": 1}),
        ("use", {"site": 5, "api": 1}),
        (
            "known",
            {
                "country of vendor": 2,
                "country of owner": 2,
                "country of host": 1,
                "country of model": 2,
                "all four countries": 1,
                "plans": 2,
                "training": 2,
                "retention": 2,
                "EU residency": 2,
            },
        ),
        ("alternatives", {"services that can stand in": 1, "of these European": 1}),
        ("programs", {"app": 2, "runner": 1}),
        ("built in", {"edge": 2}),
        ("facts by source", {"from a page": 17, "from a list": 1}),
        (
            "candidates",
            {"judged": 4, "kept": 1, "dropped: shared": 2, "dropped: defunct": 1},
        ),
    ],
)
def test_each_group_is_counted(
    counted: dict[str, Counts], group: str, counts: dict[str, int]
) -> None:
    assert counted[group] == counts


def test_what_is_known_of_nobody_is_shown_as_none(counted: dict[str, Counts]) -> None:
    empty = catalogue_of(acme=FILES["acme"][: FILES["acme"].index("  - id: acme-chat")] + PAINT)
    known = statistics(empty, BUILT_IN, ())["known"]
    assert set(known) == set(counted["known"])
    assert set(known.values()) == {0}


PAINT = FILES["acme"][FILES["acme"].index("  - id: acme-paint") :]


def test_an_empty_catalogue_can_be_counted() -> None:
    found = statistics(Catalogue({}), BuiltIn({}, {}), ())
    assert found["catalogue"]["services"] == found["candidates"]["judged"] == 0


def test_sources_with_what_rests_on_them() -> None:
    found = {each.name: (each.facts, each.services) for each in sources(CATALOGUE)}
    assert found == {
        "acme/own": (14, 2),
        "acme/privacy": (1, 1),
        "noord/own": (2, 1),
        "first": (1, 1),
        "second": (0, 1),
        "copy": (0, 0),
    }
    assert [each.name for each in sources(CATALOGUE)][:3] == [
        "acme/own",
        "noord/own",
        "acme/privacy",
    ]


def test_the_longest_ago_comes_first() -> None:
    def names(before: date) -> list[str]:
        return [each.id for each in stale(CATALOGUE, before)]

    assert names(date(2026, 5, 2)) == ["babbel", "acme-paint", "acme-chat"]
    assert names(date(2026, 5, 1)) == ["babbel", "acme-paint"]
    assert names(date(2025, 1, 15)) == []


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2026, 11, 25), 6, date(2026, 5, 25)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 6, 1), 999_999, date.min),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@given(st.dates(), st.integers(0, 100_000))
def test_more_months_are_never_later(day: date, months: int) -> None:
    assert months_before(day, months + 1) <= months_before(day, months) <= day
