"""What the stories of the journey begin with: a trial's server, and a workplace in its world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journey.trial import Trial
from tests.journey.workplace import Workplace
from tests.simulators.attacker import Attacker
from tests.simulators.internet import SERVER_NAME
from tests.simulators.world import World


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A server of its own for each file."""
    with Trial(tmp_path_factory.mktemp("trial") / "server") as trial:
        yield trial


@pytest.fixture(scope="module")
def place(trial: Trial, world: World) -> Workplace:
    """A workstation on which nothing of the product runs yet."""
    return Workplace(trial, world)


@pytest.fixture(scope="module")
def man(trial: Trial, place: Workplace) -> Iterator[Attacker]:
    """A man in the middle between that workstation and the server; he passes everything on."""
    certificate = place.world.internet.authority.issue(SERVER_NAME)
    with Attacker(trial.tls, trust=trial.authority, certificate=certificate) as man:
        place.connect(man.address)
        yield man
