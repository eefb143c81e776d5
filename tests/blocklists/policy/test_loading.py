"""A policy file: what it gives, and every fault of it in one pass."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocklists.blocklist import Verdict
from blocklists.catalogue import Catalogue, Category, PlanKind
from blocklists.compiler import compile_blocklist
from blocklists.policy import Force, Policy, Transfer, load_policy
from blocklists.yamlfile import BadFile, Node
from blocklists.yamlfile.loading import read
from tests.simulators.catalogue import made_up_catalogue

SERVICES = made_up_catalogue().services

WHOLE = """\
version: 1.10
organisation: {name: Gemeente Voorbeeld, time_zone: Europe/Amsterdam}
contact: {nl: de servicedesk, en: the service desk}
links: {request: https://www.example.nl/vraag}
never: [Login.Example.NL.]
categories: {assistant: {verdict: block}}
services: {chat: {verdict: observe, ends: 2026-12-31, audience: everyone}}
bans:
  - {id: far, match: {owner_country: [NO, CN]}, force: advised, set_by: doc,
     decided_by: {nl: b, en: b}, reason: {nl: r, en: r}}
texts: {nl: Zin.}
"""
APPROVAL = """\
approvals:
  - id: babbel-2026
    service: babbel
    plan: enterprise
    kind: project
    audience: everyone
    owner: team letters
    purpose: {nl: Samenvatten, en: Summarise}
    never: [personal data]
    human_check: {role: author, how: reads everything}
    starts: 2026-02-01
    ends: 2026-12-31
    basis:
      need: {problem: p, why_not_otherwise: w, considered: [templates]}
      risk: {ref: RA-1, date: 2026-01-01}
      dpia: {ref: DPIA-1, date: 2026-01-02, review_by: 2027-01-02, residual: []}
      agreement: {ref: C-1, ends: 2027-06-30, sharing: none, retention_days: 30, retraining: no}
      transfer: {mechanism: none}
      advice: [{role: fg, date: 2026-01-03, outcome: positive}]
    stop: {owner_role: cio, fallback: vlam, data: delete, tell: {nl: Stop, en: Stop}}
alternatives:
  - {id: vlam, name: Vlam, url: "https://vlam.example.nl/", country: NL, use: {nl: x, en: x}}
"""


Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"


def plain(node: Node) -> Tree:
    """Give a node as Python's own values."""
    if isinstance(node.value, list):
        return [plain(each) for each in node.value]
    if isinstance(node.value, dict):
        return {key: plain(each) for key, each in node.value.items()}
    return node.value


def places(tree: Tree) -> Iterator[Callable[[Tree], None]]:
    """Give for each place of a tree what puts another value there."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield partial(tree.__setitem__, key)
            yield from places(value)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield partial(tree.__setitem__, index)
            yield from places(value)


def policy(text: str) -> Policy:
    return load_policy(text.encode(), "policy.yaml", SERVICES)


def told(text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        policy(text)
    return str(refused.value).split("\n")


def test_a_whole_policy() -> None:
    found = policy(WHOLE + APPROVAL)
    assert (found.version, found.organisation) == ("1.10", "Gemeente Voorbeeld")
    assert list(found.never) == ["login.example.nl"]
    assert found.categories[Category.ASSISTANT].verdict is Verdict.BLOCK
    assert found.services["chat"].ends == date(2026, 12, 31)
    assert found.bans[0].force is Force.ADVISED
    assert found.bans[0].match.owner_countries == {"NO", "CN"}
    assert found.texts == {"nl": "Zin."}
    approval = found.approvals[0]
    assert (approval.plan, approval.ends) == (PlanKind.ENTERPRISE, date(2026, 12, 31))
    assert approval.basis.transfer is Transfer.NONE
    assert approval.basis.dpia.review_by == date(2027, 1, 2)
    assert approval.basis.agreement.retraining is False


def test_a_policy_that_decides_nothing_has_an_organisation_and_a_zone() -> None:
    found = policy("services: {}\n")
    assert found.organisation
    assert found.time_zone == "Europe/Amsterdam"


FAULTS = [
    ("servces: {}", "1: servces: servces is no key here", "did you mean services?"),
    ("services: {chat: {verdict: off}}", "1: services.chat.verdict: off", "allow, observe, warn"),
    ("services: {chat: {}}", "1: services.chat.verdict: is missing", ""),
    ("services: {chatt: {verdict: block}}", "1: services.chatt", "did you mean chat?"),
    ("services:\n  chat:\n    verdict: observe", "3: services.chat.verdict: observe", "ends: 20"),
    ("services: {chat: {verdict: warn, audience: hr}}", "audience: hr", "not there yet"),
    ("categories: {asistant: {verdict: warn}}", "categories.asistant", "did you mean assistant?"),
    ("organisation: {time_zone: Mars/Base}", "organisation.time_zone", "no time zone"),
    ("organisation: {time_zone: ../../etc}", "organisation.time_zone", "no time zone"),
    ("contact: {nl: de servicedesk}", "contact.en: is missing", ""),
    ("links: {request: http://www.example.nl}", "links.request", "https://host/path"),
    ("links: {request: 'https://u:p@example.nl/'}", "links.request", "https://host/path"),
    ("links: {request: 'javascript:alert(1)'}", "links.request", "https://host/path"),
    ("links: {ask: https://www.example.nl}", "links.ask", "known are request, allowed"),
    ("never: ['*.example.nl']", "never[1]", "write suffix example.nl"),
    ("postures: []", "postures: postures is not there yet", ""),
    ("bans: [{id: a, match: {owner_country: [NO]}, force: hard, set_by: x}]", "force", "binding"),
    ("bans: [{id: a, match: {owner_country: []}, force: binding, set_by: x}]", "is empty", ""),
    ("bans: [{id: a, match: {owner_country: [UK]}, force: binding, set_by: x}]", "UK", ""),
    ("bans: [{id: a, match: {}, force: binding, set_by: x}]", "bans[1].match", "one of"),
    ("bans: [{id: a, match: {vendor: acne}, force: binding, set_by: x}]", "vendor acne", "acme?"),
    ("bans: [{id: a, match: {service: x}, force: binding}]", "set_by: is missing", ""),
    ("bans: [{id: A, match: {service: chat}, force: binding, set_by: x}]", "A is no id", ""),
    ("alternatives: [{id: a, name: A, url: x, country: NL, use: {nl: x, en: x}}]", "url", ""),
    ("texts: {de: x}", "texts.de", "known are nl, en"),
]


@pytest.mark.parametrize(("text", "where", "words"), FAULTS)
def test_a_fault_names_line_field_and_what_is_right(text: str, where: str, words: str) -> None:
    assert any(where in line and words in line for line in told(text)), told(text)


APPROVAL_FAULTS = [
    ("    owner: team letters\n", "", "owner: is missing"),
    ("      need: {", "      ned: {", "basis.need: is missing"),
    ("considered: [templates]", "considered: []", "need.considered: is empty"),
    ("      risk: {ref: RA-1, date: 2026-01-01}\n", "", "basis.risk: is missing"),
    ("review_by: 2027-01-02, ", "", "basis.dpia.review_by: is missing"),
    ("retention_days: 30", "retention_days: a month", "retention_days: a month does not fit"),
    ("retraining: no", "retraining: maybe", "write one of no, yes"),
    ("      transfer: {mechanism: none}\n", "", "basis.transfer: is missing"),
    ("mechanism: none", "mechanism: shield", "write one of none, adequacy, dpf, scc"),
    ("advice: [{role: fg, date: 2026-01-03, outcome: positive}]", "advice: []", "advice: is empty"),
    ("kind: project", "kind: individual", "individual approvals are not there yet"),
    ("kind: project", "kind: both", "write one of project"),
    ("kind: project", "kind: project\n    requires: [x]", "requires is not there yet"),
    ("audience: everyone", "audience: beleid", "beleid is not there yet"),
    ("ends: 2026-12-31", "ends: 2026-01-31", "lies before starts"),
    ("ends: 2026-12-31", "ends: 2028-02-02", "write 2028-02-01 or earlier"),
    ("ends: 2027-06-30", "ends: 2026-06-30", "before the approval does"),
    ("plan: enterprise", "plan: gold", "plan: gold is not known"),
    ("plan: enterprise", "plan: team", "babbel has no plan team; the catalogue knows free"),
    ("plan: enterprise", "plan: free", "no enforcer can tell plan free of babbel"),
    ("fallback: vlam", "fallback: flam", "stop.fallback flam is neither"),
    ("service: babbel", "service: babel", "did you mean babbel?"),
    ("service: babbel", "service: chat", "chat is not European (vendor US, owner US, host US)"),
    ("tell: {nl: Stop, en: Stop}", "tell: {nl: Stop}", "stop.tell.en: is missing"),
]


@pytest.mark.parametrize(("right", "wrong", "words"), APPROVAL_FAULTS)
def test_an_approval_without_all_of_its_parts_is_refused(
    right: str, wrong: str, words: str
) -> None:
    assert right in APPROVAL
    assert any(words in line for line in told(APPROVAL.replace(right, wrong)))


def test_every_fault_of_a_file_in_one_pass() -> None:
    text = (
        "servces: {}\n"
        "categories: {image: {verdict: of}}\n"
        "services:\n"
        "  far: {verdict: block}\n"
        "  far: {verdict: observe}\n" + APPROVAL.replace("plan: enterprise", "plan: free")
    )
    assert [line.split(":")[1] for line in told(text)] == ["1", "2", "5", "7"]


def test_a_banned_service_cannot_be_approved() -> None:
    ban = "bans: [{id: none, match: {vendor: noord}, force: advised, set_by: x}]\n"
    (line,) = told(ban + APPROVAL)
    assert line == (
        "policy.yaml:3: approvals[1]: babbel falls under ban none, and no approval lifts a ban"
    )


def test_a_plan_that_nobody_can_tell_stands_with_words() -> None:
    words = "plan: free\n    accept: {inseparable: 'the team checks the accounts'}"
    found = policy(APPROVAL.replace("plan: enterprise", words))
    assert found.approvals[0].inseparable == "the team checks the accounts"


def test_a_service_from_elsewhere_stands_with_the_words_why() -> None:
    words = "european: {considered: [babbel], why_not: no images}\n      transfer:"
    text = APPROVAL.replace("service: babbel", "service: chat").replace("transfer:", words)
    assert policy(text).approvals[0].basis.european


def test_an_id_twice() -> None:
    bans = "bans:\n" + "  - {id: a, match: {service: far}, force: binding, set_by: x}\n" * 2
    assert told(bans) == ["policy.yaml:3: bans[2].id: a is taken at line 2; give each its own id"]


def test_an_approval_may_hold_the_day_after_a_leap_day() -> None:
    text = APPROVAL.replace("starts: 2026-02-01", "starts: 2026-02-28")
    late = text.replace("ends: 2027-06-30", "ends: 2030-01-01")
    found = policy(late.replace("ends: 2026-12-31", "ends: 2028-02-28"))
    assert found.approvals[0].ends == date(2028, 2, 28)
    assert "2028-02-28 or earlier" in told(late.replace("ends: 2026-12-31", "ends: 2028-02-29"))[0]


TREE = read(f"{WHOLE}{APPROVAL}".encode(), "policy.yaml", plain)
ODD = st.recursive(
    st.sampled_from(["", "x", "true", "0", "2026-02-30", "NO", "\u00e9", "*", "9" * 400]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.data())
def test_whatever_stands_in_a_place_gives_a_policy_or_its_faults(data: st.DataObject) -> None:
    """One value of a whole policy is changed into anything; what loads must compile."""
    tree = copy.deepcopy(TREE)
    put = data.draw(st.sampled_from(list(places(tree))))
    put(data.draw(ODD))
    text = json.dumps(tree, ensure_ascii=False)
    try:
        found = policy(text)
    except BadFile:
        return
    now = datetime(2026, 11, 25, tzinfo=UTC)
    compile_blocklist(Catalogue(SERVICES), found, version=1, published=now, never=())
