"""Chromium: the real one, as a member of staff, with its sandbox."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.chromium import Chromium
from tests.simulators.host import processes
from tests.simulators.waiting import until
from tests.simulators.world import World

LOOK = "[innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches]"


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Chromium]:
    with Chromium(world.workstation) as browser:
        yield browser


def test_it_is_sandboxed_and_of_the_staff(world: World, browser: Chromium) -> None:
    browser.open("chrome://sandbox/")

    until("sandboxed", lambda: "You are adequately sandboxed." in browser.page().text)
    assert {owner(one.pid) for one in processes(world.folder) if is_chromium(one.pid)} == {"4711"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_opens_a_page(world: World, browser: Chromium, scheme: str) -> None:
    page = browser.open(f"{scheme}://allowed.example/page")

    assert page.url == f"{scheme}://allowed.example/page"
    assert page.text == f"The internet's allowed.example over {scheme}"
    assert page.error == ""
    assert "allowed.example" in world.internet.seen(scheme)


def test_a_name_that_does_not_exist_is_an_error(browser: Chromium) -> None:
    assert browser.open("http://nothing.invalid/").error == "net::ERR_NAME_NOT_RESOLVED"


def test_it_shows_what_is_asked_for(browser: Chromium, tmp_path: Path) -> None:
    browser.open("http://allowed.example/")

    browser.show(viewport=(360, 700), colour_scheme="dark")
    assert browser.evaluate(LOOK) == [360, 700, True]
    browser.screenshot(tmp_path / "page.png")
    assert png_size(tmp_path / "page.png") == (360, 700)
    browser.show(viewport=(1000, 640), colour_scheme="light")
    assert browser.evaluate(LOOK) == [1000, 640, False]


def test_an_exception_is_told_with_its_words(browser: Chromium) -> None:
    assert browser.evaluate("Promise.resolve({a: [1]})") == {"a": [1]}
    with pytest.raises(RuntimeError, match="TypeError: not so"):
        browser.evaluate("(() => { throw new TypeError('not so') })()")


def test_a_restart_keeps_the_profile_and_changes_the_language(browser: Chromium) -> None:
    browser.open("http://allowed.example/")
    browser.evaluate("localStorage.setItem('kept', 'yes')")
    assert browser.evaluate("navigator.language") == "en"

    browser.restart(language="nl")

    browser.open("http://allowed.example/")
    assert browser.evaluate("[localStorage.getItem('kept'), navigator.language]") == ["yes", "nl"]
    assert browser.open("chrome://settings/").title == "Instellingen"


def test_policy_is_read(world: World, browser: Chromium) -> None:
    world.workstation.browser_policy({"URLBlocklist": ["walled.example"]})

    browser.restart()

    assert browser.open("http://walled.example/").error == "net::ERR_BLOCKED_BY_ADMINISTRATOR"
    assert browser.open("https://allowed.example/").error == ""


def test_other_targets_can_be_asked(browser: Chromium) -> None:
    [tab] = browser.targets("page")

    assert browser.evaluate("1 + 1", tab["targetId"]) == 2


def is_chromium(pid: int) -> bool:
    return Path(f"/proc/{pid}/comm").read_text() == "chromium\n"


def owner(pid: int) -> str:
    status = Path(f"/proc/{pid}/status").read_text()
    return status.partition("Uid:")[2].split()[0]


def png_size(path: Path) -> tuple[int, int]:
    """Width and height, from the header (PNG specification, 11.2.2)."""
    width, height = struct.unpack_from("!II", path.read_bytes(), 16)
    return width, height
