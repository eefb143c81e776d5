"""The command line: every command explains itself, starts quickly, and ends with the right code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agent.cli import COMMANDS, main
from agent.commands.answering import COULD_NOT, DONE, WRONG_USE
from tests.simulators.namespaces import PROGRAMS

AGENT = PROGRAMS / "sluis-agent"
NAMES = [command.name for command in COMMANDS]
ANSWERS = ["enrol", "status", "check", "record", "clear", "uninstall"]


@pytest.mark.parametrize("name", NAMES)
def test_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert ended.value.code == DONE
    assert f"example: sluis-agent {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ANSWERS)
def test_what_answers_answers_in_json_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])

    assert "--json" in capsys.readouterr().out


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == DONE

    shown = capsys.readouterr().out
    assert all(name in shown for name in NAMES)


@pytest.mark.parametrize("given", [[], ["bogus"], ["--bogus"]])
def test_a_line_that_is_no_command_is_wrong_use(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == WRONG_USE
    assert "usage: sluis-agent" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["status", "x"], ["check"], ["clear"], ["enrol", "--bogus"]])
def test_wrong_arguments_are_wrong_use(given: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)

    assert ended.value.code == WRONG_USE


@pytest.mark.parametrize("given", [["status"], ["check", "x.example"], ["record"]])
def test_without_an_agent_it_could_not(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--data", str(tmp_path)]) == COULD_NOT

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "sluis-agent run" in said


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    told = subprocess.run(
        ["bash", "-c", f"{AGENT} --help | true; echo ${{PIPESTATUS[0]}}"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert (told.stdout, told.stderr) == ("0\n", "")


@pytest.mark.parametrize("given", [["--help"], ["status"], ["check", "x.example"], ["record"]])
def test_it_starts_quickly(given: list[str], tmp_path: Path) -> None:
    """Under 0.3 s of work; how long it waits for other programs is not its own."""
    options = [] if given == ["--help"] else ["--data", str(tmp_path)]

    def seconds() -> float:
        process = subprocess.Popen(
            [AGENT, *given, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime

    assert min(seconds() for _ in range(3)) < 0.3
