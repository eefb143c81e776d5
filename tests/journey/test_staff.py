"""What a standard user of the workstation cannot read, change or end; and what is only theirs."""

from __future__ import annotations

import pytest

from tests.journey.steps import ALLOWED, BLOCKED
from tests.journey.workplace import AGENT, CONFIGURATION, SINKHOLE, Workplace
from tests.simulators.waiting import until

DATA = "/var/lib/sluis-agent"
DOCUMENT = ("--header", "Accept: text/html")


@pytest.fixture(scope="module", autouse=True)
def running(place: Workplace) -> None:
    """An agent in force, at which a member of staff was stopped once."""
    place.connect()
    place.configure(place.trial.agent_token())
    place.start_agent()
    place.until_in_force(30)
    assert place.curl(f"http://{BLOCKED}/", *DOCUMENT).status == 403
    until("it is spooled", lambda: place.ask("record")["violations"])


def test_nobody_reads_the_token_or_what_the_agent_keeps(place: Workplace) -> None:
    kept = place.station.run(["find", DATA, "-type", "f"]).split()
    assert {f"{DATA}/{name}" for name in ("key", "outbox.db", "record.db", "list.bundle")} < {*kept}
    assert any("pseudonym" in path for path in kept)
    for path in (*kept, str(CONFIGURATION)):
        assert not place.station.succeeds(["cat", path], user="staff"), path
    assert not place.station.succeeds(["ls", DATA], user="staff")


def test_a_record_is_its_own_accounts_alone(place: Workplace) -> None:
    assert [one["host"] for one in place.ask("record")["violations"]] == [BLOCKED]
    for other in ("colleague", "root"):
        assert place.ask("record", user=other)["violations"] == [], other


def test_nobody_can_count_something_for_another(place: Workplace) -> None:
    forged = ["curl", "--silent", "--header", f"Host: {BLOCKED}", *DOCUMENT, f"http://{SINKHOLE}/"]
    place.station.run(forged, user="colleague")

    until("it is spooled", lambda: place.ask("record", user="colleague")["violations"])
    [own] = place.ask("record")["violations"]
    assert own["times"] == 1


@pytest.mark.parametrize(
    "attempt",
    [
        ["pkill", "-KILL", "--exact", "sluis-agent"],
        ["resolvectl", "revert", "sluis0"],
        ["resolvectl", "domain", "sluis0", "~other.example"],
        ["ip", "link", "delete", "sluis0"],
        ["ip", "link", "set", "sluis0", "down"],
        ["sh", "-c", "echo 203.0.113.80 chatgpt.com >> /etc/hosts"],
        ["sh", "-c", f"echo x >> {CONFIGURATION}"],
        ["sh", "-c", f"rm {DATA}/control.sock"],
        [AGENT, "clear", "--all"],
        [AGENT, "uninstall"],
        [AGENT, "run"],
    ],
    ids=lambda argv: " ".join(map(str, argv))[:40],
)
def test_nobody_takes_the_block_away(place: Workplace, attempt: list[str]) -> None:
    before = place.agent_accounts()

    assert not place.station.succeeds(attempt, user="staff")

    assert place.agent_accounts() == before == {"root", "sluis-agent"}
    assert place.station.resolve(BLOCKED) == [SINKHOLE]
    assert place.reaches(ALLOWED)
    assert not place.reaches(BLOCKED)
