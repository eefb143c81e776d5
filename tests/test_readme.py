"""README.md: names every command and every setting there is, and none that there is not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from blocklists.protocol.settings import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAMS = ("sluis", "sluis-agent")


def commands(program: str) -> set[str]:
    """The commands that the program's own --help lists: two spaces, the words, what they do."""
    told = subprocess.run(
        [Path(sys.executable).parent / program, "--help"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return set(re.findall(r"^  (\w+(?: \w+)*)(?: [A-Z-]\S*)*  ", told, flags=re.MULTILINE))


@pytest.mark.parametrize("program", PROGRAMS)
def test_names_every_command_there_is_and_no_other(program: str) -> None:
    told = re.findall(rf"^\| `{program} ([a-z]+(?: [a-z]+)*)", README, flags=re.MULTILINE)

    assert sorted(told) == sorted(commands(program))


def test_names_every_setting() -> None:
    told = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)

    assert [setting.name for setting in SETTINGS] == told


def test_names_every_folder_of_code() -> None:
    told = re.findall(r"^\| `(\w+)/` \|", README, flags=re.MULTILINE)

    assert told == ["blocklists", "server", "agent", "extension", "tests"]
    assert all((ROOT / folder).is_dir() for folder in told)


def test_names_every_word_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))

    assert {word for word in words if f"make {word}" not in README} == set()


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?://)([^)#]+)\)", README))
def test_what_it_links_to_is_there(target: str) -> None:
    assert (ROOT / target).exists()
