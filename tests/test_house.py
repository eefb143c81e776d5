"""The rules of the tree: where files stand, what they are called, what none may hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SIDES = ("agent", "blocklists", "server")

MIRRORS_NO_FILE = {
    "tests/blocklists/catalogue/test_services.py": "blocklists/services and what lies beside it",
    "tests/blocklists/test_format.py": "blocklists/FORMAT.md",
    "tests/test_cases.py": "tests/cases.py and the field cases in tests/vectors",
    "tests/extension/test_chromium.py": "the extension in a real browser",
    "tests/extension/test_tuf_vectors.py": "tests/vectors/tuf",
    "tests/extension/test_twins.py": "what the extension repeats of blocklists/",
    "tests/test_house.py": "the tree",
    "tests/test_imports.py": "all of the Python",
    "tests/test_locks.py": "the lock files",
    "tests/test_readme.py": "README.md",
}
"""Test files that belong to no one source file, and what each looks at instead."""

TEST_FOLDERS = ("bypass", "faults", "journey")
"""Folders of tests that go through the whole product."""

TESTED_HERE = ("benchmarks", "simulators")
"""Folders below tests/ whose files have their tests beside them."""

LONG = {
    "blocklists/built_in.yaml": "a list of facts",
    "blocklists/judged.tsv": "one line a candidate",
    "blocklists/service.schema.json": "blocklists/catalogue/schema.py writes it",
    "blocklists/shared_hosts.txt": "a list of names",
    "package-lock.json": "npm writes it",
    "requirements-agent.lock": "pip-compile writes it",
    "requirements.lock": "pip-compile writes it",
    "tests/vectors/tuf/make.py": "one function a vector, and what they share",
}
"""Files of more than 400 lines, each with its reason; the list may only shrink."""

SAYS_NOTHING = {"base", "common", "helpers", "manager", "misc", "util", "utils"}
"""What a file may not be called."""

REGISTRIES = re.compile(r"\b(?:pypi|npmjs|pythonhosted|debian)\.(?:org|com)\b")
ELSEWHERE = re.compile(r"(?<![\w.$}/-])/(?:work|root)/")
"""Folders of one machine, at the start of an absolute path."""


def tracked() -> list[str]:
    """The files that git knows and that are there, from the root, with forward slashes."""
    told = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()


def text(name: str) -> str:
    """The file's text; of a picture, none. A case may be a file that is no UTF-8."""
    data = (ROOT / name).read_bytes()
    return "" if b"\0" in data else data.decode(errors="replace")


def mirrored(test: str) -> tuple[str, ...]:
    """What this test file may be the test of: a file, or a folder that is one subject."""
    folder, _, name = test.removeprefix("tests/").rpartition("/")
    if name.endswith(".test.js"):
        return (f"{folder.replace('extension', 'extension/src', 1)}/{name[:-8]}.js",)
    if folder in TESTED_HERE:
        folder = f"tests/{folder}"
    subject = f"{folder}/{name.removeprefix('test_').removesuffix('.py')}"
    return (f"{subject}.py", f"{subject}/__init__.py")


TESTS = [
    name
    for name in FILES
    if re.search(r"/test_[^/]*\.py$|\.test\.js$", name)
    and name not in MIRRORS_NO_FILE
    and not name.startswith(tuple(f"tests/{folder}/" for folder in TEST_FOLDERS))
]


def test_no_package_under_tests() -> None:
    """A tests/agent/__init__.py would shadow the package agent."""
    assert [name for name in FILES if re.fullmatch(r"tests/(.*/)?__init__\.py", name)] == []


@pytest.mark.parametrize("test", TESTS)
def test_a_test_mirrors_the_file_it_tests(test: str) -> None:
    assert any(subject in FILES for subject in mirrored(test)), f"none of {mirrored(test)}"


def test_every_name_says_something() -> None:
    assert [name for name in FILES if Path(name).stem.lower() in SAYS_NOTHING] == []


def test_long_files_have_a_reason() -> None:
    long = {name for name in FILES if text(name).count("\n") > 400}

    assert long == set(LONG)


def test_no_address_of_a_registry() -> None:
    """Whoever installs this says where from; the tree does not."""
    lists = ("blocklists/services/", "blocklists/must_not_block.txt", "blocklists/shared_hosts.txt")
    holders = [name for name in FILES if REGISTRIES.search(text(name))]

    assert [name for name in holders if not name.startswith((*lists, "tests/test_house.py"))] == []


def test_no_path_of_one_machine() -> None:
    assert [name for name in FILES if ELSEWHERE.search(text(name))] == []


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".py", ".js", ".sh"))])
def test_a_file_opens_with_what_it_is(name: str) -> None:
    """Python by a docstring, which ruff sees to; JavaScript and shell by a comment."""
    lines = [line for line in text(name).splitlines() if not line.startswith("#!")]

    assert lines
    assert lines[0].startswith(('"""', 'r"""', "//", "/*", "#")), lines[0]


def test_what_the_code_reads_comes_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    taken = project["tool"]["setuptools"]["package-data"]["*"]
    data = [name for name in FILES if name.startswith("blocklists/") and not name.endswith(".py")]

    assert data
    assert [name for name in data if f"**/*{Path(name).suffix}" not in taken] == []


def test_every_folder_of_code_says_what_it_is() -> None:
    silent = [
        name
        for name in FILES
        if name.startswith(tuple(f"{side}/" for side in SIDES))
        and name.endswith("/__init__.py")
        and not text(name).startswith('"""')
    ]

    assert silent == []


def test_the_look_of_server_and_extension_is_one_theme() -> None:
    """Each carries its own sheet, since neither may load the other's; what both name is equal."""
    sheets = [
        dict(re.findall(r"(--sluis-[\w-]+):\s*([^;]+);", (ROOT / sheet).read_text()))
        for sheet in ("server/pages/static/theme.css", "extension/pages/theme.css")
    ]
    shared = sheets[0].keys() & sheets[1].keys()
    assert len(shared) > 10
    assert {name: sheets[0][name] for name in shared} == {name: sheets[1][name] for name in shared}
