"""The first start of an agent that cannot reach its server: it waits and says so, or takes the
signed list that lies beside its configuration.
"""

from __future__ import annotations

import pytest

from blocklists.protocol import bundle
from tests.journey.steps import ALLOWED, BLOCKED
from tests.journey.workplace import CONFIGURATION, Workplace
from tests.simulators.endpoint import Endpoint
from tests.simulators.internet import WEB
from tests.simulators.waiting import until

FIRST = CONFIGURATION.parent / "first"


@pytest.fixture(scope="module", autouse=True)
def without_server(place: Workplace) -> None:
    place.configure(place.trial.agent_token())
    place.start_agent()


def test_without_a_list_it_waits_and_touches_nothing(place: Workplace) -> None:
    until("the agent says that it waits", lambda: place.list_is("waiting"))

    assert place.status()["list"]["version"] is None
    assert "in-force" not in place.channels().values()
    assert place.station.resolve(BLOCKED) == [WEB]
    assert place.reaches(BLOCKED)


def test_the_first_list_beside_the_configuration_is_enforced(place: Workplace) -> None:
    place.end_agent()
    lay_first(place)

    place.start_agent()

    until("the first list is enforced", lambda: not place.reaches(BLOCKED))
    until("its state is told", lambda: place.list_is("stale"))
    assert place.reaches(ALLOWED)


def test_the_server_is_found_later(place: Workplace) -> None:
    place.connect()

    until("the list is fresh", lambda: place.list_is("fresh"), 60)
    assert not place.reaches(BLOCKED)


def lay_first(place: Workplace) -> None:
    """Lay the repository's files under their published names, as IT does."""
    endpoint = Endpoint(place.trial.address)
    endpoint.enrol(place.trial.agent_token())
    files = bundle.unpack(endpoint.wait().body)
    del files["statement.json"]  # another device's
    laid = place.world.folder / "first"
    for name, data in files.items():
        path = laid / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    place.station.run(["cp", "--recursive", laid, FIRST])
