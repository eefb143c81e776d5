"""The daemon against a real server: what it enforces, what it reports, and what kill -9 costs."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulators.daemon import RunningDaemon
from tests.simulators.organisation import Organisation
from tests.simulators.waiting import until

BLOCKED = "chatgpt.com"
HEAVY = {"tuf", "urllib3", "truststore", "cryptography"}
"""Loaded for the server alone, after the stored list is enforced."""
FOREIGN = {"server", "aiohttp", "sqlalchemy", "tldextract"}
"""Never loaded by an agent."""


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with Organisation(tmp_path_factory.mktemp("organisation") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def daemon(
    organisation: Organisation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDaemon]:
    """A daemon that has enrolled and has a list; a trial has room for few, so one for all."""
    folder = tmp_path_factory.mktemp("agent")
    running = RunningDaemon(folder / "agent.yaml", folder / "data")
    running.configure(organisation, organisation.token(uses=5))
    with running:
        until("the list is fresh", lambda: running.list_is("fresh"))
        until("it has enrolled", lambda: running.ask("/status")["server"]["checked_in"])
        yield running


def stored(organisation: Organisation) -> dict[str, int]:
    """How often each host stands in the server's database."""
    query = "SELECT host, sum(times) FROM violations GROUP BY host"
    database = f"file:{organisation.folder}/sluis.db?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        return dict(connection.execute(query))


def test_importing_it_loads_nothing_of_the_server_or_for_it() -> None:
    code = "import sys, agent.daemon; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert (HEAVY | FOREIGN) & set(loaded.stdout.split()) == set()


def test_a_visit_is_stopped_told_and_kept_for_the_visitor_alone(
    organisation: Organisation, daemon: RunningDaemon
) -> None:
    assert daemon.visit(BLOCKED).startswith("HTTP/1.1 403")

    until("it is on the own record", lambda: BLOCKED in daemon.recorded())
    until("it is reported", lambda: stored(organisation).get(BLOCKED) == 1)


def test_a_new_policy_arrives_at_once(organisation: Organisation, daemon: RunningDaemon) -> None:
    policy = (Path(__file__).parents[2] / "server/decisions/trial-policy.yaml").read_text()

    version = organisation.apply(policy, "again")["list_version"]

    until("it is in force", lambda: daemon.list_is("fresh", version), 5)


def test_killed_at_any_moment_each_violation_arrives_once(
    organisation: Organisation, daemon: RunningDaemon
) -> None:
    visited: set[str] = set()
    for kill in range(5):
        for visit in range(3):
            host = f"{kill}-{visit}.{BLOCKED}"
            daemon.visit(host)
            visited.add(host)
        until("they are spooled", lambda: visited <= daemon.recorded())
        time.sleep(random.uniform(0, 3))  # while they are open, closing, or being uploaded
        daemon.kill()
        daemon.start()

    until("all are there", lambda: visited <= stored(organisation).keys(), 60)
    until("all are acknowledged", lambda: daemon.ask("/status")["reports"]["waiting"] == 0)
    counted = stored(organisation)
    assert {counted[host] for host in visited} == {1}


@pytest.mark.parametrize(
    "name", ["list.bundle", "outbox.db", "record.db", "device.json", "epoch", "key"]
)
def test_a_damaged_file_is_set_aside_and_the_daemon_goes_on(
    organisation: Organisation, daemon: RunningDaemon, name: str
) -> None:
    daemon.kill()
    (daemon.data / name).write_bytes(b"\xff damaged" * 2000)
    for companion in daemon.data.glob(f"{name}-*"):  # SQLite's log would heal it
        companion.unlink()

    daemon.start()

    until("the list is fresh", lambda: daemon.list_is("fresh"))
    assert daemon.visit(f"{name}.{BLOCKED}").startswith("HTTP/1.1 403")
    until("it is on the record", lambda: f"{name}.{BLOCKED}" in daemon.recorded())
    until("it is set aside", (daemon.data / f"{name}.damaged").exists)


def test_the_stored_list_is_enforced_while_the_server_is_away(
    organisation: Organisation, daemon: RunningDaemon
) -> None:
    daemon.kill()
    organisation.stop()
    daemon.start()

    until("the list is stale", lambda: daemon.list_is("stale"))
    assert daemon.visit(BLOCKED).startswith("HTTP/1.1 403")

    organisation.start()  # on another port
    daemon.configure(organisation, organisation.token())
    until("the settings are read and the server is found", lambda: daemon.list_is("fresh"), 70)


def test_settings_that_are_broken_leave_the_last_good_ones(
    organisation: Organisation, daemon: RunningDaemon
) -> None:
    daemon.config.write_text("server: [\n")
    policy = (Path(__file__).parents[2] / "server/decisions/trial-policy.yaml").read_text()

    version = organisation.apply(policy, "the settings are broken")["list_version"]

    until("the new list is in force", lambda: daemon.list_is("fresh", version))
    until("the fault is told", lambda: "agent.yaml:" in daemon.ask("/status")["server"]["why"])
