"""Catalogue and policy into a list: which decision stands where and when, in the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blocklists.blocklist import Blocklist, Verdict, Why, pack
from blocklists.catalogue import Catalogue
from blocklists.catalogue.loading import load_catalogue
from blocklists.compiler import BadPolicy, Compiled, compile_blocklist
from blocklists.hosts import Host
from blocklists.matcher import decide
from blocklists.policy import load_policy
from tests.blocklists.policy.test_loading import APPROVAL
from tests.simulators.catalogue import made_up_catalogue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CATALOGUE = made_up_catalogue()


def compiled(
    text: str,
    *,
    catalogue: Catalogue = CATALOGUE,
    published: datetime = NOW,
    never: tuple[str, ...] = (),
) -> Compiled:
    policy = load_policy(text.encode(), "policy.yaml", catalogue.services)
    names = [Host(name) for name in never]
    return compile_blocklist(catalogue, policy, version=7, published=published, never=names)


def verdict(blocklist: Blocklist, host: str, path: str = "/", at: datetime = NOW) -> Verdict:
    return decide(blocklist, Host(host), path, at).verdict


def decisions(blocklist: Blocklist) -> dict[str, tuple[str, ...]]:
    return {str(entry): entry.decisions for entry in blocklist.entries}


def test_a_category_decides_on_all_hosts_of_its_services() -> None:
    blocklist = compiled("categories: {assistant: {verdict: block}}").blocklist
    assert verdict(blocklist, "www.chat.example") is Verdict.BLOCK
    assert verdict(blocklist, "shared.example", "/chat/x") is Verdict.BLOCK
    assert verdict(blocklist, "shared.example") is Verdict.ALLOW
    assert blocklist.decisions["category assistant"].why is Why.AGREEMENT
    assert {"chat", "babbel"} <= set(blocklist.services)


def test_what_lies_below_and_is_undecided_stays_open() -> None:
    blocklist = compiled("categories: {assistant: {verdict: block}}").blocklist
    assert decisions(blocklist)["exact api.chat.example"] == ()
    assert verdict(blocklist, "api.chat.example") is Verdict.ALLOW


def test_what_nothing_concerns_is_not_in_the_list() -> None:
    blocklist = compiled("categories: {image: {verdict: block}}").blocklist
    assert list(decisions(blocklist)) == ["suffix far.example", "suffix veiled.example"]
    assert set(blocklist.services) == {"far", "veiled"}


def test_a_service_comes_before_its_category() -> None:
    blocklist = compiled(
        "categories: {assistant: {verdict: block}}\nservices: {chat: {verdict: warn}}"
    ).blocklist
    assert verdict(blocklist, "chat.example") is Verdict.WARN
    assert verdict(blocklist, "babbel.example") is Verdict.BLOCK


def test_a_ban_comes_before_everything_and_alone() -> None:
    blocklist = compiled(
        "services: {far: {verdict: allow}}\n"
        "bans: [{id: cn, match: {owner_country: [CN]}, force: binding, set_by: x,"
        " decided_by: {nl: b, en: c}, reason: {nl: d, en: e}}]"
    ).blocklist
    assert decisions(blocklist) == {"suffix far.example": ("ban cn",)}
    ban = blocklist.decisions["ban cn"]
    assert (ban.why, ban.decider, ban.reason) == (
        Why.BAN,
        {"nl": "b", "en": "c"},
        {"nl": "d", "en": "e"},
    )


def test_a_binding_ban_comes_before_an_advised_one() -> None:
    blocklist = compiled(
        "bans:\n"
        "  - {id: a, match: {service: far}, force: advised, set_by: x}\n"
        "  - {id: b, match: {vendor: verre}, force: binding, set_by: x}\n"
        "  - {id: c, match: {service: chat}, force: advised, set_by: x}\n"
    ).blocklist
    assert decisions(blocklist)["suffix far.example"] == ("ban b",)
    assert blocklist.decisions["ban c"].why is Why.ADVISED_BAN


def test_an_approval_opens_its_plan_from_its_first_day_to_its_last() -> None:
    blocklist = compiled("categories: {assistant: {verdict: block}}\n" + APPROVAL).blocklist
    first = datetime(2026, 1, 31, 23, tzinfo=UTC)  # midnight in Amsterdam in winter
    last = datetime(2026, 12, 31, 23, tzinfo=UTC)
    second = timedelta(seconds=1)
    for at, open_ in ((first - second, False), (first, True), (last - second, True), (last, False)):
        wanted = Verdict.ALLOW if open_ else Verdict.BLOCK
        assert verdict(blocklist, "werk.babbel.example", at=at) is wanted
        assert verdict(blocklist, "babbel.example", at=at) is Verdict.BLOCK


def test_an_approval_that_nobody_can_tell_opens_the_service() -> None:
    text = APPROVAL.replace("plan: enterprise", "plan: free\n    accept: {inseparable: words}")
    blocklist = compiled("categories: {assistant: {verdict: block}}\n" + text).blocklist
    assert verdict(blocklist, "babbel.example") is Verdict.ALLOW


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("2026-07-31", "2026-07-31T22:00:00+00:00"),
        ("2026-12-31", "2026-12-31T23:00:00+00:00"),
        ("2027-03-27", "2027-03-27T23:00:00+00:00"),
        ("2027-03-28", "2027-03-28T22:00:00+00:00"),
        ("2027-10-31", "2027-10-31T23:00:00+00:00"),
    ],
)
def test_an_end_includes_its_day_in_the_time_zone_also_when_clocks_change(
    day: str, instant: str
) -> None:
    text = f"services: {{chat: {{verdict: observe, ends: {day}}}}}"
    early = datetime(2026, 1, 1, tzinfo=UTC)
    end = compiled(text, published=early).blocklist.decisions["service chat"].end
    assert end
    assert end.isoformat() == instant


def test_what_has_ended_is_left_out_and_the_next_decision_stands() -> None:
    text = (
        "categories: {assistant: {verdict: block}}\n"
        "services: {chat: {verdict: observe, ends: 2026-11-24}}"
    )
    blocklist = compiled(text).blocklist
    assert "service chat" not in blocklist.decisions
    assert verdict(blocklist, "chat.example") is Verdict.BLOCK


def test_a_name_that_is_never_blocked_under_an_entry_stops_the_compile() -> None:
    text = "never: [sign-in.chat.example]\ncategories: {assistant: {verdict: block}}"
    with pytest.raises(BadPolicy) as refused:
        compiled(text)
    (line,) = refused.value.problems
    assert line.startswith("policy.yaml:1: never[1]: sign-in.chat.example must never be blocked")
    assert "suffix chat.example (chat, acme.yaml:23)" in line


@pytest.mark.parametrize("name", ["chat.example", "example", "shared.example", "x.chat.example"])
def test_the_servers_own_names_under_an_entry_stop_the_compile_too(name: str) -> None:
    with pytest.raises(BadPolicy, match=name):
        compiled("categories: {assistant: {verdict: block}}", never=(name,))


def test_an_open_entry_covers_nothing() -> None:
    text = "never: [chat.example]\nservices: {chat: {verdict: allow}}"
    assert compiled(text, never=("far.example",)).blocklist.never == ("chat.example", "far.example")


POLICY = (
    "categories: {assistant: {verdict: block}, image: {verdict: warn}}\n"
    "services: {api: {verdict: block}, far: {verdict: observe, ends: 2027-01-01}}\n"
    "never: [a.example.nl, b.example.nl]\n"
)
SHUFFLED = (
    "never: [b.example.nl, a.example.nl]\n"
    "services: {far: {ends: 2027-01-01, verdict: observe}, api: {verdict: block}}\n"
    "categories: {image: {verdict: warn}, assistant: {verdict: block}}\n"
)


def test_the_same_decisions_give_the_same_bytes_in_any_order() -> None:
    backwards = made_up_catalogue(backwards=True)
    first = compiled(POLICY)
    for other in (compiled(POLICY), compiled(SHUFFLED, catalogue=backwards)):
        assert other.blocklist.dump() == first.blocklist.dump()
        assert pack(other.blocklist) == pack(first.blocklist)
        assert other.not_enforced == first.not_enforced


def test_a_list_reads_back_as_it_was() -> None:
    blocklist = compiled(POLICY + APPROVAL).blocklist
    assert Blocklist.parse(blocklist.dump()) == blocklist
    values = [(entry.value, entry.kind) for entry in blocklist.entries]
    assert values == sorted(values)


def test_another_offset_is_the_same_instant() -> None:
    later = NOW.astimezone(tz=None).replace(microsecond=5)
    assert compiled(POLICY, published=later).blocklist == compiled(POLICY).blocklist


def test_the_whole_shipped_catalogue_compiles() -> None:
    catalogue = load_catalogue()
    text = "\n".join(f"  {each}: {{verdict: block}}" for each in ("assistant", "coding", "image"))
    blocklist = compiled(f"categories:\n{text}\n", catalogue=catalogue).blocklist
    assert verdict(blocklist, "chatgpt.com") is Verdict.BLOCK
    assert verdict(blocklist, "github.com") is Verdict.ALLOW
