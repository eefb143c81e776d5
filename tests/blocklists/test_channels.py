"""DNS holds only what is blocked for every name below; the rest is left with its reason."""

from __future__ import annotations

from datetime import UTC, datetime

from blocklists.blocklist import Blocklist, Entry, ListedService, Ruled, Verdict, Why
from blocklists.channels import CANARY, DOH_CANARY, MOST_ROUTES, LeftWhy, dns_routes
from blocklists.hosts import Host

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def routed(*entries: Entry, never: tuple[Host, ...] = ()) -> tuple[list[str], dict[str, LeftWhy]]:
    """The names that are routed, and what is left and why."""
    listed = Blocklist(
        format=1,
        organisation="test",
        version=1,
        published=NOW,
        time_zone="Europe/Amsterdam",
        services={"one": ListedService("One", "assistant")},
        decisions={verdict.value: Ruled(verdict, Why.AGREEMENT) for verdict in Verdict},
        entries=entries,
        never=never,
    )
    routes = dns_routes(listed, NOW)
    return list(routes.names), {str(one.entry): one.why for one in routes.left}


def suffix(value: str, verdict: str = "block") -> Entry:
    return Entry("suffix", value, "one", (verdict,))


def exact(value: str, verdict: str = "block", *, leaf: bool = False) -> Entry:
    return Entry("exact", value, "one", (verdict,), leaf=leaf)


def path(value: str, verdict: str = "block") -> Entry:
    return Entry("path", value, "one", (verdict,))


def test_a_blocked_suffix_is_routed_and_takes_along_what_lies_below() -> None:
    entries = suffix("b.example"), suffix("x.b.example"), exact("y.b.example"), path("b.example/z")
    assert routed(*entries) == (["b.example"], {})


def test_warn_observe_and_allow_are_left() -> None:
    entries = (
        suffix("w.example", "warn"),
        suffix("o.example", "observe"),
        exact("a.example", "allow"),
    )
    names, left = routed(*entries)
    assert names == []
    assert set(left.values()) == {LeftWhy.NOT_BLOCKED}


def test_an_open_name_below_keeps_the_suffix_from_being_routed() -> None:
    names, left = routed(suffix("azure.example"), exact("my.azure.example", "allow"))
    assert names == []
    assert left["suffix azure.example"] is LeftWhy.OPEN_BELOW


def test_blocked_names_beside_the_open_one_are_still_routed() -> None:
    names, _ = routed(suffix("b.example"), suffix("x.b.example"), suffix("open.b.example", "warn"))
    assert names == ["x.b.example"]


def test_an_open_path_below_opens_the_suffix() -> None:
    names, left = routed(suffix("b.example"), path("x.b.example/free", "allow"))
    assert names == []
    assert left["suffix b.example"] is LeftWhy.OPEN_BELOW


def test_an_exact_host_is_routed_only_where_it_has_no_names_below() -> None:
    names, left = routed(exact("api.example", leaf=True), exact("www.example"))
    assert names == ["api.example"]
    assert left == {"exact www.example": LeftWhy.NAMES_BELOW}


def test_a_path_is_left_to_the_browser() -> None:
    assert routed(path("code.example/copilot")) == (
        [],
        {"path code.example/copilot": LeftWhy.PATH},
    )


def test_nothing_that_touches_the_never_block_set_is_routed() -> None:
    names, left = routed(
        suffix("example.nl"),
        suffix("a.login.example.nl"),
        suffix("b.example.nl"),
        never=(Host("login.example.nl"),),
    )
    assert names == ["b.example.nl"]
    assert left["suffix example.nl"] is left["suffix a.login.example.nl"] is LeftWhy.NEVER


def test_a_stricter_entry_of_the_same_name_is_what_holds() -> None:
    assert routed(suffix("b.example", "warn"), suffix("b.example"))[0] == ["b.example"]


def test_where_there_is_no_room_bans_come_first_and_then_the_best_known() -> None:
    rest = MOST_ROUTES - len((CANARY, DOH_CANARY)) - 2
    tail = [Entry("suffix", f"t{number:03}.example", "one", ("block",)) for number in range(300)]
    banned = Entry("suffix", "z-banned.example", "one", ("ban cn", "block"))
    known = Entry("suffix", "z-known.example", "two", ("block",))
    listed = Blocklist(
        format=1,
        organisation="test",
        version=1,
        published=NOW,
        time_zone="Europe/Amsterdam",
        services={
            "one": ListedService("One", "assistant"),
            "two": ListedService("Two", "assistant", "head"),
        },
        decisions={
            "block": Ruled(Verdict.BLOCK, Why.AGREEMENT),
            "ban cn": Ruled(Verdict.BLOCK, Why.BAN),
        },
        entries=(*tail, banned, known),
    )
    routes = dns_routes(listed, NOW)
    assert set(routes.names) == {"z-banned.example", "z-known.example"} | {
        entry.value for entry in tail[:rest]
    }
    assert [left.entry for left in routes.left] == tail[rest:]
    assert {left.why for left in routes.left} == {LeftWhy.NO_ROOM}
