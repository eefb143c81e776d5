"""The agent's settings: read by the table, and every fault in one line with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.configuration import BadConfiguration, load_configuration

PIN = "1:" + "0" * 64
GOOD = f"server: https://sluis.example\npin: '{PIN}'\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "agent.yaml"
    path.write_text(text)
    return path


def test_what_is_set_and_what_is_the_default(tmp_path: Path) -> None:
    found = load_configuration(written(tmp_path, GOOD))

    assert found.server == "https://sluis.example"
    assert found.server_host == "sluis.example"
    assert found.pin == PIN
    assert found.enrolment is None
    assert found.language == "nl"
    assert found.first == tmp_path / "first"


def test_the_token_is_not_shown(tmp_path: Path) -> None:
    found = load_configuration(written(tmp_path, GOOD + "enrolment: secret-token\n"))

    assert found.enrolment == "secret-token"
    assert "secret-token" not in repr(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"agent\.yaml:1: is empty"),
        ("server: https://sluis.example\n", r"agent\.yaml:\d+: pin: is missing"),
        (
            "server: http://sluis.example\npin: '" + PIN + "'\n",
            r"agent\.yaml:1: server: .*https://",
        ),
        ("server: https://sluis.example\npin: 1:abc\n", r"agent\.yaml:2: pin: .*64 hex digits"),
        (GOOD + "language: fr\n", r"agent\.yaml:3: language: one of nl, en, not 'fr'"),
        (GOOD + "servr: x\n", r"agent\.yaml:3: servr: .*did you mean server"),
        (GOOD + "server: x\n", r"agent\.yaml:3: server: stands here twice"),
        ("server: [\n", r"agent\.yaml:\d+: "),
        ("- a\n", r"agent\.yaml:1: must have keys"),
        ("server:\n  - a\npin: '" + PIN + "'\n", r"agent\.yaml:1: server: is a list"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said):
        load_configuration(written(tmp_path, text))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration) as caught:
        load_configuration(written(tmp_path, "server: ftp://x\npin: 1\nlanguage: xx\n"))

    assert len(str(caught.value).splitlines()) == 3


def test_no_file_says_where_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"agent\.yaml: No such file.*--config"):
        load_configuration(tmp_path / "agent.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="directory"):
        load_configuration(tmp_path)
