"""The extension in Debian's Chromium, forced by policy from a real `sluis serve`."""

from __future__ import annotations

import io
import json
import time
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.extension.extended import Counted, Extended
from tests.simulators.attacker import Attacker
from tests.simulators.internet import SERVER, SERVER_NAME
from tests.simulators.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulators.organisation import Organisation
    from tests.simulators.world import World

ROOT = Path(__file__).parents[2]
POLICY = (ROOT / "server/decisions/trial-policy.yaml").read_text("utf-8")
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
RULES = (
    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
    " 'best-practice']}).then(found => found.violations.map(one => one.id + ': '"
    " + one.nodes.map(node => node.html.slice(0, 120)).join(' | ')))"
)


def show_in(browser: Extended, language: str) -> None:
    """Let the page be in this language, as a reader chooses it."""
    browser.evaluate(f"document.querySelector('button[lang={language}]')?.click()")
    until("the language", lambda: browser.evaluate("document.documentElement.lang") == language)


def test_the_package_is_small_and_holds_nothing_of_an_organisation(
    organisation: Organisation,
) -> None:
    files = [path for path in (ROOT / "extension").rglob("*") if path.is_file()]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            packed.write(path)
    assert len(archive.getvalue()) < 150_000
    for path in files:
        assert organisation.pin not in path.read_text("utf-8")
        assert "Gemeente" not in path.read_text("utf-8")


def test_all_rules_are_in_force(browser: Extended) -> None:
    assert browser.kept("health") == {"state": "in-force"}
    assert browser.kept("freshness")["state"] == "fresh"
    assert browser.kept("settings")["problems"] == []


def test_a_notice_stands_in_place_of_the_site(browser: Extended, world: World) -> None:
    page = browser.visit("https://chatgpt.com/c/secret?q=words")
    assert page.url == f"{browser.own}pages/notice.html?service=chatgpt"
    assert page.title == "ChatGPT kun je hier niet gebruiken – Sluis"
    assert "Je hoeft niets te doen. Je naam staat hier niet bij." in page.text
    assert "Dit is een proef met Sluis." in page.text
    assert browser.evaluate("document.documentElement.lang") == "nl"
    assert browser.evaluate("document.activeElement.tagName") == "H1"
    assert browser.evaluate("document.querySelectorAll('.button').length") == 1
    assert "chatgpt.com" not in world.internet.seen("dns")


def test_the_attempt_is_reported_once(browser: Extended) -> None:
    browser.visit("https://claude.ai/")
    until("the attempt is counted", lambda: browser.counted("claude"), 20)
    assert browser.counted("claude") == [Counted("claude.ai", "rule", "attempt", "stopped")]


@pytest.mark.parametrize(
    "url",
    [
        *("http://chatgpt.com/", "https://www.chatgpt.com/", "https://chatgpt.com./"),
        *("https://CHATGPT.com/", "https://u:p@chatgpt.com/", "https://chatgpt.com:8443/"),
        *("https://gemini.google.com/", "https://u:p@gemini.google.com./app?x#y"),
        *("https://github.com/copilot", "https://u:p@github.com/copilot/x"),
        *("view-source:https://chatgpt.com/",),
    ],
)
def test_stopped(browser: Extended, url: str) -> None:
    browser.open("about:blank")
    assert browser.stopped(url)


@pytest.mark.parametrize(
    "url",
    [
        *("https://allowed.example/", "https://notchatgpt.com/", "https://google.com/"),
        *("https://x.gemini.google.com/", "https://github.com/", "https://github.com/copilots"),
        *("https://chat.mistral.ai/", "https://allowed.example/?u=https://chatgpt.com/"),
    ],
)
def test_open(browser: Extended, url: str) -> None:
    page = browser.visit(url)
    assert page.url == url
    assert page.text.startswith("The internet's ")


def test_a_widget_of_a_blocked_service_is_a_contact(browser: Extended) -> None:
    browser.visit("https://allowed.example/")
    failed = browser.evaluate(
        "fetch('https://www.deepseek.com/widget', {mode: 'no-cors'}).then(() => '', String)"
    )
    assert "Failed to fetch" in failed
    until("the contact is counted", lambda: browser.counted("deepseek"), 20)
    assert browser.counted("deepseek") == [
        Counted("www.deepseek.com", "rule", "contact", "stopped")
    ]


def test_what_observe_lets_through_is_counted(browser: Extended) -> None:
    assert not browser.stopped("https://www.deepl.com/")
    until("the visit is counted", lambda: browser.counted("deepl"), 20)
    assert browser.counted("deepl") == [Counted("www.deepl.com", "net", "attempt", "let_through")]


NOTICES = {
    "agreement": "https://chatgpt.com/",
    "ban": "https://chat.deepseek.com/",
    "warn": "https://www.perplexity.ai/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("why", NOTICES)
def test_everybody_can_read_the_notice(
    browser: Extended, why: str, language: str, scheme: str
) -> None:
    browser.show(viewport=(1000, 700), colour_scheme="dark" if scheme == "dark" else "light")
    browser.visit(NOTICES[why])
    show_in(browser, language)
    browser.evaluate(AXE)
    assert browser.evaluate(RULES) == []
    if why == "warn":
        browser.evaluate("document.querySelector('form').requestSubmit()")
        until("the fault is told", lambda: browser.evaluate("error.textContent"))
        assert browser.evaluate("document.activeElement.type") == "radio"
        assert browser.evaluate(RULES) == []


@pytest.mark.parametrize("why", NOTICES)
def test_at_400_per_cent_nothing_is_cut_off(browser: Extended, why: str) -> None:
    browser.show(viewport=(320, 256))
    browser.visit(NOTICES[why])
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browser.show(viewport=(1000, 700))


def press(browser: Extended, key: str, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        browser.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text,
                        windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key])  # fmt: skip


def test_the_keyboard_alone_reaches_all(browser: Extended) -> None:
    browser.visit("https://chatgpt.com/")
    show_in(browser, "nl")
    browser.command("Emulation.setFocusEmulationEnabled", enabled=True)
    here = "document.activeElement.textContent"
    title = "ChatGPT kun je hier niet gebruiken"
    until("the heading has the focus", lambda: browser.evaluate(here) == title)
    reached = []
    for _ in range(3):
        press(browser, "Tab")
        reached.append(browser.evaluate(here))
    assert reached == ["Vlam-chat openen", "Le Chat openen", "English"]
    press(browser, "Enter", "\r")
    until("English", lambda: browser.evaluate("document.documentElement.lang") == "en")


def test_the_language_that_was_chosen_stays(browser: Extended) -> None:
    browser.visit("https://chatgpt.com/")
    show_in(browser, "en")
    assert browser.visit("https://copilot.microsoft.com/").title.startswith("You cannot use")
    show_in(browser, "nl")


def test_an_alternative_opens_and_is_what_became_of_it(browser: Extended) -> None:
    browser.visit("https://character.ai/")
    browser.evaluate("document.querySelector('a.button').click()")
    until("the alternative", lambda: browser.page().url == "https://vlam-chat.example.nl/")
    until("the outcome is counted", lambda: browser.counted("character-ai"), 20)
    assert [one.outcome for one in browser.counted("character-ai")] == ["alternative"]


def test_back_goes_to_the_page_before(browser: Extended) -> None:
    browser.visit("https://allowed.example/")
    browser.evaluate("location.href = 'https://www.perplexity.ai/'")
    until("the notice", lambda: browser.evaluate("document.querySelector('form') !== null"))
    browser.evaluate("document.querySelector('form button[type=button]').click()")
    until("the page before", lambda: browser.page().url == "https://allowed.example/")


def test_going_on_with_a_reason_opens_the_service_until_the_day_ends(browser: Extended) -> None:
    assert browser.visit("https://github.com/copilot/x").title.startswith("Let op")
    browser.evaluate("document.querySelector('input[value=trying_out]').click()")
    browser.evaluate("document.querySelector('form').requestSubmit()")
    until("the site opens", lambda: browser.page().url == "https://github.com/copilot")
    assert not browser.stopped("https://github.com/copilot/y")
    browser.restart()
    browser.ready()
    until("still open", lambda: not browser.stopped("https://github.com/copilot"), 10)
    assert browser.stopped("https://www.perplexity.ai/")


def test_no_site_can_open_frame_or_forge_the_notice(browser: Extended) -> None:
    browser.visit("https://allowed.example/")
    known = browser.own + "pages/notice.html?service=suno"
    framed = f"""new Promise((resolve) => {{
        const frame = document.createElement('iframe');
        frame.src = {json.dumps(known)};
        frame.onload = () => resolve(frame.contentDocument === null);
        document.body.append(frame);
        setTimeout(resolve, 2000, 'never loaded');
    }})"""
    browser.evaluate(framed)
    frames = browser.command("Page.getFrameTree")["frameTree"].get("childFrames", [])
    assert all("notice.html" not in frame["frame"]["url"] for frame in frames), frames
    browser.evaluate(f"void (location.href = {json.dumps(known)})")
    time.sleep(0.5)
    with suppress(RuntimeError):
        assert "Suno" not in browser.page().text
    browser.open("about:blank")
    time.sleep(3)  # longer than it takes to count an attempt in a trial
    assert browser.counted("suno") == []


def test_the_popup_says_how_it_stands(browser: Extended) -> None:
    text = browser.visit(f"{browser.own}pages/popup.html").text
    assert text.startswith("Gemeente Voorbeeld\n\nDe lijst is actueel.\n\nLijst van ")
    assert "niet van kracht" not in text
    browser.evaluate(AXE)
    assert browser.evaluate(RULES) == []


@contextmanager
def assistants_allowed(organisation: Organisation) -> Iterator[None]:
    """Let the policy allow assistants, for as long as this lasts."""
    allowing = POLICY.replace("assistant: {verdict: block}", "assistant: {verdict: allow}")
    organisation.apply(allowing, may_shrink=True)
    try:
        yield
    finally:
        organisation.apply(POLICY)


def stopped_again(browser: Extended) -> None:
    """Wait until the policy that stops assistants is in force."""
    browser.visit(f"{browser.own}pages/popup.html")  # asks for the newest list
    until("stopped again", lambda: browser.stopped("https://chatgpt.com/"), 10)


def test_a_change_opens_the_site_at_the_next_try(
    browser: Extended, organisation: Organisation
) -> None:
    assert browser.stopped("https://chatgpt.com/")
    with assistants_allowed(organisation):
        begun = time.monotonic()
        assert browser.stopped("https://chatgpt.com/")  # this one fetches the new list
        until(
            "the notice says so", lambda: browser.page().title.startswith("Je kunt ChatGPT nu"), 5
        )
        assert not browser.stopped("https://chatgpt.com/")
        assert time.monotonic() - begun < 5
    stopped_again(browser)


@contextmanager
def published_at(
    world: World, address: tuple[str, int], *, afterwards: tuple[str, int]
) -> Iterator[None]:
    """Let the server's name lead to this address, and afterwards to the other."""
    world.internet.publish(SERVER, 443, address)
    try:
        yield
    finally:
        world.internet.publish(SERVER, 443, afterwards)


def test_a_tampered_repository_is_refused_and_the_list_stays(
    browser: Extended, organisation: Organisation, world: World
) -> None:
    stopped_again(browser)
    certificate = world.internet.authority.issue(SERVER_NAME)
    server = ("127.0.0.1", organisation.tls_port)
    with (
        Attacker(server, trust=organisation.authority, certificate=certificate) as man,
        published_at(world, man.address, afterwards=server),
    ):
        for file in ("timestamp.json", ".blocklist.json.gz"):
            man.tamper(file)
            with assistants_allowed(organisation):
                assert browser.stopped("https://chatgpt.com/")
                until("refused", lambda: browser.kept("freshness")["state"] == "refused", 10)
                assert browser.stopped("https://chatgpt.com/")
        assert "geweigerd" in browser.visit(f"{browser.own}pages/popup.html").text
        man.down()
        assert browser.stopped("https://chatgpt.com/")
        until("stale", lambda: browser.kept("freshness")["state"] == "stale", 10)
        assert browser.stopped("https://chatgpt.com/")
    browser.visit(f"{browser.own}pages/popup.html")
    until("fresh again", lambda: browser.kept("freshness")["state"] == "fresh", 10)


def test_the_first_tab_of_a_browser_is_caught_by_the_net(
    world: World, organisation: Organisation, browser: Extended
) -> None:
    """Chromium opens it before its rules: nothing but the net is left."""
    with Extended(world, organisation, profile="second") as second:
        second.ready()
        second.first = "https://www.midjourney.com/"
        second.restart()
        until(
            "a notice stands in a tab",
            lambda: [one for one in second.targets("page") if "service=midjourney" in one["url"]],
        )
        until("it is counted", lambda: second.counted("midjourney"), 20)
        assert second.counted("midjourney")[0].kind == "attempt"
