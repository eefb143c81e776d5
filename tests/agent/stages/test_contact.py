"""Settings are read at each round; broken ones change nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.stages.contact import Contact
from tests.simulators.counterpart import Counterpart, settings


def test_a_change_of_the_settings_opens_a_new_conversation(tmp_path: Path) -> None:
    server = Counterpart()
    contact = Contact(settings(tmp_path), server.open)

    async def story() -> list[bool]:
        first, again = await contact.read(), await contact.read()
        settings(tmp_path, "another-token")
        return [first, again, await contact.read()]

    assert asyncio.run(story()) == [True, False, True]
    assert server.asked == ["open", "open"]


def test_broken_settings_leave_the_last_good_ones(tmp_path: Path) -> None:
    contact = Contact(settings(tmp_path), Counterpart().open)

    async def story() -> None:
        await contact.read()
        (tmp_path / "agent.yaml").write_text("server: [\n")
        assert not await contact.read()

    asyncio.run(story())
    assert contact.configuration
    assert contact.conversation
    assert "agent.yaml:" in contact.fault


@pytest.mark.parametrize(("mode", "told"), [(0o644, True), (0o640, False)])
def test_a_token_that_everybody_may_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, *, told: bool
) -> None:
    file = settings(tmp_path, "the-token")
    file.chmod(mode)
    contact = Contact(file, Counterpart().open)

    asyncio.run(contact.read())

    assert (f"chmod o-r {file}" in caplog.text) is told
    assert "the-token" not in caplog.text


def test_without_settings_nobody_is_spoken_to(tmp_path: Path) -> None:
    contact = Contact(tmp_path / "agent.yaml", Counterpart().open)

    asyncio.run(contact.read())

    assert contact.conversation is None
    assert "No such file" in contact.fault
