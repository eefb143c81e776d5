"""The notice of port 80: what it says in each case, and that it holds nothing it should not."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import msgspec
import pytest

from agent.notice.page import page
from blocklists.blocklist import (
    Alternative,
    Blocklist,
    Entry,
    ListedService,
    Ruled,
    Verdict,
    Why,
)
from blocklists.hosts import Host
from blocklists.matcher import decide
from tests.agent.small_daemon import NOW, blocklist

PLAIN = blocklist("chat.example")
ALTERNATIVES = tuple(
    Alternative(f"alt-{number}", f"Assistent {number}", f"https://alt-{number}.example/", "FR")
    for number in range(1, 6)
)
LINKS = {"request": "https://intranet.example/ask", "kept": "https://intranet.example/kept"}


def changed(blocklist: Blocklist, **values: object) -> Blocklist:
    return msgspec.structs.replace(blocklist, **values)


def ruled(why: Why, decider: str = "", reason: str = "") -> Blocklist:
    decided = Ruled(
        Verdict.BLOCK,
        why,
        decider={"nl": decider} if decider else {},
        reason={"nl": reason} if reason else {},
    )
    return changed(PLAIN, decisions={"category assistant": decided})


def html(blocklist: Blocklist, language: str = "nl", *, reports: bool = True) -> str:
    decision = decide(blocklist, Host("chat.example"), "/", NOW)
    made = page(blocklist, decision, language=language, reports=reports, at=NOW)
    return made.body.decode()


def text(source: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*</style>", "", source)))


class Elements(HTMLParser):
    """The tags of a page, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.found if tag == "a"]


def test_both_languages_the_managed_one_first() -> None:
    for language, own, other in (
        ("nl", "Chat kun je hier niet", "You cannot"),
        ("en", "You cannot", "Chat kun"),
    ):
        source = html(PLAIN, language)
        assert source.startswith(f'<!doctype html><html lang="{language}">')
        assert own in re.findall(r"<title>(.*?)</title>", source)[0]
        assert own in re.findall(r"<h1>(.*?)</h1>", source)[0]
        assert text(source).index(own) < text(source).index(other)
        _, _, behind = source.partition("<details")
        assert other in behind


def test_why_and_what_now() -> None:
    said = text(html(PLAIN))
    assert "nog geen goede afspraken over onze gegevens" in said
    assert "Je naam staat hier niet bij." in said
    assert "nog geen alternatief" in said
    assert "Vraag het na bij Gemeente Voorbeeld." in said


def test_where_nothing_is_reported_it_says_so() -> None:
    said = text(html(PLAIN, reports=False))
    assert "Hier wordt niets van bewaard." in said
    assert "Je naam" not in said


@pytest.mark.parametrize(
    ("blocklist_", "sentences"),
    [
        (
            ruled(Why.BAN, decider="Het kabinet", reason="spionage."),
            [
                "mag je niet gebruiken op apparaten",
                "Het kabinet besloten. De reden: spionage. Je kunt",
            ],
        ),
        (
            ruled(Why.BAN),
            ["Dat heeft Gemeente Voorbeeld besloten. Je kunt deze dienst niet aanvragen."],
        ),
        (ruled(Why.ADVISED_BAN, decider="De AIVD"), ["De AIVD raadt deze dienst af."]),
        (ruled(Why.ADVISED_BAN), ["volgt het advies"]),
        (ruled(Why.EMERGENCY), ["Dat heeft Gemeente Voorbeeld besloten."]),
        (changed(PLAIN, texts={"nl": "Vragen? Kom langs."}), ["Vragen? Kom langs."]),
        (changed(PLAIN, trial=True), ["Dit is een proef met Sluis."]),
        (changed(PLAIN, contact={"nl": "de servicedesk"}), ["Neem contact op met de servicedesk."]),
    ],
)
def test_each_reason(blocklist_: Blocklist, sentences: list[str]) -> None:
    said = text(html(blocklist_))
    for sentence in sentences:
        assert sentence in said


def test_every_why_has_a_page_in_both_languages() -> None:
    for why in Why:
        for language in ("nl", "en"):
            assert "{" not in text(html(ruled(why), language))


def test_alternatives_one_primary_and_the_rest_behind() -> None:
    source = html(changed(PLAIN, alternatives=ALTERNATIVES))
    first, _, _ = source.partition('<details class="other"')
    assert Elements(first).links() == [one.url for one in ALTERNATIVES]
    assert first.count('class="first"') == 1
    assert "Assistent 1 openen" in text(first)
    assert "Frankrijk" in text(first)
    assert "Toon alle 5" in text(first)


def test_an_alternative_that_is_blocked_itself_or_for_another_need_is_not_offered() -> None:
    first, second, third, fourth, fifth = ALTERNATIVES
    offered = (
        msgspec.structs.replace(first, url="https://chat.example/"),
        msgspec.structs.replace(second, categories=("image",)),
        msgspec.structs.replace(third, categories=("assistant",)),
        msgspec.structs.replace(fourth, url="javascript:alert(1)"),
        msgspec.structs.replace(fifth, url="https://"),
    )
    links = Elements(html(changed(PLAIN, alternatives=offered))).links()
    assert set(links) == {third.url}


def test_a_service_of_the_catalogue_is_offered_while_a_decision_allows_it() -> None:
    one = msgspec.structs.replace(ALTERNATIVES[0], service="work")
    entry = Entry("suffix", "alt-1.example", "work", ("approval work-2026",))
    known = {**PLAIN.services, "work": ListedService("Work", "assistant")}

    def links(*entries: Entry, start: datetime | None = None) -> set[str | None]:
        allowed = {**PLAIN.decisions, "approval work-2026": Ruled(Verdict.ALLOW, start=start)}
        offering = changed(PLAIN, alternatives=(one,), services=known, decisions=allowed)
        source = html(changed(offering, entries=(*PLAIN.entries, *entries)))
        return set(Elements(source).links())

    assert links(entry) == {one.url}
    assert links(entry, start=NOW + timedelta(days=1)) == set()
    assert links() == set()  # nobody decided on it


def test_links_of_the_policy_and_none_that_is_dead() -> None:
    source = html(changed(PLAIN, links=LINKS | {"wrong": "javascript:alert(1)", "allowed": ""}))
    assert set(Elements(source).links()) == set(LINKS.values())
    assert "Vraag Chat aan" in text(source)
    assert "Klopt dit niet?" not in text(source)


def test_words_of_the_organisation_are_only_words() -> None:
    evil = '"><script>alert(1)</script>'
    source = html(
        changed(
            ruled(Why.BAN, decider=evil, reason=evil),
            organisation=evil,
            texts={"nl": evil},
            contact={"nl": evil},
            links={"request": f"https://x.example/{evil}"},
            alternatives=(
                Alternative("a", evil, f"https://x.example/{evil}", evil, use={"nl": evil}),
            ),
        )
    )
    assert "script" not in {tag for tag, _ in Elements(source).found}


def test_it_loads_nothing_and_its_policy_lets_nothing_in() -> None:
    decision = decide(PLAIN, Host("chat.example"), "/", NOW)
    made = page(PLAIN, decision, language="nl", reports=True, at=NOW)
    source = made.body.decode()
    style = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in made.policy
    assert made.policy.startswith("default-src 'none';")
    for tag, attributes in Elements(source).found:
        assert tag not in {"script", "img", "iframe", "form", "base"}
        assert not {"src", "style", "onclick", "action"} & attributes.keys()
    assert "url(" not in style
    assert "chat.example" not in source
