"""Whoever sits between a workstation and its server cannot change the list, turn it back or stop
time: what he gives is refused, the list in force stays, and the agent says so.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Timestamp

from blocklists.protocol import bundle
from tests.journey.steps import ALLOWED, BLOCKED, TRIAL_POLICY, allowing
from tests.journey.trial import Trial
from tests.journey.workplace import Workplace
from tests.simulators.attacker import Attacker
from tests.simulators.waiting import until

Attack = Callable[[Attacker, Trial], None]


def tampered_timestamp(man: Attacker, _: Trial) -> None:
    man.tamper("timestamp.json")


def tampered_list(man: Attacker, _: Trial) -> None:
    man.tamper(".blocklist.json.gz")


def old_repository(man: Attacker, _: Trial) -> None:
    man.old()


def expired_timestamp(man: Attacker, trial: Trial) -> None:
    """Signed by the trial's own key: the server was stopped, or its renewal was, days ago."""
    with urllib.request.urlopen(f"{trial.address}/repository/timestamp.json") as answer:
        metadata = Metadata[Timestamp].from_bytes(answer.read())
    metadata.signed.version += 1
    metadata.signed.expires = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    key = load_pem_private_key((trial.data / "keys/timestamp.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    metadata.sign(CryptoSigner(key))
    data = metadata.to_bytes()
    poll = bundle.pack({"timestamp.json": data})
    man.serve({"/repository/timestamp.json": data, "/v1/device/wait": poll})


ATTACKS: list[tuple[Attack, str]] = [
    (tampered_timestamp, "refused"),
    (tampered_list, "refused"),
    (old_repository, "refused"),
    (expired_timestamp, "frozen"),
]


@pytest.fixture(scope="module", autouse=True)
def in_force(place: Workplace, man: Attacker) -> None:
    """The agent has a list, and has had an older one, which the man wrote down."""
    place.configure(place.trial.agent_token())
    place.start_agent()
    until("the agent has its list", lambda: place.list_is("fresh"), 30)


@pytest.mark.parametrize(
    ("attack", "state"), ATTACKS, ids=lambda one: getattr(one, "__name__", one)
)
def test_it_is_refused_and_the_list_stays(
    place: Workplace, man: Attacker, tmp_path: Path, attack: Attack, state: str
) -> None:
    version = place.trial.apply(TRIAL_POLICY, "before the attack")["list_version"]
    until("the list is in force", lambda: place.list_is("fresh", version))

    attack(man, place.trial)
    newer = place.trial.apply(allowing(tmp_path), "hidden by the attack")["list_version"]

    until(f"the agent says {state}", lambda: place.list_is(state, version))
    assert not place.reaches(BLOCKED)
    assert place.reaches(ALLOWED)

    man.pass_on()
    until("the newer list is in force", lambda: place.list_is("fresh", newer), 40)
    until("what it allows is reached", lambda: place.reaches(BLOCKED))
