"""Typed reading: what each reader takes, and the words it refuses with."""

from __future__ import annotations

from datetime import date

import pytest

from blocklists.yamlfile import BadFile, Fields
from blocklists.yamlfile.loading import load


def fields(text: str) -> Fields:
    """Give the keys of a file's top."""
    return load(text.encode(), "f.yaml").mapping()


def faults(found: Fields) -> list[str]:
    """Give what was noted so far."""
    return [str(problem) for problem in found.node.faults.found]


def test_text_is_trimmed_and_never_empty() -> None:
    found = fields("a: >\n  two\n  lines\nb:\nc: ''\n")
    assert found.get("a").text() == "two lines"
    assert found.get("b").text() is None
    assert found.get("c").text() is None
    assert faults(found) == [
        "f.yaml:4: b: has no value; write text, or leave the key out",
        "f.yaml:5: c: has no value; write text, or leave the key out",
    ]


def test_text_has_a_longest_length() -> None:
    found = fields(f"a: {'x' * 11}\n")
    assert found.get("a").text(longest=10) is None
    assert "at most 10" in faults(found)[0]


@pytest.mark.parametrize("good", ["a", "0123", "le-chat-2026", "x" * 64])
def test_ids_that_are_taken(good: str) -> None:
    assert fields(f"a: {good}").get("a").identifier() == good


@pytest.mark.parametrize("bad", ["A", "a_b", "-a", "a-", "a.b", "x" * 65, "é"])
def test_ids_that_are_refused(bad: str) -> None:
    found = fields(f'a: "{bad}"')
    assert found.get("a").identifier() is None
    assert "is no id" in faults(found)[0]


def test_one_of_names_the_choices_and_the_nearest() -> None:
    found = fields("a: blok\nb: off\nc: block\n")
    choices = ("allow", "observe", "warn", "block")
    assert found.get("c").one_of(choices) == "block"
    assert found.get("a").one_of(choices) is None
    assert found.get("b").one_of(choices) is None
    assert faults(found) == [
        (
            "f.yaml:1: a: blok is not known; write one of allow, observe, warn, block "
            "(did you mean block?)"
        ),
        "f.yaml:2: b: off is not known; write one of allow, observe, warn, block",
    ]


def test_dates_exist_in_the_calendar() -> None:
    found = fields('a: 2026-12-31\nb: 2026-02-30\nc: 31-12-2026\nd: 9999-12-31\ne: "2028-02-29"')
    assert found.get("a").date() == date(2026, 12, 31)
    assert found.get("e").date() == date(2028, 2, 29)
    for key in "bcd":
        assert found.get(key).date() is None
    assert faults(found) == [
        "f.yaml:2: b: 2026-02-30 does not exist in the calendar",
        "f.yaml:3: c: 31-12-2026 is no date; write it as 2026-12-31",
        "f.yaml:4: d: 9999-12-31 is out of reach; write a year from 1990 to 2199",
    ]


@pytest.mark.parametrize("bad", ["1.0", "010", "0x1f", "1_0", "-1", "31", "٣", "9" * 5000])
def test_integers_are_decimal_and_bounded(bad: str) -> None:
    found = fields(f"a: {bad}\nb: 30\n")
    assert found.get("b").integer(0, 30) == 30
    assert found.get("a").integer(0, 30) is None
    assert "from 0 to 30" in faults(found)[0]


def test_only_true_and_false_are_booleans() -> None:
    found = fields("a: true\nb: false\nc: yes\nd: off\ne: True\n")
    assert (found.get("a").boolean(), found.get("b").boolean()) == (True, False)
    for key in "cde":
        assert found.get(key).boolean() is None
    assert len(faults(found)) == 3


def test_unknown_keys_are_named_with_the_nearest() -> None:
    found = load(b"services:\n  chatgpt:\n    verdct: block\n", "f.yaml").mapping()
    chatgpt = found.get("services").mapping().get("chatgpt")
    chatgpt.mapping(known=("verdict", "ends"))
    assert faults(found) == [
        (
            "f.yaml:3: services.chatgpt.verdct: verdct is no key here; known are verdict, ends "
            "(did you mean verdict?)"
        )
    ]


def test_what_is_missing_is_told_once_and_below_it_nothing() -> None:
    found = fields("a: b\n")
    basis = found.need("basis").mapping(known=("dpia",))
    assert basis.need("dpia").mapping().need("ref").text() is None
    assert faults(found) == ["f.yaml:1: basis: is missing; write it"]


def test_what_is_absent_and_may_be_is_no_fault() -> None:
    found = fields("a: b\n")
    assert found.get("x").date() is None
    assert found.get("x").list() == []
    assert list(found.get("x").mapping()) == []
    assert "x" not in found
    assert not faults(found)


@pytest.mark.parametrize("text", ["a: text", "a: [x]", "a: {b: c}"])
def test_another_form_than_wanted_is_a_fault(text: str) -> None:
    found = fields(text)
    wrong = [
        found.get("a").text() is None,
        not found.get("a").list(),
        not list(found.get("a").mapping()),
    ]
    assert wrong.count(True) == 2
    assert len(faults(found)) == 2


def test_a_fault_shows_no_control_characters() -> None:
    found = fields('a: "x\\ny\\tz"\n')
    found.get("a").one_of(("b",))
    assert "'x\\ny\\tz'" in faults(found)[0]


def test_bad_file_is_sorted_by_line() -> None:
    found = fields("a: b\nc: d\n")
    found.get("c").fault("second")
    found.get("a").fault("first")
    with pytest.raises(BadFile) as refused:
        found.node.faults.stop()
    assert str(refused.value) == "f.yaml:1: a: first\nf.yaml:2: c: second"
