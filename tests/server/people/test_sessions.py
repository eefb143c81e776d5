"""One-time links and sessions: once, for a while, ended for good, and only hashes are stored."""

from __future__ import annotations

from datetime import timedelta

from server.people.sessions import LINK_HOLDS, SESSION_HOLDS, Sessions
from tests.simulators.running import RunningTrial


def sessions(trial: RunningTrial) -> Sessions:
    return trial.parts.sessions


def opened(trial: RunningTrial) -> str:
    secret = trial.call(sessions(trial).open(trial.call(sessions(trial).link())))
    assert secret is not None
    return secret


def test_a_link_works_once(trial: RunningTrial) -> None:
    code = trial.call(sessions(trial).link())
    assert trial.call(sessions(trial).open(code)) is not None
    assert trial.call(sessions(trial).open(code)) is None


def test_a_link_ends_by_itself(trial: RunningTrial) -> None:
    code = trial.call(sessions(trial).link())
    trial.clock.forward(LINK_HOLDS)
    assert trial.call(sessions(trial).open(code)) is None


def test_a_guess_opens_nothing(trial: RunningTrial) -> None:
    trial.call(sessions(trial).link())
    for guess in ("", "A" * 43, "\x00", "\ud800"):
        assert trial.call(sessions(trial).open(guess)) is None
        assert not trial.call(sessions(trial).holds(guess))


def test_a_session_holds_until_its_end(trial: RunningTrial) -> None:
    secret = opened(trial)
    trial.clock.forward(SESSION_HOLDS - timedelta(seconds=1))
    assert trial.call(sessions(trial).holds(secret))
    trial.clock.forward(timedelta(seconds=1))
    assert not trial.call(sessions(trial).holds(secret))


def test_a_session_that_was_ended_is_closed_for_good(trial: RunningTrial) -> None:
    secret = opened(trial)
    trial.call(sessions(trial).end(secret))
    assert not trial.call(sessions(trial).holds(secret))


def test_the_database_holds_no_secret(trial: RunningTrial) -> None:
    secret, code = opened(trial), trial.call(sessions(trial).link())
    files = trial.settings.data.glob("sluis.db*")
    stored = b"".join(path.read_bytes() for path in files)
    assert stored
    assert secret.encode() not in stored
    assert code.encode() not in stored
