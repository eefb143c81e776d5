"""Every row of the field cases, and the command that runs a folder of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case_kinds.case import Case, Result, unescaped
from tests.cases import KINDS, load, main

VECTORS = Path(__file__).parent / "vectors"
ALL = [(kind, case) for kind in KINDS for case in load(kind, VECTORS / kind)]


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{kind}-{case.key}") for kind, case in ALL]
)
def test_a_row_of_the_field_cases(case: Case) -> None:
    result = case.result()
    assert result.ok, result.line


def test_a_folder_of_right_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "expected.tsv").write_text(
        "kind\tvalue\toutcome\tnormal form\twhy\n"
        "suffix\tChatGPT.com\taccept or refuse\tchatgpt.com\tcase\n"
        "suffix\tcom\trefuse\t-\t\n"
    )
    assert main(["compiler-input", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split("\n") == [
        "1\taccept chatgpt.com\taccept chatgpt.com or refuse\tok",
        "2\trefuse\trefuse\tok",
        "2 of 2",
        "",
    ]


def test_a_difference_and_a_crash_do_not_end_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "expected.tsv").write_text(
        "id\thex\toutcome\tname\ttype\n"
        "odd\t123\tdrop\t-\t-\n"
        "nothing\t\tformerr\t-\t-\n"
        "again\t\tdrop\t-\t-\n"
    )
    assert main(["dns-packets", str(tmp_path)]) == 1
    assert capsys.readouterr().out.split("\n") == [
        "odd\tcrash: ValueError\tdrop\tdiffers",
        "nothing\tdrop\tformerr\tdiffers",
        "again\tdrop\tdrop\tok",
        "1 of 3",
        "",
    ]


def test_no_sinkhole_is_any_reply_without_our_address_and_none(tmp_path: Path) -> None:
    question = "076368617467707403636f6d00"
    (tmp_path / "expected.tsv").write_text(
        "id\thex\toutcome\tname\ttype\n"
        f"a\t123401000001000000000000{question}00010001\tno-sinkhole\tchatgpt.com\tA\n"
        f"txt\t123401000001000000000000{question}00100001\tno-sinkhole\tchatgpt.com\tTXT\n"
        f"response\t123481000001000000000000{question}00010001\tno-sinkhole\t-\t-\n"
        f"cut\t123401000001000000000001{question}00010001\tformerr\tchatgpt.com\tA\n"
        f"other\t123401000001000000000001{question}00010001\tformerr\tclaude.ai\tA\n"
    )
    results = [case.result().ok for case in load("dns-packets", tmp_path)]
    assert results == [False, True, True, True, False]


@pytest.mark.parametrize("arguments", [[], ["matching"], ["logs", "."], ["matching", "a", "b"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage" in said.err


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_cannot_be_read(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "expected.tsv").write_text("other\ncolumns\n")
    assert main([kind, str(tmp_path)]) == 3
    assert main([kind, str(tmp_path / "missing")]) == 3
    assert capsys.readouterr().out == ""


def test_each_side_of_or_is_right() -> None:
    case = Case("x", ("accept or refuse at line 3",), lambda: ("accept",))
    assert case.result().ok
    assert Result(case, ("refuse at line 3",)).ok
    assert not Result(case, ("refuse at line 4",)).ok


def test_escapes_of_hosts_and_requests() -> None:
    assert unescaped(r"b\u00fccher \r\n\t\0 \\r \x") == "bücher \r\n\t\0 \\r \\x"
    assert unescaped(r"\ud83d\ude00") == "😀"
