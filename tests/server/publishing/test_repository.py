"""The repository: stored before it is served, the same after a restart, renewed by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from server.publishing.files import LIST_PATH
from server.publishing.repository import load_publication
from tests.simulators.running import RunningTrial


def test_what_is_in_memory_is_what_is_on_disk(trial: RunningTrial) -> None:
    trial.apply("organisation: {name: G, time_zone: UTC}\n", may_shrink=True)
    trial.call(trial.parts.repository.renew(trial.clock() + timedelta(days=100)))
    stored = trial.call(trial.parts.books.read(load_publication))
    served = trial.parts.publication
    assert (stored.roots, stored.current, stored.targets) == (
        served.roots,
        served.current,
        served.targets,
    )


def test_where_storing_fails_nothing_is_served(trial: RunningTrial) -> None:
    before = trial.parts.publication

    def disk_full(connection: Connection, organisation: object) -> None:
        raise OSError("no space left on device")

    async def story() -> None:
        edition = trial.parts.repository.edition(trial.clock())
        edition.put("list", {LIST_PATH: b"never seen"})
        await trial.parts.repository.publish(edition, disk_full)

    with pytest.raises(OSError, match="no space"):
        trial.call(story())
    assert trial.parts.publication is before
    stored = trial.call(trial.parts.books.read(load_publication))
    assert stored.current == before.current


def test_two_signatures_of_one_version_cannot_be_stored(trial: RunningTrial) -> None:
    repository = trial.parts.repository
    edition, twin = (repository.edition(trial.clock()) for _ in range(2))
    for one, data in ((edition, b"a"), (twin, b"b")):
        one.put("list", {LIST_PATH: data})
    trial.call(repository.publish(edition))
    with pytest.raises(IntegrityError):
        trial.call(repository.publish(twin))
    assert trial.parts.publication.blocklist == b"a"


def test_a_server_that_slept_renews_when_it_starts_again(tmp_path: Path) -> None:
    with RunningTrial(tmp_path) as trial:
        before = trial.parts.publication.current["timestamp"]
        pin = trial.parts.publication.pin
    again = RunningTrial(tmp_path)
    again.clock.forward(timedelta(days=5))
    with again:
        again.call(again.parts.repository.renew(again.clock()))
        assert again.parts.publication.current["timestamp"].expires > before.expires
        assert again.parts.publication.pin == pin
