"""Takes the pictures of docs/images from a journey: the notice and the overview, in both languages.

    python -m tests.journey.screenshots [--to DIR]

What stands on the overview besides the journey's own visit is reported by a made-up endpoint, over
the same wire as any other's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.journey import steps
from tests.journey.journey import Journey
from tests.simulators.endpoint import Endpoint, attempt, report
from tests.simulators.internet import SERVER_NAME
from tests.simulators.namespaces import CODE
from tests.simulators.waiting import until

BEFORE = (
    steps.list_signed,
    steps.workstation_made,
    steps.agent_enrolled,
    steps.channels_tested,
    steps.extension_taken,
    steps.visit_stopped,
)
MET = (
    ("deepseek", "chat.deepseek.com", "block", 9, 4),
    ("gemini", "gemini.google.com", "block", 6, 11),
    ("github-copilot", "githubcopilot.com", "warn", 5, 2),
    ("midjourney", "www.midjourney.com", "block", 3, 0),
    ("deepl", "www.deepl.com", "observe", 14, 3),
)
"""Service, host, verdict, attempts, contacts."""


def main() -> int:
    """Take the pictures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.journey.screenshots")
    parser.add_argument("--to", type=Path, default=CODE / "docs" / "images")
    to: Path = parser.parse_args().to
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sluis-screenshots-") as folder:
        Path(folder).chmod(0o755)
        with Journey(Path(folder)) as journey:
            for step in BEFORE:
                print(f"  {step(journey)}", flush=True)
            for name in ("notice-nl.png", "notice-en.png"):
                (to / name).write_bytes((journey.folder / name).read_bytes())
            report_more(journey)
            overview(journey, to)
    print("\n".join(f"  {path}" for path in sorted(to.glob("*.png"))))
    return 0


def report_more(journey: Journey) -> None:
    """Report what a few more people met today."""
    endpoint, now = Endpoint(journey.trial.address, "profile"), datetime.now(UTC)
    endpoint.enrol(str(journey.trial.facts["profile_token"]))
    batch = [
        attempt(
            now,
            service=service,
            host=host,
            verdict=verdict,
            kind=kind,
            outcome="let_through" if verdict == "observe" else "stopped",
            times=count,
        )
        for service, host, verdict, *counts in MET
        for kind, count in zip(("attempt", "contact"), counts, strict=True)
        if count
    ]
    answer = report(journey.trial.address, endpoint.tickets()[0], batch)
    assert {one["outcome"] for one in answer.json["results"]} == {"accepted"}, answer.json


def overview(journey: Journey, to: Path) -> None:
    """Sign in on the workstation, where the server has its name, and look in both languages."""
    browser, code = journey.browser, journey.trial.link().partition("#")[2]
    browser.open(f"https://{SERVER_NAME}/sign-in#{code}")
    until("we are signed in", lambda: "/oversight/" in browser.page().url)
    until("the visit is counted", lambda: "ChatGPT" in browser.open(browser.page().url).text)
    for language in ("nl", "en"):
        browser.open(f"https://{SERVER_NAME}/oversight/?lang={language}")
        steps.picture(journey, to / f"overview-{language}.png", width=1200)


if __name__ == "__main__":
    sys.exit(main())
