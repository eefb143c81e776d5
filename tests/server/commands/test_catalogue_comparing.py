"""`sluis catalogue coverage | diff`: lines, JSON, and what cannot be compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.commands.conftest import Sluis
from tests.simulators.service_files import NOORD, changed, written

ROOT = Path(__file__).parents[3]
LIST = "# AI\nchatgpt.com\n||new.example^\nk12.ak.us\nwww.claude.ai\n@@||x.example^\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "services")


def piped(*arguments: str, given: bytes) -> subprocess.CompletedProcess[str]:
    """Run the program in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT,
        input=given.decode(),
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_coverage_says_what_each_has(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(LIST)
    code, out, err = sluis("catalogue", "coverage", file)
    assert (code, err) == (1, "")
    first, _, rest = out.partition("\n")
    assert first == (
        "4 names: 2 in the catalogue (0 in part), 1 left out with a reason, 1 not judged yet; "
        "agreement 50.0%"
    )
    assert "\nleft out (1)\n  k12.ak.us\tk12.ak.us is a public suffix" in rest
    assert "\nnot judged yet (1)\n  new.example\tline 3\n" in rest
    assert "\nnot read (1)\n  line 6\tan exception\n" in rest
    assert "more; --all shows them" in rest


def test_coverage_as_json(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(LIST)
    code, out, err = sluis("catalogue", "coverage", "--json", file)
    assert (code, err) == (1, "")
    found = json.loads(out)
    services = {each["host"]: each["service"] for each in found["covered"]}
    assert (services["chatgpt.com"], services["www.claude.ai"]) == ("chatgpt", "claude")
    assert found["missing"] == [{"host": "new.example", "line": 3}]
    assert found["passed"] == [{"line": 6, "text": "@@||x.example^", "why": "an exception"}]
    groups = (found["covered"], found["left_out"], found["missing"])
    assert found["names"] == sum(map(len, groups)) == 4
    assert found["agreement"] == 0.5
    assert not {"chatgpt", "claude"} & set(found["not_listed"])


def test_coverage_of_names_that_are_all_there(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("domain,name\nchatgpt.com,ChatGPT\nclaude.ai,Claude\n")
    code, out, _ = sluis("catalogue", "coverage", file)
    assert code == 0
    assert "agreement 100.0%" in out


def test_coverage_shows_twenty_of_many(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("".join(f"new{number}.example\n" for number in range(23)))
    few = sluis("catalogue", "coverage", file)[1]
    assert "  new19.example\tline 20\n  ... and 3 more; --all shows them\n" in few
    every = sluis("catalogue", "coverage", file, "--all")[1]
    assert "  new22.example\tline 23\n" in every
    assert "more; --all" not in every


def test_coverage_of_a_path_names_the_path(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("||new.example/chat^\n")
    assert "  new.example/chat\tline 1\n" in sluis("catalogue", "coverage", file)[1]
    found = json.loads(sluis("catalogue", "coverage", file, "--json")[1])
    assert found["missing"] == [{"host": "new.example/chat", "line": 1}]


def test_coverage_from_a_pipe() -> None:
    told = piped("catalogue", "coverage", "-", "--json", given=LIST.encode())
    assert (told.returncode, told.stderr) == (1, "")
    assert json.loads(told.stdout)["names"] == 4
    told = piped("catalogue", "coverage", "-", given=b"")
    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr == "-: names no host; write one name a line\n"


def test_bytes_that_are_no_text_spoil_their_own_line(sluis: Sluis, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(b"\xff\xfe\x00\nchatgpt.com\n")
    code, out, _ = sluis("catalogue", "coverage", file, "--json")
    assert code == 0
    assert [each["line"] for each in json.loads(out)["passed"]] == [1]


def test_coverage_of_what_is_no_list(sluis: Sluis, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(64 * 1024 * 1024 + 1)
    for name, words in (
        ("gone", "cannot be read: No such file or directory"),
        (".", "cannot be read: Is a directory"),
        ("empty", "names no host; write one name a line"),
        ("large", "is too large; at most 67108864 bytes are read"),
    ):
        code, out, err = sluis("catalogue", "coverage", tmp_path / name)
        assert (code, out) == (3, "")
        assert err == f"{tmp_path / name}: {words}\n"


def test_diff_of_the_same(sluis: Sluis, folder: Path) -> None:
    assert sluis("catalogue", "diff", folder, folder) == (0, "no difference\n", "")
    assert json.loads(sluis("catalogue", "diff", folder, folder, "--json")[1]) == {
        "added": [],
        "removed": [],
        "changes": [],
        "shrinks": None,
    }


def test_diff_says_every_change(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    acme = changed("owner: NO", "owner: SE").replace("[Acme Talk]", "[]")
    more = NOORD.replace("noord", "zuid").replace("babbel", "klap")
    new = written(tmp_path / "new", acme=acme, zuid=more)
    assert sluis("catalogue", "diff", folder, new) == (
        0,
        "+ klap\n~ acme-chat: countries.owner: NO -> SE\n~ acme-chat: - former: Acme Talk (yes)\n",
        "",
    )
    code, out, _ = sluis("catalogue", "diff", folder, new, "--json")
    assert code == 0
    assert json.loads(out)["changes"][0] == {
        "service": "acme-chat",
        "fact": "countries.owner",
        "old": "NO",
        "new": "SE",
    }


def test_diff_of_a_catalogue_that_shrank_is_no(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    less = written(tmp_path / "less")
    (less / "noord.yaml").unlink()
    lost = "the catalogue shrinks: services from 3 to 2, hosts from 6 to 5"
    assert sluis("catalogue", "diff", folder, less) == (1, "- babbel\n", f"{lost}\n")
    code, out, err = sluis("catalogue", "diff", folder, less, "--json")
    assert (code, err) == (1, f"{lost}\n")
    assert json.loads(out)["shrinks"] == lost


def test_diff_of_what_cannot_be_read(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    code, out, err = sluis("catalogue", "diff", folder, tmp_path / "gone")
    assert (code, out) == (3, "")
    assert err == f"{tmp_path / 'gone'}: cannot be read: No such file or directory\n"
    broken = written(tmp_path / "broken", acme="vendor: acme\n")
    code, out, err = sluis("catalogue", "diff", broken, folder)
    assert (code, out) == (3, "")
    assert f"{broken}/acme.yaml:1: services: is missing; write it" in err
