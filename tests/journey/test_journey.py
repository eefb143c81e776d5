"""The journey that `make run` plays, step by step, and what must be true when it has been made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journey.journey import Journey
from tests.journey.overview import Met
from tests.journey.steps import ALLOWED, BLOCKED, SERVICE, STEPS, Step
from tests.simulators.host import alive, changes, processes, state
from tests.simulators.waiting import until


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """One journey for the whole file; the host is the same before and after."""
    before, folder = state(), tmp_path_factory.mktemp("journey")
    with Journey(folder) as journey:
        yield journey
        made = processes(folder / "workstation")
    assert len(made) > 10
    until("no process is left", lambda: not alive(made) | processes(folder / "workstation"))
    assert changes(before, state()) == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.play.__name__)
def test_step(journey: Journey, step: Step) -> None:
    assert step.play(journey)


def test_an_allowed_name_never_met_our_code(journey: Journey) -> None:
    """It went to the uplink's resolver and to the web; no part of ours has a word of it."""
    seen = journey.place.world.internet.seen
    assert ALLOWED in seen("dns")
    assert ALLOWED in seen("https")

    assert ALLOWED not in str(journey.place.ask("record"))
    assert ALLOWED not in str(journey.place.status())
    assert {one.host for one in journey.trial.violations()} == {BLOCKED}


def test_no_log_names_a_host_that_was_visited(journey: Journey) -> None:
    logs = [journey.folder / "server.log", *(journey.folder / "workstation").glob("*-agent.log")]
    assert len(logs) == 2
    for log in logs:
        assert ALLOWED not in log.read_text()
        assert BLOCKED not in log.read_text()


def test_a_blocked_name_never_left_the_workstation_while_blocked(journey: Journey) -> None:
    """Every step that stops something compares this before and after; at the end once more."""
    before = journey.place.world.internet.seen("dns").count(BLOCKED)

    journey.place.curl(f"https://{BLOCKED}/")

    assert journey.place.world.internet.seen("dns").count(BLOCKED) == before


def test_contacts_are_of_nobody(journey: Journey) -> None:
    contacts = [one for one in journey.trial.violations() if one.kind == "contact"]
    assert contacts
    assert {one.pseudonym for one in contacts} == {None}
    assert set(journey.overview.rows()) == {(SERVICE, "block")}
    assert journey.overview.met(SERVICE) != Met()
