"""A service with all its facts, as plain values and in lines."""

from __future__ import annotations

import json
from datetime import date

from blocklists.catalogue import Catalogue, Source
from blocklists.catalogue.built_in import BuiltIn, Feature, Platform, Product, Runs, Setting
from blocklists.catalogue.loading import load_catalogue
from blocklists.curation.describing import (
    facts_by_source,
    feature_lines,
    lines,
    named_sources,
    plain,
    plain_feature,
    sources_of,
)
from blocklists.curation.writing import file_text
from tests.simulators.service_files import FILES, catalogue_of, services_of

CATALOGUE = catalogue_of(**FILES)
CHAT, PAINT, BABBEL = CATALOGUE.services.values()


def test_what_is_written_of_plain_values_is_read_back_the_same() -> None:
    for vendor, text in FILES.items():
        services = services_of(text, vendor)
        first = services[0]
        values = [
            {key: value for key, value in plain(each).items() if not key.startswith("vendor")}
            for each in services
        ]
        for each in values:
            if "source" not in each["countries"]:
                each["countries"] = "unknown"
        again = services_of(
            file_text(vendor, first.vendor_name, sources_of_file(first.sources), values), vendor
        )
        assert [plain(each) for each in again] == [plain(each) for each in services]
        assert again[0].sources == first.sources


def sources_of_file(sources: object) -> dict[str, dict[str, str]]:
    assert isinstance(sources, dict)
    return {
        name: {"title": each.title, "url": each.url, "read": each.read.isoformat()}
        for name, each in sources.items()
    }


def test_unknown_is_a_value() -> None:
    told = plain(PAINT)
    assert told["plans"] == "unknown"
    assert set(told["countries"].values()) == {"unknown"}
    assert plain(CHAT)["plans"]["enterprise"]["retention"] == "unknown"
    assert "  plans      unknown" in lines(CATALOGUE, PAINT)


def test_every_fact_that_is_known_names_its_source() -> None:
    told = plain(CHAT)
    assert told["countries"]["source"] == "own"
    facts = [*told["plans"].values(), told["countries"]]
    for part in ("hosts", "headers", "programs", "extensions"):
        facts += told[part]
    assert all(fact["source"] for fact in facts)
    assert len(facts) == len(list(facts_by_source(CHAT)))
    assert named_sources(CHAT) == set(sources_of(CATALOGUE, CHAT)) == {"own", "privacy"}


def test_plain_values_are_those_of_json() -> None:
    for service in CATALOGUE.services.values():
        assert json.loads(json.dumps(plain(service))) == plain(service)


def test_a_service_in_lines() -> None:
    assert list(lines(CATALOGUE, CHAT)) == [
        "Acme Chat (acme-chat), assistant, head",
        "  vendor     Acme",
        "  formerly   Acme Talk",
        "  basis      page read [own]",
        "  reviewed   2026-05-01; what is unknown was looked for on that day",
        "  countries  vendor: US owner: NO host: unknown model: FR [own]",
        (
            "  plan       free: trains opt-out, kept 30 days, EU residency no, "
            "told apart by nothing [privacy]"
        ),
        "  plan       team: trains no, kept account, EU residency yes, told apart by header [own]",
        (
            "  plan       enterprise: trains no, kept unknown, EU residency unknown, "
            "told apart by host [own]"
        ),
        "  host       suffix acme-chat.example, site [own]",
        "  host       suffix work.acme-chat.example, site, plan enterprise alone [own]",
        "  host       exact api.acme.example, api, no sub-domains [own]",
        "  host       path acme.example/chat, site [own]",
        "  header     X-Acme-Team: ids of teams [own]",
        "             leaves open: the API",
        (
            "  app        Acme Desktop: processes acme.exe, acme; bundles com.acme.chat; "
            "signer Acme Inc. [own]"
        ),
        "  app        Acme Tray: processes acmetray.exe [own]",
        "  runner     Acme Local: commands acme-serve; ports 11434 [own]",
        "  extension  abcdefghijklmnopabcdefghijklmnop (Acme Helper, chrome) [own]",
        "  extension  helper@acme.example (Acme Helper, firefox) [own]",
        "  [own] Acme: plans <https://www.acme.example/plans> read 2026-05-01",
        "  [privacy] Acme: privacy <https://www.acme.example/privacy> read 2026-05-02",
    ]


def test_a_basis_of_lists_and_what_it_replaces() -> None:
    listed = catalogue_of(
        noord=FILES["noord"].replace("{page: own}", "{lists: [first, copy, second]}")
    )
    told = list(lines(listed, listed.services["babbel"]))
    assert "  basis      2 independent families of lists [first, copy, second]" in told
    assert "  replaces   acme-chat" in told
    assert "  [copy] The list copy <https://lists.example/> read 2026-05-01" in told
    assert plain(listed.services["babbel"])["basis"] == {"lists": ["first", "copy", "second"]}


SETTING = Setting(
    "SumSettings", "integer", "1", (Platform.WINDOWS, Platform.LINUX), "137", "", "Acme", "docs"
)
FEATURE = Feature("sum", Product.CHROME, "Sums", "acme-chat", "sums", Runs.CLOUD, (SETTING,), "")
OPEN = Feature("open", Product.BRAVE, "Open", "", "opens", Runs.UNKNOWN, (), "blog")
BUILT_IN = BuiltIn(
    {"sum": FEATURE, "open": OPEN},
    {
        "docs": Source("Policies", "https://policies.example/", date(2026, 11, 25)),
        "blog": Source("Blog", "https://blog.example/", date(2026, 11, 24)),
    },
)


def test_a_built_in_feature_in_lines() -> None:
    assert list(feature_lines(BUILT_IN, FEATURE)) == [
        "Sums (sum), built into chrome; runs: cloud",
        "  does       sums",
        "  off        SumSettings = 1 (integer), from 137, windows, linux, Acme [docs]",
        "  [docs] Policies <https://policies.example/> read 2026-11-25",
    ]
    assert list(feature_lines(BUILT_IN, OPEN))[2:] == [
        "  off        no setting switches it off [blog]",
        "  [blog] Blog <https://blog.example/> read 2026-11-24",
    ]


def test_a_built_in_feature_as_plain_values() -> None:
    told = plain_feature(BUILT_IN, FEATURE)
    assert json.loads(json.dumps(told)) == told
    assert told["service"] == "acme-chat"
    assert told["off"][0]["platforms"] == ["windows", "linux"]
    assert "until" not in told["off"][0]
    assert list(told["sources"]) == ["docs"]
    without = plain_feature(BUILT_IN, OPEN)
    assert (without["off"], without["service"], without["source"]) == ([], None, "blog")
    assert without["sources"]["blog"]["url"] == "https://blog.example/"


def test_every_shipped_service_can_be_described() -> None:
    shipped: Catalogue = load_catalogue(checked=False)
    for service in shipped.services.values():
        assert json.loads(json.dumps(plain(service))) == plain(service)
        assert service.id in next(iter(lines(shipped, service)))
        assert set(sources_of(shipped, service)) == named_sources(service)
