"""Killed at the worst moment, the agent loses nothing, counts nothing twice, and never takes the
internet with it; and it gives the machine back when it is asked to.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.journey.overview import Met, Overview
from tests.journey.steps import ALLOWED, BLOCKED, SERVICE
from tests.journey.trial import Trial
from tests.journey.workplace import AGENT, SINKHOLE, Workplace
from tests.simulators.attacker import Attacker
from tests.simulators.endpoint import Endpoint, attempt, report
from tests.simulators.internet import WEB
from tests.simulators.waiting import until

DOCUMENT = ("--header", "Accept: text/html")
"""With it curl asks for a page as a browser does: an attempt, no contact."""


@pytest.fixture(scope="module", autouse=True)
def clean(place: Workplace) -> dict[str, str]:
    """What the workstation is before anything of the product has run."""
    return machine(place)


def test_a_wrong_token_is_said_in_one_clear_line(place: Workplace, man: Attacker) -> None:
    place.configure("wrong")

    told = place.station.run([AGENT, "enrol"], check=False).strip()

    assert "\n" not in told
    assert "token" in told


def test_killed_before_its_upload_a_violation_arrives_once(place: Workplace, man: Attacker) -> None:
    place.configure(place.trial.agent_token())
    place.start_agent()
    place.until_in_force(30)
    man.down()
    assert place.curl(f"http://{BLOCKED}/", *DOCUMENT).status == 403
    until("it is spooled", lambda: place.ask("record")["violations"])

    place.kill("sluis-agent")
    man.pass_on()

    until("the violation is there", place.trial.violations, 60)
    assert met(place.trial) == Met(attempts=1)


def test_after_its_restart_the_list_is_in_force_at_once(place: Workplace) -> None:
    place.kill("sluis-agent")

    place.until_in_force(40)
    assert place.station.resolve(BLOCKED) == [SINKHOLE]
    assert met(place.trial) == Met(attempts=1), "nothing was sent twice"


def test_the_same_batch_twice_counts_once(trial: Trial, place: Workplace) -> None:
    endpoint = Endpoint(trial.address)
    endpoint.enrol(trial.agent_token())
    first, second, *_ = endpoint.tickets()
    batch = [attempt(datetime.now(UTC), service="gemini", host="gemini.google.com")]

    outcomes = [
        result["outcome"]
        for ticket in (first, second)
        for result in report(trial.address, ticket, batch).json["results"]
    ]

    assert outcomes == ["accepted", "skipped"]
    assert [one.times for one in trial.violations() if one.service == "gemini"] == [1]


def test_all_of_it_killed_the_internet_goes_on(place: Workplace) -> None:
    place.kill("root")
    until("no process of it is left", lambda: not place.agent_accounts())

    assert not place.reaches(BLOCKED)
    assert place.station.resolve(ALLOWED) == [WEB]
    assert place.reaches(ALLOWED)


def test_clear_gives_the_machine_back(place: Workplace, clean: dict[str, str]) -> None:
    place.station.run([AGENT, "clear", "--all"])

    assert machine(place) == clean
    assert place.reaches(BLOCKED)


def test_uninstall_leaves_nothing(place: Workplace, clean: dict[str, str]) -> None:
    place.start_agent()
    until("it is stopped again", lambda: not place.reaches(BLOCKED))
    place.end_agent()

    place.station.run([AGENT, "uninstall"])

    assert machine(place) == clean
    assert place.reaches(BLOCKED)
    assert not place.station.succeeds(["test", "-e", "/var/lib/sluis-agent"])


def machine(place: Workplace) -> dict[str, str]:
    """What of the workstation the agent changes while it runs."""
    return {
        "links": place.station.run(["ip", "-o", "link"]),
        "addresses": place.station.run(["ip", "-o", "address"]),
        "look-ups": place.station.run(["resolvectl", "domain"]),
        "resolvers": place.station.run(["resolvectl", "dns"]),
    }


def met(trial: Trial) -> Met:
    """What the overview says of the service."""
    return Overview(trial.link()).met(SERVICE)
