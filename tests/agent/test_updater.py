"""The updater against a real repository: what replaces the list, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.answers import Bundle, NotRefreshed, Refreshed
from agent.in_force import InForce, ListState
from agent.updater import Have, Missing, NotReached, Pin, Updater
from tests.simulators.repository import Repository, blocklist

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def repository() -> Repository:
    made = Repository(NOW)
    made.publish(blocklist(1), NOW)
    return made


class Endpoint:
    """One agent's view of a repository."""

    def __init__(self, folder: Path, repository: Repository) -> None:
        self.repository = repository
        self.updater = Updater(folder, Pin.parse(repository.pin))
        self.in_force: InForce | None = None
        self.fetched: list[str] = []

    def fetch(self, name: str) -> bytes:
        self.fetched.append(name)
        try:
            return self.repository.files[name]
        except KeyError:
            raise Missing("404") from None

    def refresh(self, at: datetime = NOW, bundle: Bundle | None = None) -> Refreshed | NotRefreshed:
        answer = self.updater.refresh(self.fetch, at, self.in_force, bundle)
        if isinstance(answer, Refreshed):
            self.in_force = answer.in_force
        return answer

    @property
    def version(self) -> int:
        assert self.in_force
        return self.in_force.blocklist.version


@pytest.fixture
def endpoint(tmp_path: Path, repository: Repository) -> Endpoint:
    made = Endpoint(tmp_path, repository)
    assert isinstance(made.refresh(), Refreshed)
    assert made.version == 1
    return made


def state(answer: Refreshed | NotRefreshed) -> ListState:
    assert isinstance(answer, NotRefreshed)
    return answer.state


def test_a_new_list_replaces_the_old_one(endpoint: Endpoint) -> None:
    endpoint.repository.publish(blocklist(2, "claude.ai"), NOW)

    assert isinstance(endpoint.refresh(), Refreshed)
    assert endpoint.version == 2


def test_the_same_list_stays_the_same_value(endpoint: Endpoint) -> None:
    before = endpoint.in_force
    endpoint.repository.renew(NOW)

    endpoint.refresh()

    assert endpoint.in_force is before


TAMPERED = ["timestamp.json", "2.snapshot", "2.targets", "2.list", "targets/list", "targets/"]


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_file_is_refused_and_the_list_stays(endpoint: Endpoint, name: str) -> None:
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.repository.tamper(name)

    assert state(endpoint.refresh()) is ListState.REFUSED
    assert endpoint.version == 1


def test_a_tampered_next_root_is_refused(endpoint: Endpoint) -> None:
    endpoint.repository.rotate(NOW, {"timestamp"})
    endpoint.repository.tamper("2.root")

    assert state(endpoint.refresh()) is ListState.REFUSED


def test_it_heals_once_the_true_files_are_back(endpoint: Endpoint) -> None:
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.repository.tamper("targets/list")
    endpoint.refresh()
    endpoint.repository.tamper("targets/list")  # the same bit once more

    assert isinstance(endpoint.refresh(), Refreshed)
    assert endpoint.version == 2


def test_an_old_repository_is_refused(endpoint: Endpoint) -> None:
    old = dict(endpoint.repository.files)
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.refresh()
    endpoint.repository.files = old

    assert state(endpoint.refresh()) is ListState.REFUSED
    assert endpoint.version == 2


def test_another_organisations_repository_is_refused(endpoint: Endpoint) -> None:
    other = Repository(NOW)
    for version in range(1, 4):
        other.publish(blocklist(version + 5), NOW)
    endpoint.repository.files = other.files

    assert state(endpoint.refresh()) is ListState.REFUSED
    assert endpoint.version == 1


@pytest.mark.parametrize("days", [8, 40, 400])
def test_an_expired_repository_is_frozen(endpoint: Endpoint, days: int) -> None:
    assert state(endpoint.refresh(NOW + timedelta(days=days))) is ListState.FROZEN
    assert endpoint.version == 1


def test_what_is_fresh_says_until_when(endpoint: Endpoint) -> None:
    answer = endpoint.refresh()

    assert isinstance(answer, Refreshed)
    assert answer.fresh_until == NOW + timedelta(days=7)


def test_an_unreachable_server_makes_the_list_stale(endpoint: Endpoint) -> None:
    def unreachable(name: str) -> bytes:
        raise NotReached("connection refused")

    answer = endpoint.updater.refresh(unreachable, NOW, endpoint.in_force)

    assert state(answer) is ListState.STALE
    assert isinstance(answer, NotRefreshed)
    assert "connection refused" in answer.why


def test_an_endless_file_is_refused(endpoint: Endpoint) -> None:
    endpoint.repository.files["timestamp.json"] = b" " * 20_000

    assert state(endpoint.refresh()) is ListState.REFUSED


def test_a_signed_list_that_cannot_be_read_is_refused(endpoint: Endpoint) -> None:
    endpoint.repository.publish_bytes(b"no gzip", NOW)

    answer = endpoint.refresh()

    assert state(answer) is ListState.REFUSED
    assert isinstance(answer, NotRefreshed)
    assert "not gzip" in answer.why


def test_a_wrong_pin_is_refused_in_plain_words(tmp_path: Path, repository: Repository) -> None:
    endpoint = Endpoint(tmp_path, repository)
    endpoint.updater = Updater(tmp_path, Pin(1, "0" * 64))

    answer = endpoint.refresh()

    assert state(answer) is ListState.REFUSED
    assert isinstance(answer, NotRefreshed)
    assert "1.root.json is not the pinned root" in answer.why
    assert "0" * 64 in answer.why


def test_new_keys_come_by_a_new_root(endpoint: Endpoint) -> None:
    endpoint.repository.rotate(NOW, {"root", "timestamp", "targets"})
    endpoint.repository.publish(blocklist(2), NOW)

    assert isinstance(endpoint.refresh(), Refreshed)
    assert endpoint.version == 2
    assert endpoint.updater.have() == Have(root=2, timestamp=2)


def test_a_pin_on_a_later_root_needs_none_before(tmp_path: Path) -> None:
    repository = Repository(NOW, root_version=3)
    repository.publish(blocklist(1), NOW)
    endpoint = Endpoint(tmp_path, repository)

    assert isinstance(endpoint.refresh(), Refreshed)
    assert endpoint.fetched[0] == "3.root.json"


def test_a_bundle_that_has_all_needs_no_fetch(endpoint: Endpoint) -> None:
    before = set(endpoint.repository.files)
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.fetched.clear()
    files = endpoint.repository.files
    new = {name: files[name] for name in files if name not in before or name == "timestamp.json"}

    assert isinstance(endpoint.refresh(bundle=Bundle(new, asked_root=1)), Refreshed)
    assert endpoint.version == 2
    assert endpoint.fetched == []


def test_what_a_bundle_lacks_is_fetched(endpoint: Endpoint) -> None:
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.fetched.clear()
    timestamp = {"timestamp.json": endpoint.repository.files["timestamp.json"]}

    assert isinstance(endpoint.refresh(bundle=Bundle(timestamp, asked_root=1)), Refreshed)
    assert endpoint.version == 2
    assert "2.snapshot.json" in endpoint.fetched


def test_a_tampered_bundle_is_refused(endpoint: Endpoint) -> None:
    endpoint.repository.publish(blocklist(2), NOW)
    endpoint.repository.tamper("2.list")

    answer = endpoint.refresh(bundle=Bundle(endpoint.repository.files, asked_root=1))

    assert state(answer) is ListState.REFUSED
    assert endpoint.version == 1


def damage_timestamp(folder: Path) -> None:
    (folder / "timestamp.json").write_bytes(b"\x00\xff{")


def damage_roots(folder: Path) -> None:
    for root in (folder / "root_history").iterdir():
        root.write_bytes(b"")


def damage_by_folder(folder: Path) -> None:
    (folder / "snapshot.json").unlink()
    (folder / "snapshot.json").mkdir()


def damage_link(folder: Path) -> None:
    (folder / "root.json").unlink()
    (folder / "root.json").mkdir()


def damage_target(folder: Path) -> None:
    for target in (folder / "targets").iterdir():
        target.write_bytes(b"half")


@pytest.mark.parametrize(
    "damage",
    [damage_timestamp, damage_roots, damage_by_folder, damage_link, damage_target],
)
def test_damaged_metadata_heal(
    endpoint: Endpoint, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    [folder] = tmp_path.iterdir()
    damage(folder)
    endpoint.repository.publish(blocklist(2), NOW)

    endpoint.refresh()
    answer = endpoint.refresh()

    assert isinstance(answer, Refreshed)
    assert endpoint.version == 2


def test_the_first_list_is_verified_though_it_has_expired(tmp_path: Path) -> None:
    long_ago = NOW - timedelta(days=800)
    repository = Repository(long_ago)
    repository.publish(blocklist(1), long_ago)
    endpoint = Endpoint(tmp_path, repository)

    answer = endpoint.updater.first(endpoint.fetch)

    assert isinstance(answer, Refreshed)
    assert answer.in_force.blocklist.version == 1
    assert state(endpoint.refresh()) is ListState.FROZEN


def test_a_tampered_first_list_is_refused(tmp_path: Path, repository: Repository) -> None:
    repository.tamper("1.targets")
    endpoint = Endpoint(tmp_path, repository)

    assert state(endpoint.updater.first(endpoint.fetch)) is ListState.REFUSED


def test_an_older_repository_than_the_first_list_is_refused(
    tmp_path: Path, repository: Repository
) -> None:
    old = dict(repository.files)
    repository.publish(blocklist(2), NOW)
    endpoint = Endpoint(tmp_path, repository)
    endpoint.updater.first(endpoint.fetch)
    endpoint.repository.files = old

    assert state(endpoint.refresh()) is ListState.REFUSED
