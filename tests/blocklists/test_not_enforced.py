"""What a report says that nobody can enforce."""

from __future__ import annotations

from datetime import UTC, datetime

from blocklists.compiler import compile_blocklist
from blocklists.not_enforced import NotEnforced
from blocklists.policy import load_policy
from tests.blocklists.policy.test_loading import APPROVAL
from tests.simulators.catalogue import made_up_catalogue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CATALOGUE = made_up_catalogue()
EUROPEAN = "european: {considered: [babbel], why_not: no images}\n      transfer:"


def left(text: str) -> list[NotEnforced]:
    policy = load_policy(text.encode(), "policy.yaml", CATALOGUE.services)
    compiled = compile_blocklist(CATALOGUE, policy, version=1, published=NOW, never=())
    return list(compiled.not_enforced)


def codes(text: str) -> dict[str, str]:
    return {each.what: each.code for each in left(text)}


def of_plan(plan: str) -> str:
    text = APPROVAL.replace("service: babbel", "service: chat").replace("transfer:", EUROPEAN)
    words = f"plan: {plan}\n    accept: {{inseparable: 'we check the accounts'}}"
    return text.replace("plan: enterprise", words)


def test_plans_that_cannot_be_told_are_named_with_the_policys_own_words() -> None:
    for plan, code in (("free", "plan"), ("team", "plan-header"), ("self-hosted", "plan-app")):
        (found,) = (each for each in left(of_plan(plan)) if each.what == "approval babbel-2026")
        assert found.code == code
        assert found.why["en"].endswith("The reason in the policy: we check the accounts")
        assert "De reden in het beleid: we check the accounts" in found.why["nl"]
    header = next(each for each in left(of_plan("team")) if each.code == "plan-header")
    assert "X-Acme-Team" in header.why["en"]


def test_a_plan_told_by_its_hosts_is_enforced() -> None:
    assert "approval babbel-2026" not in codes(APPROVAL)


def test_an_unknown_owner_is_not_banned_and_is_named() -> None:
    text = "bans: [{id: cn, match: {owner_country: [CN]}, force: binding, set_by: x}]"
    (found,) = (each for each in left(text) if each.code == "owner-unknown")
    assert found.what == "ban cn"
    assert "The owner is unknown of: Veiled." in found.why["en"]


def test_a_service_without_hosts_is_named() -> None:
    assert codes("services: {app: {verdict: block}}")["service app"] == "no-hosts"
    assert codes("categories: {assistant: {verdict: block}}")["service app"] == "no-hosts"
    assert "service app" not in codes("services: {app: {verdict: allow}}")


def test_warn_and_observe_are_for_browsers() -> None:
    found = codes(
        "services: {far: {verdict: warn}}\n"
        "categories: {image: {verdict: observe, ends: 2027-01-01}}"
    )
    assert found["service far"] == "warn-outside-browser"
    assert found["category image"] == "observe-outside-browser"


def test_entries_that_dns_cannot_hold_are_named() -> None:
    found = codes("services: {chat: {verdict: block}}")
    assert found["path shared.example/chat"] == "path"
    assert found["exact chat-api.example"] == "names-below"
    assert found["suffix chat.example"] == "open-below"  # the API below it is undecided
    assert "exact chat-leaf.example" not in found


def test_programs_are_always_named() -> None:
    assert codes("services: {}") == {"programs": "programs"}
