"""What a list offers instead: approved things alone, the European first, or nothing at all."""

from __future__ import annotations

from blocklists.blocklist import Alternative, Blocklist
from tests.blocklists.policy.test_loading import APPROVAL
from tests.blocklists.test_compiler import compiled

ROW = "  - {id: %s, name: X, url: 'https://%s/', country: %s, use: {nl: a, en: b}}\n"


def named(*rows: tuple[str, str, str]) -> str:
    return "alternatives:\n" + "".join(ROW % row for row in rows)


def offered(text: str) -> dict[str, Alternative]:
    return {each.id: each for each in listed(text).alternatives}


def listed(text: str) -> Blocklist:
    return compiled(text).blocklist


def test_european_only_if_all_that_is_known_of_it_is() -> None:
    allowed = "services: {chat: {verdict: allow}, babbel: {verdict: allow}}\n"
    rows = [(name, f"x.{name}.nl", where) for name, where in [("own", "NO"), ("own-2", "CH")]]
    rows += [("chat", "chat.example", "NL"), ("babbel", "babbel.example", "NL")]
    found = offered(allowed + named(*rows))
    assert {name: each.european for name, each in found.items()} == {
        "own": True,
        "own-2": False,
        "chat": False,
        "babbel": True,
    }


def test_european_come_first_and_else_the_policys_order() -> None:
    rows = [("a", "a.nl", "US"), ("b", "b.nl", "NL"), ("c", "c.nl", "CH"), ("d", "d.nl", "FR")]
    assert list(offered(named(*rows))) == ["b", "d", "a", "c"]


def test_a_service_that_nobody_approved_is_not_offered() -> None:
    rows = ("chat", "chat.example", "US"), ("ours", "www.babbel.example", "NL")
    assert offered(named(*rows)) == {}


def test_a_service_at_an_address_of_the_organisations_own_is_its_own() -> None:
    found = offered(named(("babbel", "babbel.voorbeeld.nl", "NL")))["babbel"]
    assert (found.service, found.european) == ("", True)


def test_a_service_that_is_only_measured_or_warned_of_is_not_offered() -> None:
    verdicts = "services: {chat: {verdict: warn}, babbel: {verdict: observe, ends: 2026-12-31}}\n"
    rows = ("chat", "chat.example", "US"), ("babbel", "babbel.example", "NL")
    assert offered(verdicts + named(*rows)) == {}


def test_an_approved_service_is_offered_without_being_named() -> None:
    found = offered(APPROVAL)["babbel"]
    assert (found.name, found.url) == ("Babbel", "https://werk.babbel.example/")
    assert (found.service, found.country, found.european) == ("babbel", "NL", True)
    assert found.categories == ("assistant", "image")  # its own, and of what it replaces
    assert found.use == {"nl": "Samenvatten", "en": "Summarise"}


def test_the_policys_own_words_for_an_approved_service_win() -> None:
    found = offered(APPROVAL + ROW % ("ours", "werk.babbel.example", "NL"))
    assert {name: each.service for name, each in found.items()} == {"vlam": "", "ours": "babbel"}


def test_what_has_ended_is_not_offered() -> None:
    ended = APPROVAL.replace("ends: 2026-12-31", "ends: 2026-11-24")
    assert list(offered(ended)) == ["vlam"]


def test_no_alternative_yet_is_a_list_like_any_other() -> None:
    blocklist = listed("categories: {assistant: {verdict: block}}")
    assert blocklist.alternatives == ()
    assert blocklist.entries
