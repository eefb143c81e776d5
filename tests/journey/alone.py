"""The steps that a machine can play on which no workstation can be made: the loop as far as values
travel it, with the agent's own verification at its end.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime

from agent.answers import Refreshed
from agent.in_force import InForce
from agent.updater import Missing, Pin, Updater
from blocklists.blocklist import Verdict
from blocklists.hosts import parse_host
from blocklists.matcher import decide
from tests.journey.journey import Journey
from tests.journey.steps import BLOCKED, SERVICE, TRIAL_POLICY, Step, allowing


def list_verified(journey: Journey) -> str:
    """The agent's updater accepts the list under the pinned root, and it blocks the service."""
    in_force = _verified(journey)
    assert _verdict(in_force) is Verdict.BLOCK
    count = len(in_force.blocklist.entries)
    return f"by the agent's updater, against the pinned root: {count} entries"


def host_explained(journey: Journey) -> str:
    """The server says what it does with a host, and which decision says so."""
    answer = journey.trial.answer("explain", BLOCKED)
    assert answer["verdict"] == "block", answer
    return f"{BLOCKED}: {answer['lines']['decision']}"


def policy_changed(journey: Journey) -> str:
    """Another policy is another signed list, in which the service is allowed."""
    applied = journey.trial.apply(allowing(journey.folder), "agreement signed")
    in_force = _verified(journey)
    assert in_force.blocklist.version == applied["list_version"]
    assert _verdict(in_force) is Verdict.ALLOW
    return f"`sluis policy apply` allows {SERVICE}: list {applied['list_version']}, verified"


def policy_back(journey: Journey) -> str:
    """The old policy again."""
    applied = journey.trial.apply(TRIAL_POLICY, "agreement withdrawn")
    assert _verdict(_verified(journey)) is Verdict.BLOCK
    return f"the old policy again: list {applied['list_version']}, verified"


STEPS_ALONE = (
    Step("the list is verified", list_verified),
    Step("a host is explained", host_explained),
    Step("the policy changes", policy_changed),
    Step("the policy changes back", policy_back),
)


def _verified(journey: Journey) -> InForce:
    """Refresh as an agent does, in a folder that stays: an older list would be refused."""
    updater = Updater(journey.folder / "metadata", Pin.parse(str(journey.trial.facts["pin"])))

    def fetch(name: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{journey.trial.address}/repository/{name}") as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise Missing(str(error)) from error

    refreshed = updater.refresh(fetch, datetime.now(UTC), None)
    assert isinstance(refreshed, Refreshed), refreshed
    return refreshed.in_force


def _verdict(in_force: InForce) -> Verdict:
    return decide(in_force.blocklist, parse_host(BLOCKED), "/", datetime.now(UTC)).verdict
