"""The pages as people use them: Debian's Chromium, a real server, both languages, axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.simulators.endpoint import ask, attempt, report
from tests.simulators.running import RunningTrial

AXE = Path("node_modules/axe-core/axe.min.js")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = os.environ.get("SLUIS_CHROMIUM") or shutil.which("chromium")
    assert program, "chromium is missing: run `make setup`"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTrial]:
    """A trial with some days of attempts and contacts."""
    with RunningTrial(tmp_path_factory.mktemp("site") / "data") as running:
        device = running.endpoint()
        now = running.clock()
        entries: list[dict[str, Any]] = [attempt(now, times=3), attempt(now, service="claude")]
        entries.append(attempt(now, kind="contact", channel="connection", layer=None, times=40))
        entries.append(attempt(now, service="perplexity", verdict="warn"))
        running.call(_open_reporting(running))
        answer = report(running.url, device.tickets()[0], entries)
        assert [one["outcome"] for one in answer.json["results"]] == ["accepted"] * 4, answer.body
        yield running


async def _open_reporting(running: RunningTrial) -> None:
    """A trial takes reports from its first minute on; let that minute pass."""
    running.clock.forward(timedelta(minutes=1))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(bypass_csp=False, locale="nl-NL")
    yield opened
    opened.close()


def link(trial: RunningTrial) -> str:
    return f"{trial.url}/sign-in#{trial.call(trial.parts.sessions.link())}"


def signed_in(trial: RunningTrial, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(link(trial))
    page.wait_for_url("**/oversight/*")
    return page


def findings(page: Page) -> list[str]:
    """What axe finds; it is put in past the page's own CSP, which has its own test."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']})"
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def test_the_link_signs_in_and_the_code_leaves_the_address(
    trial: RunningTrial, context: BrowserContext
) -> None:
    page = signed_in(trial, context)
    assert page.title() == "Overzicht – Sluis"
    assert "#" not in page.url
    [cookie] = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")


def test_a_code_works_once_and_can_be_pasted(trial: RunningTrial, context: BrowserContext) -> None:
    code = trial.call(trial.parts.sessions.link())
    page = context.new_page()
    for _ in range(2):
        page.goto(f"{trial.url}/sign-in?lang=en")
        page.get_by_label("One-time code").fill(code)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
    assert "does not work" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("One-time code").input_value() == ""


def test_attempts_and_contacts_stand_apart_unsuppressed_and_said_so(
    trial: RunningTrial, context: BrowserContext
) -> None:
    page = signed_in(trial, context)
    page.goto(f"{trial.url}/oversight/?lang=en")
    assert (
        "all numbers are shown as they are"
        in page.get_by_role("complementary", name="Trial").inner_text()
    )
    rows = page.get_by_role("table", name="By service and verdict").locator("tbody tr")
    cells = [row.split("\t") for row in rows.all_inner_texts()]
    assert [cell[:4] for cell in cells] == [
        ["ChatGPT", "block", "3", "40"],
        ["Claude", "block", "1", "0"],
        ["Perplexity", "warn", "1", "0"],
    ]
    today = page.get_by_role("region", name="What happened today?").inner_text()
    assert "5 attempts of people" in today
    assert "40 contacts in the background" in today
    page.get_by_text("As a table").click()
    days = page.get_by_role("table", name="Attempts and contacts by day").locator("tbody tr")
    assert days.count() == 35
    assert days.first.inner_text().split("\t")[1:] == ["5", "40"]


def test_one_service_under_one_verdict_by_day(trial: RunningTrial, context: BrowserContext) -> None:
    page = signed_in(trial, context)
    page.goto(f"{trial.url}/oversight/?lang=en")
    page.get_by_role("link", name="Claude").click()
    page.get_by_text("As a table").click()
    days = page.get_by_role("table", name="Attempts and contacts by day").locator("tbody tr")
    assert days.first.inner_text().split("\t")[1:] == ["1", "0"]
    page.get_by_role("link", name="Show all services").click()
    assert "service=" not in page.url


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    trial: RunningTrial, context: BrowserContext, language: str, scheme: str, width: int
) -> None:
    page = signed_in(trial, context)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/oversight/", "/oversight/?service=claude&verdict=block", "/sign-in"):
        page.goto(f"{trial.url}{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_obeys_its_own_strict_csp(trial: RunningTrial, context: BrowserContext) -> None:
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(link(trial))
    page.wait_for_url("**/oversight/*")
    assert said == []
    headers = page.reload().all_headers()  # type: ignore[union-attr]
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_signing_out_ends_the_session_on_the_server(
    trial: RunningTrial, context: BrowserContext
) -> None:
    page = signed_in(trial, context)
    [cookie] = context.cookies()
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url("**/sign-in")
    headers = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    assert ask(trial.url, "GET", "/oversight/", b"", headers).status == 401


def test_a_form_of_another_site_is_refused(trial: RunningTrial, context: BrowserContext) -> None:
    signed_in(trial, context)
    [cookie] = context.cookies()
    mine = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert ask(trial.url, "POST", "/sign-out", b"", mine | foreign).status == 403
    assert ask(trial.url, "GET", "/oversight/", b"", mine).status == 200


def test_the_keyboard_reaches_everything_in_order(
    trial: RunningTrial, context: BrowserContext
) -> None:
    page = signed_in(trial, context)
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached[:5] == [
        "Naar de inhoud",
        "Overzicht",
        "Uitloggen",
        "English",
        "Welke, en waarom",
    ]
