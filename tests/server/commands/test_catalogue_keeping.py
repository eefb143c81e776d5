"""`sluis catalogue add`: what it asks and writes; a folder is never left broken."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blocklists.catalogue.loading import load_catalogue
from tests.server.commands.conftest import Sluis
from tests.simulators.service_files import ACME, NOORD, changed, written

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "services")


def inside(folder: Path) -> dict[str, bytes]:
    """Give what stands in a folder, hidden files included."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


SITE = "https://www.clavier.example/start"
SAID = ("--name", "Le Clavier", "--category", "writing")


def test_add_writes_a_file_that_is_honest(sluis: Sluis, folder: Path) -> None:
    before = inside(folder)
    code, out, err = sluis("catalogue", "add", SITE, *SAID, "--folder", folder)
    path = folder / "le-clavier.yaml"
    assert (code, err) == (0, "")
    assert out == f"{path}: le-clavier written; what is unknown in it may be filled in\n"
    added = load_catalogue(folder).services["le-clavier"]
    assert (added.plans, added.countries.owner, added.reach) == ({}, None, "tail")
    assert added.reviewed == datetime.now(tz=UTC).date()
    after = inside(folder)
    assert after.pop("le-clavier.yaml")
    assert after == before


def test_add_to_a_vendor_s_file_changes_nothing_else_in_it(sluis: Sluis, folder: Path) -> None:
    acme = ACME.replace("services:\n", "services:\r\n# Theirs: \u00e9\u00e9n.\n")
    (folder / "acme.yaml").write_bytes(acme.encode())
    code, out, _ = sluis(
        "catalogue", "add", SITE, *SAID, "--vendor", "acme", "--folder", folder, "--json"
    )
    assert code == 0
    assert json.loads(out) == {
        "ok": True,
        "file": str(folder / "acme.yaml"),
        "service": "le-clavier",
    }
    after = (folder / "acme.yaml").read_bytes().decode()
    assert [line for line in acme.split("\n") if line not in after.split("\n")] == []
    assert len(load_catalogue(folder).services) == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((SITE, "--category", "writing"), "--name is missing; write it"),
        ((SITE, "--name", "Le Clavier"), "--category is missing; write it"),
        ((SITE, *SAID, "--vendor", "../acme"), "--vendor: ../acme is no id"),
        ((SITE, *SAID, "--vendor", ".acme"), "--vendor: .acme is no id"),
        ((SITE, *SAID, "--id", "Le Clavier"), "--id: Le Clavier is no id"),
        ((SITE, *SAID, "--covers", "path"), "invalid choice"),
        ((SITE, "--name", "x", "--category", "chat"), "invalid choice"),
        (("https://[2001:db8::1", *SAID), "https://[2001:db8::1 is no address of a site"),
        (("https://192.0.2.1/", *SAID), "names no host"),
        (("no-such-file", *SAID), "names no host"),
        (("no such file.yaml", *SAID), "is no address of a site, and no file"),
        (("https://" + "x" * 5_000, *SAID), "a label is longer than 63 characters"),
        (("x" * 5_000, *SAID), "a label is longer than 63 characters"),
    ],
)
def test_add_with_something_missing_or_wrong(
    sluis: Sluis, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = inside(folder)
    code, out, err = sluis("catalogue", "add", *arguments, "--folder", folder)
    assert (code, out) == (2, "")
    assert words in err
    assert inside(folder) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("https://mail.google.com", *SAID, "--covers", "suffix"), "google.com is a shared host"),
        (("https://github.io", *SAID), "github.io is a public suffix"),
        (("https://chat.babbel.example", *SAID, "--id", "babbel"), "the id babbel is taken at"),
        (("https://babbel.example", *SAID), "suffix babbel.example stands at"),
        (("https://ch\u0430t.example", *SAID), "mixes Cyrillic and Latin letters"),
        ((SITE, *SAID, "--page", "about.html"), "about.html is no web address"),
        ((SITE, "--name", "Cl\u0430vier", "--id", "x", *SAID[2:]), "mixes Cyrillic and Latin"),
        ((SITE, *SAID, "--title", "T" * 3_000), "is 3000 characters long"),
    ],
)
def test_add_that_breaks_the_check_leaves_all_as_it_was(
    sluis: Sluis, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = inside(folder)
    for vendor in ((), ("--vendor", "acme")):
        code, out, err = sluis("catalogue", "add", *arguments, *vendor, "--folder", folder)
        assert (code, out) == (1, "")
        assert words in err
        assert str(folder) in err
        assert err.endswith("\nnothing was changed\n")
        assert inside(folder) == before


def test_add_where_nothing_can_be_added(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    command = ("catalogue", "add", SITE, *SAID, "--folder")
    assert sluis(*command, tmp_path / "gone") == (
        3,
        "",
        f"{tmp_path / 'gone'}: cannot be read: No such file or directory\n",
    )
    (folder / "noord.yaml").write_text("vendor: noord\n")
    before = inside(folder)
    for vendor in ("le-clavier", "noord"):
        code, out, err = sluis(*command, folder, "--vendor", vendor)
        assert (code, out) == (3, "")
        assert f"{folder}/noord.yaml:" in err
        assert inside(folder) == before


class Terminal:
    """The program at a terminal of its own, with standard output in a pipe."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self._program = subprocess.Popen(
            [sys.executable, "-m", "server.cli", *arguments],
            cwd=ROOT,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
        )
        os.close(theirs)
        self.shown = ""

    def answer(self, question: str, keys: str) -> None:
        """Wait until a question is asked, and type."""
        since = len(self.shown)
        while not (question in self.shown[since:] and self.shown.endswith(": ")):
            self.shown += os.read(self._ours, 4096).decode()
        os.write(self._ours, keys.encode())

    def ended(self) -> tuple[int, str]:
        """Wait for the end: exit code and standard output."""
        out, _ = self._program.communicate(timeout=60)
        os.set_blocking(self._ours, False)
        try:
            while more := os.read(self._ours, 4096):
                self.shown += more.decode()
        except OSError:  # the other end is closed, and all was read
            pass
        os.close(self._ours)
        return self._program.returncode, out


def test_add_asks_at_a_terminal_for_what_is_missing(folder: Path) -> None:
    terminal = Terminal(
        "catalogue", "add", "https://piano.acme.nl", "--folder", str(folder), "--json"
    )
    terminal.answer("Name of the service: ", "Acme Piano\n")
    terminal.answer("Id [acme-piano]: ", "\n")
    terminal.answer("Category (assistant, ", "audio-music\n")
    terminal.answer("Is all of acme.nl this service", "exact\n")
    terminal.answer("Vendor's id [acme-piano]: ", "acme\n")
    terminal.answer("Vendor's name [Acme Piano]: ", "\n")
    terminal.answer("Page that you read [https://piano.acme.nl/]: ", "\n")
    terminal.answer("Title of that page", "Piano: a tour\n")
    code, out = terminal.ended()
    assert code == 0, terminal.shown
    assert json.loads(out)["service"] == "acme-piano"
    added = load_catalogue(folder).services["acme-piano"]
    assert (added.vendor, added.category) == ("acme", "audio-music")
    assert [str(each) for each in added.hosts] == ["exact piano.acme.nl"]
    assert added.sources["site-acme-piano"].title == "Piano: a tour"


def test_who_ends_the_questions_changes_nothing(folder: Path) -> None:
    before = inside(folder)
    terminal = Terminal("catalogue", "add", SITE, *SAID, "--folder", str(folder))
    terminal.answer("Id [le-clavier]: ", "\n")
    terminal.answer("(suffix), or", "\x04")
    assert terminal.ended() == (2, "")
    assert "no answer; nothing was changed" in terminal.shown
    assert "Traceback" not in terminal.shown
    assert inside(folder) == before


SMALLER = ACME[: ACME.index("  - id: acme-paint")]


def test_an_import_replaces_a_vendor_s_file(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    text = changed("owner: NO", "owner: SE").replace("\n", "\r\n")
    given = tmp_path / "acme.yaml"
    given.write_bytes(text.encode())
    assert sluis("catalogue", "add", given, "--folder", folder) == (0, "1 files taken in\n", "")
    assert (folder / "acme.yaml").read_bytes() == text.encode()
    assert sorted(inside(folder)) == ["acme.yaml", "noord.yaml"]


def test_an_import_of_a_folder(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "acme.yaml").write_text(changed("owner: NO", "owner: SE"))
    (given / "zuid.yaml").write_text(NOORD.replace("noord", "zuid").replace("babbel", "klap"))
    (given / "README.md").write_text("not a service file\n")
    code, out, _ = sluis("catalogue", "add", given, "--folder", folder, "--json")
    assert (code, json.loads(out)) == (0, {"ok": True, "files": ["acme.yaml", "zuid.yaml"]})
    assert set(load_catalogue(folder).services) == {"acme-chat", "acme-paint", "babbel", "klap"}


def test_an_import_that_shrinks_stops_aloud(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "acme.yaml"
    given.write_text(SMALLER)
    before = inside(folder)
    assert sluis("catalogue", "add", given, "--folder", folder) == (
        1,
        "",
        (
            "the catalogue shrinks: services from 3 to 2, hosts from 6 to 5; "
            "nothing was changed (--shrink takes it all the same)\n"
        ),
    )
    assert inside(folder) == before
    assert sluis("catalogue", "add", given, "--folder", folder, "--shrink")[0] == 0
    assert (folder / "acme.yaml").read_text() == SMALLER


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ACME.encode() + b"#" * 10_000_000, ":1: is too large; at most 1048576 bytes are read"),
        (ACME.replace("[Acme Talk]", "&talk [Acme Talk]").encode(), ":10: &talk is an anchor"),
        (ACME.replace("[Acme Talk]", "*talk").encode(), ":10: *talk is an anchor or alias"),
        (ACME.replace("[Acme Talk]", "!!seq [Talk]").encode(), ":10: services[1].former: "),
        (ACME.replace("reach: head", "reach: head\n    reach: tail").encode(), "stands here twice"),
        (ACME.replace("vendor: acme", "vendor: acme\nvendor: acme").encode(), "vendor: stands her"),
        (ACME.replace("Acme Talk", "\u00e9").encode("latin-1"), ":10: byte 0xe9 at position"),
        (ACME.encode("utf-16"), ":1: byte 0xff at position 0 is not UTF-8"),
        (b"services: [", "a [ or { is not closed"),
        (b"", ":1: is empty; write at least one key"),
        (b"\x00" * 100, "the character U+0000 may not stand here"),
        (NOORD.encode(), "noord is not the file's name"),
        (ACME.replace("acme-chat.example", "google.com").encode(), "google.com is a shared host"),
        (ACME.replace("acme-paint", "babbel").encode(), "the id babbel is taken at"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_import_with_faults_leaves_all_as_it_was(
    sluis: Sluis, folder: Path, tmp_path: Path, data: bytes, words: str
) -> None:
    given = tmp_path / "acme.yaml"
    given.write_bytes(data)
    before = inside(folder)
    code, out, err = sluis("catalogue", "add", given, "--folder", folder, "--shrink")
    assert (code, out) == (1, "")
    assert words in err
    assert err.endswith("\nnothing was changed\n")
    assert inside(folder) == before


def test_an_import_of_what_is_no_service_file(sluis: Sluis, folder: Path, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty", tmp_path / "acme.txt"
    empty.mkdir()
    text.write_text(ACME)
    before = inside(folder)
    assert sluis("catalogue", "add", empty, "--folder", folder) == (
        3,
        "",
        f"{empty}: holds no service file; name it VENDOR.yaml\n",
    )
    code, _, err = sluis("catalogue", "add", text, "--folder", folder)
    assert code == 1
    assert "acme.txt:1: is no service file; name it VENDOR.yaml" in err
    assert inside(folder) == before
