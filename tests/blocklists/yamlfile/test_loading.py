"""Reading YAML: what is taken, and every trap refused at its line in plain words."""

from __future__ import annotations

import time
import tracemalloc

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocklists.yamlfile import BadFile, Node, Problem, loading
from blocklists.yamlfile.loading import load, read


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML comes with libyaml's parser or without: both read the same."""
    monkeypatch.setattr(loading, "_LOADER", getattr(yaml, request.param))


def plain(node: Node) -> object:
    """Give a node as Python's own lists, mappings and texts."""
    if isinstance(node.value, list):
        return [plain(each) for each in node.value]
    if isinstance(node.value, dict):
        return {key: plain(each) for key, each in node.value.items()}
    return node.value


def told(data: bytes | str) -> list[str]:
    """Give the lines that a file is refused with."""
    content = data.encode() if isinstance(data, str) else data
    with pytest.raises(BadFile) as refused:
        read(content, "policy.yaml", plain)
    return str(refused.value).split("\n")


def test_scalars_stay_the_text_of_the_file() -> None:
    data = b"{country: NO, off: off, version: 1.10, id: 0123, day: 2026-02-30, sum: 1_000, n: ~}"
    assert plain(load(data, "x")) == {
        "country": "NO",
        "off": "off",
        "version": "1.10",
        "id": "0123",
        "day": "2026-02-30",
        "sum": "1_000",
        "n": "~",
    }


def test_nodes_know_line_and_path() -> None:
    top = load(b"bans:\n  - id: one\n    match:\n      vendor: x\n", "x")
    ban = top.mapping().get("bans").list()[0].mapping()
    match = ban.get("match")
    vendor = match.mapping().get("vendor")
    assert (match.line, match.path) == (3, "bans[1].match")
    assert (vendor.line, vendor.path) == (4, "bans[1].match.vendor")


def test_windows_editors_are_welcome() -> None:
    assert plain(load(b"\xef\xbb\xbfa:\r\n  b: c\r\n", "x")) == {"a": {"b": "c"}}


def test_a_document_may_have_marks_around_it() -> None:
    assert plain(load(b"%YAML 1.2\n---\na: b\n...\n", "x")) == {"a": "b"}


TRAPS = [
    ("a:\n\tb: c\n", 2, "tab"),
    ("a:\n  b: c\n\td: e\n", 3, "tab"),
    ("a: *\n", 1, "quotes"),
    ("a:\n  - *.example.com\n", 2, "alias"),
    ("a: & b\n", 1, "anchor"),
    ("a: b: c\n", 1, "colon"),
    ("a: {nl: Nee: nu}\n", 1, "colon"),
    ("a: !!python/object/apply:os.system [x]\n", 1, "tag"),
    ("a: !x\n", 1, "tag"),
    ("a: &b c\n", 1, "anchor"),
    ("a: [1, 2\nb: c\n", 1, "[ opens here"),
    ("a: {b: c\nd: e\n", 1, "{ opens here"),
    ('a: "x\nb: c\n', 1, "never closed"),
    ('a: "\\q"\n', 1, "backslash"),
    ("a: @b\n", 1, "quotes"),
    ("a: b\nc\nd: e\n", 2, "colon"),
    ("a:\n   b: c\n  d: e\n", 3, "align"),
    ("a: - b\n", 1, "list begins"),
    ("a: 'it's'\n", 1, "close quotes"),
    ("%YAML 2.0\n---\na: b\n", 1, "no YAML"),
    ("a: b\n---\na: b\n", 2, "second document"),
    ("? [a]\n: b\n", 1, "key must be text"),
    ('"": b\n', 1, "key is empty"),
    ("a: b\x07\n", 1, "U+0007"),
    ("a: b\nc: d\u2028e\n", 2, "U+2028"),
    ('a: "\\x07"\n', 1, "U+0007"),
    ("", 1, "empty"),
    ("{}\n", 1, "empty"),
    ("# nothing here\n", 1, "empty"),
    ("[" * 10_000, 1, "nested"),
    ("{a: " * 10_000, 1, "nested"),
]


@pytest.mark.parametrize(("data", "line", "words"), TRAPS)
def test_traps_are_refused_at_their_line(data: str, line: int, words: str) -> None:
    first = told(data)[0]
    assert first.startswith(f"policy.yaml:{line}: ")
    assert words in first


def test_a_key_twice_is_named_where_it_stands_again() -> None:
    assert told("a:\n  b: c\nd: e\na: f\n") == [
        "policy.yaml:4: a: stands here twice (first near line 1)"
    ]


def test_not_utf8_names_byte_and_line() -> None:
    assert told(b"a: b\r\nc: \xe9\n") == [
        "policy.yaml:2: byte 0xe9 at position 9 is not UTF-8; save the file as UTF-8"
    ]


def test_too_large_a_file_is_refused() -> None:
    assert "at most 1048576" in told(b"a: " + b"x" * 1024 * 1024)[0]


def test_faults_of_form_and_of_content_are_told_together() -> None:
    def build(top: Node) -> None:
        top.mapping(known=("a", "b"))

    with pytest.raises(BadFile) as refused:
        read(b"a: 1\nc: 2\na: 3\nb: !t 4\n", "x", build)
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4]


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    tracemalloc.start()
    began = time.perf_counter()
    assert "anchor" in told("\n".join(rows))[0]
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_the_largest_file_of_small_values_stays_small() -> None:
    data = b"a: [" + b"x," * 100_000 + b"x]"
    assert len(load(data, "x").mapping().get("a").list()) == 100_001


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=60) | st.text("ab:-[]{}'\"#&*!|>%@\\\n\t\r ,?x", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused_at_a_line(data: bytes) -> None:
    lines = data.count(b"\n") + data.count(b"\r") + 2
    assert all(1 <= problem.line <= lines for problem in problems(data))


def problems(data: bytes) -> tuple[Problem, ...]:
    try:
        read(data, "f", plain)
    except BadFile as refused:
        return refused.problems
    return ()
