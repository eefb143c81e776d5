"""`sluis catalogue show | search | sources | stats | stale`: lines, JSON and exit codes.

They answer from the catalogue that comes with the package, so what is expected is made of it too.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from blocklists.catalogue import Catalogue, Category
from blocklists.catalogue.built_in import load_built_in
from blocklists.catalogue.loading import load_catalogue
from blocklists.curation.describing import feature_lines, lines, plain, plain_feature, sources_of
from blocklists.curation.judged import load_judged
from blocklists.curation.searching import Wanted, features_by, search
from blocklists.curation.statistics import months_before, sources, statistics
from tests.server.commands.conftest import Sluis


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(checked=False)


def objects(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_show_a_service(sluis: Sluis, catalogue: Catalogue) -> None:
    for service in [catalogue.services["chatgpt"], *list(catalogue.services.values())[::200]]:
        code, out, err = sluis("catalogue", "show", service.id)
        assert (code, err) == (0, "")
        assert out.splitlines() == list(lines(catalogue, service))


def test_show_a_service_as_json(sluis: Sluis, catalogue: Catalogue) -> None:
    service = catalogue.services["chatgpt"]
    code, out, err = sluis("catalogue", "show", "chatgpt", "--json")
    assert (code, err) == (0, "")
    assert objects(out) == [{**plain(service), "sources": sources_of(catalogue, service)}]


def test_show_what_is_built_in(sluis: Sluis, catalogue: Catalogue) -> None:
    built_in = load_built_in()
    shown = [each for each in built_in.features.values() if each.id not in catalogue.services]
    assert shown
    for feature in shown[::10]:
        code, out, err = sluis("catalogue", "show", feature.id)
        assert (code, err) == (0, "")
        assert out.splitlines() == list(feature_lines(built_in, feature))
        told = sluis("catalogue", "show", feature.id, "--json")[1]
        assert objects(told) == [plain_feature(built_in, feature)]


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_show_of_nothing_known_is_no(sluis: Sluis, flags: list[str]) -> None:
    code, out, err = sluis("catalogue", "show", "chatgp", *flags)
    assert (code, out) == (1, "")
    assert err.startswith("chatgp is no service of the catalogue; did you mean ")
    assert "chatgpt" in err
    code, out, err = sluis("catalogue", "show", "no-such-thing-at-all", *flags)
    assert (code, out, err) == (1, "", "no-such-thing-at-all is no service of the catalogue\n")


def test_search_by_words(sluis: Sluis, catalogue: Catalogue) -> None:
    code, out, err = sluis("catalogue", "search", "OpenAI", "chat")
    assert (code, err) == (0, "")
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[0] for row in rows] == [
        each.id for each in search(catalogue, Wanted(("OpenAI", "chat")))
    ]
    assert "chatgpt" in [row[0] for row in rows]
    assert all(len(row) == 5 for row in rows)


def test_search_by_facts(sluis: Sluis, catalogue: Catalogue) -> None:
    command = ("catalogue", "search", "--category", "translation", "--european", "--json")
    code, out, _ = sluis(*command)
    found = objects(out)
    wanted = Wanted(category=Category.TRANSLATION, european=True)
    assert code == (0 if found else 1)
    assert found == [plain(each) for each in search(catalogue, wanted)]
    by_id = catalogue.services
    assert all(by_id[str(each["id"])].countries.european for each in found)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--country", "NL"], Wanted(country="NL")),
        (["--country", "unknown"], Wanted(country="unknown")),
        (["--alternatives"], Wanted(alternatives=True)),
        ([], Wanted()),
    ],
)
def test_search_gives_what_meets_all(
    sluis: Sluis, catalogue: Catalogue, arguments: list[str], wanted: Wanted
) -> None:
    out = sluis("catalogue", "search", *arguments)[1]
    told = [line.partition("\t")[0] for line in out.splitlines()]
    assert told == [each.id for each in search(catalogue, wanted)]
    assert told


def test_search_what_is_built_in(sluis: Sluis) -> None:
    built_in = load_built_in()
    code, out, err = sluis("catalogue", "search", "--built-in", "Chrome", "gemini")
    found = features_by(built_in, ("Chrome", "gemini"))
    assert (code, err) == (0, "")
    assert [line.partition("\t")[0] for line in out.splitlines()] == [each.id for each in found]
    assert "GeminiSettings" in out
    told = objects(sluis("catalogue", "search", "--built-in", "recall", "--json")[1])
    assert told == [plain_feature(built_in, each) for each in features_by(built_in, ("recall",))]
    assert sluis("catalogue", "search", "--built-in", "no-such-thing")[0] == 1


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_search_that_finds_nothing_is_no(sluis: Sluis, flags: list[str]) -> None:
    assert sluis("catalogue", "search", "no-such-thing-at-all", *flags) == (1, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--country", "nl"], "nl is no country; write two capitals, as NL, or unknown"),
        (["--country", "UK"], "UK is no country"),
        (["--category", "chat"], "invalid choice"),
        (["--plan", "gratis"], "invalid choice"),
        (["--colour"], "unrecognized arguments"),
    ],
)
def test_search_for_what_cannot_be(sluis: Sluis, arguments: list[str], words: str) -> None:
    code, out, err = sluis("catalogue", "search", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_sources(sluis: Sluis, catalogue: Catalogue) -> None:
    expected = sources(catalogue)
    code, out, err = sluis("catalogue", "sources")
    assert (code, err) == (0, "")
    assert [line.partition("\t")[0] for line in out.splitlines()] == [
        each.name for each in expected
    ]
    found = objects(sluis("catalogue", "sources", "--json")[1])
    assert [(each["id"], each["facts"], each["services"]) for each in found] == [
        (each.name, each.facts, each.services) for each in expected
    ]
    assert {each["kind"] for each in found} == {"list", "page"}
    for each in found:
        assert (each["family"] is None) == (each["licence"] is None) == (each["kind"] == "page")
        assert str(each["url"]).startswith("https://")


def test_stats(sluis: Sluis, catalogue: Catalogue) -> None:
    expected = statistics(catalogue, load_built_in(), load_judged().values())
    code, out, err = sluis("catalogue", "stats", "--json")
    assert (code, err) == (0, "")
    assert objects(out) == [expected]
    code, out, err = sluis("catalogue", "stats")
    assert (code, err) == (0, "")
    told = out.splitlines()
    assert [line for line in told if not line.startswith(" ")] == list(expected)
    assert f"  {expected['basis']['page read']:6}  page read" in told
    assert f"  {expected['basis']['lists agree']:6}  lists agree" in told
    assert expected["basis"]["page read"] + expected["basis"]["lists agree"] == len(
        catalogue.services
    )


def expected_stale(catalogue: Catalogue, months: int) -> set[str]:
    before = months_before(datetime.now(tz=UTC).date(), months)
    return {each.id for each in catalogue.services.values() if each.reviewed < before}


@pytest.mark.parametrize("months", [0, 1, 6])
def test_stale_names_what_was_not_reviewed(sluis: Sluis, catalogue: Catalogue, months: int) -> None:
    expected = expected_stale(catalogue, months)
    code, out, err = sluis("catalogue", "stale", "--months", months, "--json")
    assert (code, err) == (1 if expected else 0, "")
    found = objects(out)
    assert {each["service"] for each in found} == expected
    days = [date.fromisoformat(str(each["reviewed"])) for each in found]
    assert days == sorted(days)
    code, out, _ = sluis("catalogue", "stale", "--months", months)
    rows = [line.split("\t") for line in out.splitlines()]
    assert {row[1] for row in rows if len(row) == 3} == expected


@pytest.mark.parametrize("months", [1200, 1_000_000_000])
def test_nothing_is_a_hundred_years_old(sluis: Sluis, months: int) -> None:
    assert sluis("catalogue", "stale", "--months", months) == (
        0,
        f"every service was reviewed in the last {months} months\n",
        "",
    )
    assert sluis("catalogue", "stale", "--months", months, "--json") == (0, "", "")


@pytest.mark.parametrize("months", ["-1", "six", "1.5", ""])
def test_months_that_are_none(sluis: Sluis, months: str) -> None:
    code, out, err = sluis("catalogue", "stale", f"--months={months}")
    assert (code, out) == (2, "")
    assert "--months" in err
