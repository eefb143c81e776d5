"""The steps of the journey, in order: `make run` plays them, the test asserts them, both from here.

A step does one thing that a person would do or see, asserts what must be true of it, and says in a
few words what was seen.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.journey.journey import Journey
from tests.journey.overview import Overview
from tests.journey.workplace import SINKHOLE, Workplace
from tests.simulators.chromium import Page
from tests.simulators.internet import WEB
from tests.simulators.namespaces import CODE
from tests.simulators.waiting import until

ALLOWED = "www.voorbeeld.example"
BLOCKED, SERVICE = "chatgpt.com", "ChatGPT"
"""A host that the trial's policy blocks, and the name of its service."""

TRIAL_POLICY = CODE / "server/decisions/trial-policy.yaml"


@dataclass(frozen=True)
class Step:
    """One step: its title, and what does it and says what was seen."""

    title: str
    play: Callable[[Journey], str]


def list_signed(journey: Journey) -> str:
    """The server has made its keys and published a signed list; it says that it is ready."""
    trial = journey.make_trial()
    with urllib.request.urlopen(f"{trial.address}/health/ready", timeout=5) as answer:
        assert answer.status == 200
    says = dict(line.split(maxsplit=1) for line in trial.says.read_text().splitlines()[:-1])
    return f"{says['list']}; pinned root {says['pin'][:10]}…"


def workstation_made(journey: Journey) -> str:
    """A workstation stands in an internet of its own."""
    place = journey.make_workplace()
    assert place.station.resolve(ALLOWED) == [WEB]
    assert place.reaches(BLOCKED), "without the agent everything is reached"
    return "Linux namespaces, a real systemd-resolved; without an agent all is open"


def agent_enrolled(journey: Journey) -> str:
    """`sluis-agent run` enrols by its token and verifies the list."""
    place = journey.place
    place.configure(journey.trial.agent_token())
    place.start_agent()
    until("the agent has verified the list", lambda: place.list_is("fresh"), 30)
    accounts = place.agent_accounts()
    assert accounts == {"root", "sluis-agent"}, accounts
    return f"list {place.status()['list']['version']} verified; two processes, one without rights"


def channels_tested(journey: Journey) -> str:
    """The agent has tested the effect of each of its channels."""
    place = journey.place
    place.until_in_force()
    return ", ".join(f"{channel} {state}" for channel, state in place.channels().items())


def allowed_as_before(journey: Journey) -> str:
    """An allowed name goes where it went before."""
    place = journey.place
    assert place.station.resolve(ALLOWED) == [WEB]
    assert place.reaches(ALLOWED)
    assert ALLOWED in place.world.internet.seen("https")
    return f"https://{ALLOWED} answers from the internet"


def curl_stopped(journey: Journey) -> str:
    """A program is stopped: by name at the sinkhole, over http with words, over https without."""
    place = journey.place
    assert place.station.resolve(BLOCKED) == [SINKHOLE]
    before = _reached(place)
    plain, secure = place.curl(f"http://{BLOCKED}/"), place.curl(f"https://{BLOCKED}/")
    assert plain.status == 403, plain
    assert secure.exit == 35, secure  # TLS refused
    assert _reached(place) == before, "the internet was reached"
    return f"{BLOCKED}: http is answered with 403, https is refused"


def contact_on_overview(journey: Journey) -> str:
    """What was stopped stands on the overview, without a person: a program did it."""
    journey.overview = Overview(journey.trial.link())
    until("the contact is on the overview", lambda: journey.overview.met(SERVICE).contacts == 2)
    assert journey.overview.met(SERVICE).attempts == 0
    return f"{SERVICE}, block: 2 contacts, 0 attempts"


def extension_taken(journey: Journey) -> str:
    """A managed Chromium takes the extension from the server; it verifies the list by itself."""
    place = journey.place
    place.manage_browser("nl")
    browser = journey.open_browser("nl")
    until("the extension has its rules", lambda: place.rules(browser), 40)
    return f"force-installed, list verified in its worker, {place.rules(browser)} rules"


def visit_stopped(journey: Journey) -> str:
    """A visit gets the notice in place of the site; its picture is kept, in two languages."""
    before, browser = _reached(journey.place), journey.browser
    _visit(journey)
    until("the notice is in Dutch", lambda: "Je naam staat hier niet bij" in browser.page().text)
    page = browser.page()
    assert page.url.startswith(journey.place.extension_page("notice")), page
    assert SERVICE in page.title, page
    assert "Vlam-chat" in page.text, page  # what one may use instead
    picture(journey, journey.folder / "notice-nl.png")
    browser.evaluate("document.querySelector('button[lang=en]').click()")
    until("the notice is in English", lambda: "Your name is not" in browser.page().text)
    picture(journey, journey.folder / "notice-en.png")
    assert _reached(journey.place) == before, "the internet was reached"
    return f"“{page.title}”; pictures {_named(journey.folder)}/notice-nl.png and -en.png"


def attempt_on_overview(journey: Journey) -> str:
    """The visit stands on the overview as an attempt, once, and not as a contact."""
    until("the attempt is on the overview", lambda: journey.overview.met(SERVICE).attempts)
    assert journey.overview.met(SERVICE) == (1, 2)
    return f"{SERVICE}, block: 1 attempt, 2 contacts"


def policy_changed(journey: Journey) -> str:
    """Oversight allows the service: one command, and the same name is reached."""
    place, file = journey.place, allowing(journey.folder)
    version = journey.trial.apply(file, "agreement signed")["list_version"]
    until(f"curl reaches {BLOCKED}", lambda: place.reaches(BLOCKED))
    assert place.station.resolve(BLOCKED) == [WEB]
    return f"`sluis policy apply` allows {SERVICE}: list {version}, curl reaches it"


def site_open(journey: Journey) -> str:
    """The same site opens in the browser."""
    until(f"Chromium opens {BLOCKED}", lambda: _visit(journey).url == f"https://{BLOCKED}/", 80)
    assert journey.browser.page().text == f"The internet's {BLOCKED} over https"
    return f"https://{BLOCKED} opens in the same browser"


def policy_back(journey: Journey) -> str:
    """The old policy again. Nobody can wake the extension from outside, so its popup is opened:
    then it looks for a newer list, else within a minute.
    """
    place, browser = journey.place, journey.browser
    fewer = place.rules(browser)
    version = journey.trial.apply(TRIAL_POLICY, "agreement withdrawn")["list_version"]
    until(f"curl is stopped at {BLOCKED}", lambda: not place.reaches(BLOCKED))
    browser.open(place.extension_page("popup.html"))
    until("the extension has the old rules", lambda: place.rules(browser) > fewer)
    assert _visit(journey).url.startswith(place.extension_page("notice"))
    return f"the old policy again: list {version}, curl and Chromium are stopped"


STEPS = (
    Step("the list is signed", list_signed),
    Step("a workstation is made", workstation_made),
    Step("the agent enrols", agent_enrolled),
    Step("its channels are tested", channels_tested),
    Step("an allowed name passes", allowed_as_before),
    Step("curl is stopped", curl_stopped),
    Step("it is on the overview", contact_on_overview),
    Step("Chromium is managed", extension_taken),
    Step("a visit is stopped", visit_stopped),
    Step("it is on the overview", attempt_on_overview),
    Step("the policy changes", policy_changed),
    Step("the site is open", site_open),
    Step("the policy changes back", policy_back),
)


def allowing(folder: Path) -> Path:
    """Write the trial's policy with one service allowed; the file, for the reader to look at."""
    file = folder / "policy-chatgpt-allowed.yaml"
    text = TRIAL_POLICY.read_text()
    changed = text.replace("\nservices:\n", "\nservices:\n  chatgpt: {verdict: allow}\n", 1)
    assert changed != text
    file.write_text(changed)
    return file


def picture(journey: Journey, path: Path, *, width: int = 1000) -> None:
    """Keep what the browser shows, in a window as high as the page."""
    browser, height, before = journey.browser, 640, 0
    browser.command("Emulation.setScrollbarsHidden", hidden=True)
    while height != before:  # margins may grow with the window
        browser.show(viewport=(width, height))
        before, height = height, int(browser.evaluate("document.documentElement.scrollHeight"))
    browser.screenshot(path)
    browser.show(viewport=(1000, 640))


def _visit(journey: Journey) -> Page:
    """Open the blocked site in the browser; what stands there."""
    return journey.browser.open(f"https://{BLOCKED}/")


def _reached(place: Workplace) -> int:
    """How often the blocked host was asked of the internet."""
    kinds = ("dns", "http", "https")
    return sum(place.world.internet.seen(kind).count(BLOCKED) for kind in kinds)


def _named(folder: Path) -> str:
    """A folder as a person would write it."""
    return str(folder.relative_to(CODE) if folder.is_relative_to(CODE) else folder)
