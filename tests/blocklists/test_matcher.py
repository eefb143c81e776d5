"""The matcher on the vectors that the extension's twin passes too, and on time."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blocklists.blocklist import Blocklist, Entry, ListedService, Ruled, Verdict, Why
from blocklists.hosts import Address, BadHost, Host, parse_host
from blocklists.matcher import decide

VECTORS = Path(__file__).parents[1] / "vectors" / "matching"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def blocklist(
    entries: tuple[Entry, ...], decisions: dict[str, Ruled], never: tuple[Host, ...] = ()
) -> Blocklist:
    return Blocklist(
        format=1,
        organisation="test",
        version=1,
        published=NOW,
        time_zone="Europe/Amsterdam",
        services={name: ListedService(name, "assistant") for name in ("one", "two")},
        decisions=decisions,
        entries=entries,
        never=never,
    )


def simple(*entries: tuple[str, str, Verdict], never: tuple[Host, ...] = ()) -> Blocklist:
    """A list in which each entry has one verdict."""
    return blocklist(
        tuple(Entry(kind, value, "one", (verdict,)) for kind, value, verdict in entries),  # type: ignore[arg-type]
        {verdict.value: Ruled(verdict, Why.AGREEMENT) for verdict in Verdict},
        never,
    )


@pytest.mark.parametrize("row", rows("expected.tsv"), ids=lambda row: row["host"] or "empty")
def test_every_row_of_the_vectors(row: dict[str, str]) -> None:
    listed = simple(
        *((one["kind"], one["value"], Verdict(one["verdict"])) for one in rows("entries.tsv"))
    )
    text = json.loads(f'"{row["host"]}"')
    if row["verdict"] == "invalid":
        with pytest.raises(BadHost):
            parse_host(text)
        return
    decision = decide(listed, parse_host(text), "/", NOW)
    assert (decision.verdict, str(decision.entry or "-")) == (row["verdict"], row["entry"])


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/copilot", Verdict.BLOCK),
        ("/copilot/", Verdict.BLOCK),
        ("/copilot/chats", Verdict.BLOCK),
        ("/copilot?x=/y", Verdict.BLOCK),
        ("/copilot#x", Verdict.BLOCK),
        ("/%63opilot", Verdict.BLOCK),
        ("/c%6Fpil%6ft/%6fpen", Verdict.ALLOW),
        ("/%2563opilot", Verdict.OBSERVE),
        ("/copilot%2Fopen", Verdict.OBSERVE),
        ("/copilots", Verdict.OBSERVE),
        ("/copilot/open", Verdict.ALLOW),
        ("/copilot/open/x", Verdict.ALLOW),
        ("/", Verdict.OBSERVE),
        ("", Verdict.OBSERVE),
        ("/x?next=/copilot", Verdict.OBSERVE),
    ],
)
def test_a_path_wins_over_its_host_and_ends_at_a_slash(path: str, verdict: Verdict) -> None:
    listed = simple(
        ("exact", "code.example", Verdict.OBSERVE),
        ("path", "code.example/copilot", Verdict.BLOCK),
        ("path", "code.example/copilot/open", Verdict.ALLOW),
    )
    assert decide(listed, Host("code.example"), path, NOW).verdict is verdict


def test_a_decision_holds_from_its_start_until_its_end_and_not_at_it() -> None:
    start, end = NOW, NOW + timedelta(days=1)
    listed = blocklist(
        (Entry("suffix", "chat.example", "one", ("approval", "base")),),
        {
            "approval": Ruled(Verdict.ALLOW, start=start, end=end),
            "base": Ruled(Verdict.BLOCK, Why.AGREEMENT),
        },
    )
    second = timedelta(seconds=1)
    instants = [start - second, start, end - second, end]
    found = [decide(listed, Host("chat.example"), "/", at).ruled_id for at in instants]
    assert found == ["base", "approval", "approval", "base"]


def test_between_equals_of_two_services_the_stricter_wins() -> None:
    listed = blocklist(
        (
            Entry("suffix", "chat.example", "one", ("warn",)),
            Entry("suffix", "chat.example", "two", ("block",)),
        ),
        {"warn": Ruled(Verdict.WARN, Why.AGREEMENT), "block": Ruled(Verdict.BLOCK, Why.BAN)},
    )
    decision = decide(listed, Host("x.chat.example"), "/", NOW)
    assert (decision.service, decision.verdict) == ("two", Verdict.BLOCK)


def test_the_never_block_set_is_allowed_whatever_the_list_says() -> None:
    listed = simple(("suffix", "example.nl", Verdict.BLOCK), never=(Host("login.example.nl"),))
    assert decide(listed, Host("login.example.nl"), "/", NOW).verdict is Verdict.ALLOW
    assert decide(listed, Host("a.login.example.nl"), "/", NOW).verdict is Verdict.ALLOW
    assert decide(listed, Host("example.nl"), "/", NOW).verdict is Verdict.BLOCK


def test_an_address_matches_no_name() -> None:
    listed = simple(("suffix", "chat.example", Verdict.BLOCK))
    assert decide(listed, Address("203.0.113.5"), "/", NOW).verdict is Verdict.ALLOW
