"""What became of candidates, and whether the catalogue bears it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklists.curation.judged import Dropped, load_judged, untrue
from blocklists.yamlfile import BadFile
from tests.simulators.service_files import FILES, catalogue_of

FILE = (
    "# host\toutcome\tservice\treason\n"
    "acme-chat.example\tkept\tacme-chat\t\n"
    "\n"
    "gone.example\tdropped\t-\tdefunct - closed - in May\n"
    "maker.example\tdropped\t-\tcompany\n"
)


def file(folder: Path, text: str) -> Path:
    path = folder / "judged.tsv"
    path.write_text(text, "utf-8")
    return path


def test_judgements_by_host(tmp_path: Path) -> None:
    kept, gone, maker = load_judged(file(tmp_path, FILE)).values()
    assert (kept.host, kept.service, kept.code, kept.line) == (
        "acme-chat.example",
        "acme-chat",
        None,
        2,
    )
    assert (gone.service, gone.code, gone.why) == ("", Dropped.DEFUNCT, "closed - in May")
    assert (maker.code, maker.why, maker.line) == (Dropped.COMPANY, "", 5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("new.example\tkept", "has 2 cells; write host, outcome, service and reason"),
        ("new.example\tkept\tacme-chat\t\t", "has 5 cells"),
        ("new.example kept acme-chat", "has 1 cells"),
        ("new.example\tkept\t\t", "kept of nothing; write kept with a service"),
        ("new.example\tmaybe\tacme-chat\t", "maybe of acme-chat; write kept"),
        ("new.example\tdropped\t-\tboring", "boring is no reason; write one of infrastructure"),
        ("new.example\tdropped\t-\t", "is no reason"),
        ("New.Example.\tdropped\t-\tshared", "is not in normal form; write new.example"),
        ("new example\tdropped\t-\tshared", "'new example' is not a host name"),
        ("gone.example\tdropped\t-\tshared", "gone.example was judged on line 4 already"),
    ],
)
def test_a_line_that_is_none(tmp_path: Path, line: str, words: str) -> None:
    path = file(tmp_path, f"{FILE}{line}\n")
    with pytest.raises(BadFile) as refused:
        load_judged(path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (str(path), 6)
    assert words in problem.message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        load_judged(file(tmp_path, "a\n# remark\nb\n"))
    assert [each.line for each in refused.value.problems] == [1, 3]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_judged(tmp_path / "gone.tsv")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("acme-chat.example\tkept\tacme-chat\t", None),
        ("www.acme-chat.example\tkept\tacme-chat\t", None),
        ("acme.example\tkept\tacme-chat\t", None),
        ("babbel.example\tkept\tacme-chat\t", "is kept as acme-chat, not babbel"),
        ("new.example\tkept\tacme-chat\t", "is kept as acme-chat, not None"),
        ("babbel.example\tdropped\t-\tshared", "is dropped, and stands in babbel"),
        ("www.babbel.example\tdropped\t-\tshared", None),
        ("new.example\tdropped\t-\tshared", None),
    ],
)
def test_the_catalogue_bears_it_out(tmp_path: Path, line: str, told: str | None) -> None:
    judged = load_judged(file(tmp_path, f"{line}\n"))
    found = untrue(judged, catalogue_of(**FILES))
    assert [number for number, _ in found] == ([1] if told else [])
    assert not told or told in found[0][1]


def test_the_shipped_file_is_read() -> None:
    assert load_judged()
