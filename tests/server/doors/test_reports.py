"""Reports: on a ticket, each violation once, answered after the commit, nothing before its time."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from server.jobs import forget
from tests.simulators.endpoint import Answer, ask, attempt, report
from tests.simulators.running import RunningTrial


def outcomes(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [str(one["outcome"]) for one in answer.json["results"]]


def rows(trial: RunningTrial, columns: str = "*") -> list[tuple[Any, ...]]:
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        return list(connection.execute(f"SELECT {columns} FROM violations"))  # noqa: S608  the test's own words


def test_what_was_acknowledged_is_in_the_database(trial: RunningTrial) -> None:
    entries = [attempt(trial.clock(), times=n + 1) for n in range(3)]
    answer = report(trial.url, trial.endpoint().tickets()[0], entries, packed=True)
    assert outcomes(answer) == ["accepted"] * 3
    assert answer.json["now"].endswith("Z")
    assert sorted(rows(trial, 'times, "group", clock_off')) == [(n + 1, "all", 0) for n in range(3)]


def test_the_same_batch_twice_counts_once(trial: RunningTrial) -> None:
    one, two = trial.endpoint().tickets()[:2]
    entries = [attempt(trial.clock()) for _ in range(3)]
    assert outcomes(report(trial.url, one, entries)) == ["accepted"] * 3
    assert outcomes(report(trial.url, two, [*entries, entries[0]])) == ["skipped"] * 4
    assert len(rows(trial)) == 3


def test_the_same_batch_in_parallel_counts_once(trial: RunningTrial) -> None:
    tickets = trial.endpoint().tickets()
    entries = [attempt(trial.clock()) for _ in range(20)]
    with ThreadPoolExecutor(len(tickets)) as pool:
        answers = list(pool.map(lambda ticket: report(trial.url, ticket, entries), tickets))
    said = [outcome for answer in answers for outcome in outcomes(answer)]
    assert said.count("accepted") == 20
    assert said.count("skipped") == 20 * (len(tickets) - 1)
    assert len(rows(trial)) == 20


def test_a_ticket_is_used_once_also_in_parallel(trial: RunningTrial) -> None:
    ticket = trial.endpoint().tickets()[0]
    batches = [[attempt(trial.clock())] for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda entries: report(trial.url, ticket, entries), batches))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 5
    assert {answer.code for answer in answers if answer.status == 401} == {"ticket"}
    assert len(rows(trial)) == 1


def test_an_empty_report_is_a_report(trial: RunningTrial) -> None:
    assert outcomes(report(trial.url, trial.endpoint().tickets()[0], [])) == []


def test_one_bad_entry_loses_none_of_its_neighbours(trial: RunningTrial) -> None:
    old = attempt(trial.clock() - timedelta(days=36))
    entries = [
        attempt(trial.clock()),
        attempt(trial.clock(), host="chatgpt.com/secret"),
        old,
        attempt(trial.clock(), unknown="of a newer endpoint"),
    ]
    answer = report(trial.url, trial.endpoint().tickets()[0], entries)
    assert outcomes(answer) == ["accepted", "rejected", "rejected", "accepted"]
    codes = [one.get("code") for one in answer.json["results"]]
    assert codes == [None, "form", "id-window", None]
    assert len(rows(trial)) == 2


def test_nothing_from_before_reporting_began_is_taken(trial: RunningTrial) -> None:
    began = trial.parts.organisation.reporting_from
    assert trial.organisation()["reporting_from"] == began.strftime("%Y-%m-%dT%H:%M:%SZ")
    early = [attempt(began - timedelta(minutes=1)), attempt(began - timedelta(days=2))]
    answer = report(trial.url, trial.endpoint().tickets()[0], [*early, attempt(began)])
    assert outcomes(answer) == ["rejected", "rejected", "accepted"]
    assert answer.json["results"][0]["code"] == "reporting-from"


def test_before_reporting_begins_no_report_is_taken_at_all(trial: RunningTrial) -> None:
    ticket = trial.endpoint().tickets()[0]
    trial.clock.forward(timedelta(hours=-1))
    answer = report(trial.url, ticket, [attempt(trial.clock())])
    assert (answer.status, answer.code) == (403, "reporting-closed")
    assert rows(trial) == []


@pytest.mark.parametrize("body", [b"", b"no json", b'{"violations": 1}', b"[]"])
def test_a_body_that_is_no_batch_is_400_and_keeps_the_ticket(
    trial: RunningTrial, body: bytes
) -> None:
    ticket = trial.endpoint().tickets()[0]
    answer = ask(trial.url, "POST", "/v1/reports", body, {"Authorization": f"Ticket {ticket}"})
    assert answer.status == 400
    assert answer.code in {"json", "form"}
    assert outcomes(report(trial.url, ticket, [attempt(trial.clock())])) == ["accepted"]


def test_a_ticket_of_last_week_is_no_longer_one(trial: RunningTrial) -> None:
    ticket = trial.endpoint().tickets()[0]
    trial.clock.forward(timedelta(days=9))
    trial.call(forget(trial.parts.books, trial.clock()))
    assert report(trial.url, ticket, []).code == "ticket"


def test_nobody_learns_whether_a_ticket_was_there_by_sending_a_body(trial: RunningTrial) -> None:
    headers = {"Authorization": "Ticket " + "ab" * 16}
    large = json.dumps({"violations": [], "padding": "x" * 2_000_000}).encode()
    assert ask(trial.url, "POST", "/v1/reports", large, headers).code == "ticket"
