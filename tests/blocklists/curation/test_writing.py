"""Service files that are written are read back the same, whatever stands in their texts."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from blocklists.curation.writing import SCHEMA_LINE, file_text, service_lines, with_service
from blocklists.yamlfile.loading import load
from blocklists.yamlfile.nodes import Node
from tests.simulators.service_files import ACME, FILES, services_of

# What no file may hold stands in blocklists/yamlfile/loading.py.
UNFIT = "\x7f\u2028\u2029\ufffe\uffff"
TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("\"'`:#[]{},&*!|>?%@-=~.<\\/+^$ aZ09")),
        st.characters(
            exclude_categories=["Cs", "Cc"], exclude_characters=UNFIT, max_codepoint=0x1FFFF
        ),
    ),
    max_size=60,
)


def values(node: Node) -> object:
    """Give what a file holds as it is written: texts, lists and mappings."""
    if isinstance(node.value, list):
        return [values(each) for each in node.value]
    if isinstance(node.value, dict):
        return {key: values(each) for key, each in node.value.items()}
    return node.value


def read_back(text: str) -> object:
    top = load(text.encode(), "acme.yaml")
    top.faults.stop()
    return values(top)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=4))
@example("no", "true", ["null", "~", "1.10", "0x1f", "2026-11-25", "on"])
@example("a: b", "a #b", ["- a", "? a", "a:", ":a", "a,b", "[a", "a]", "{a}", "&a", "*a", "!a"])
@example("a?b", "what? ever", ["a ?", "https://a.example/?q=1#top", "%a", "@a", "`a`", "|", ">"])
@example("", " a ", ["a\tb", "\ufeff", "\u00a0", "'", '"', "\\", '\\"', "it's", "---", "..."])
def test_texts_come_back_as_they_were(name: str, title: str, items: list[str]) -> None:
    sources = {"own": {"title": title, "url": name}}
    service = {
        "id": name,
        "former": items,
        "basis": {"lists": items},
        "plans": {"free": {"trains": title}, "team": {"header": name}},
        "hosts": [{"suffix": title, "leaf": True, "ports": [1, 2]}, {"exact": name}],
    }
    text = file_text(name, title, sources, [service, {"id": title, "plans": "unknown"}])
    told = {
        **service,
        "hosts": [{"suffix": title, "leaf": "true", "ports": ["1", "2"]}, {"exact": name}],
    }
    assert read_back(text) == {
        "vendor": name,
        "name": title,
        "sources": sources,
        "services": [told, {"id": title, "plans": "unknown"}],
    }
    # PyYAML's own parser, for where it was built without libyaml, is stricter in places.
    assert yaml.load(text, Loader=yaml.BaseLoader) == read_back(text)  # noqa: S506 - texts alone


def test_a_file_is_laid_out_a_fact_a_line() -> None:
    service = {
        "id": "acme-chat",
        "name": "Acme: chat",
        "plans": {"free": {"trains": "no", "retention": 30}},
        "hosts": [{"exact": "acme.example", "leaf": True}],
        "countries": "unknown",
    }
    assert file_text("acme", "Acme #1", {}, [service]) == (
        f"{SCHEMA_LINE}\n"
        "vendor: acme\n"
        'name: "Acme #1"\n'
        "services:\n"
        "  - id: acme-chat\n"
        '    name: "Acme: chat"\n'
        "    plans:\n"
        "      free: {trains: no, retention: 30}\n"
        "    hosts:\n"
        "      - {exact: acme.example, leaf: true}\n"
        "    countries: unknown\n"
    )


def test_nothing_that_is_plain_is_quoted() -> None:
    for text in ("Le Chat", "https://a.example/b", "2026-11-25", "opt-out", "a & b", "it's", "A+"):
        assert list(service_lines({"name": text})) == [f"  - name: {text}"]


NEW = {
    "id": "acme-sound",
    "name": "Acme Sound",
    "category": "audio-music",
    "reach": "tail",
    "reviewed": "2026-11-25",
    "basis": {"page": "new"},
    "countries": "unknown",
    "plans": "unknown",
    "hosts": [{"suffix": "sound.example", "use": "site", "source": "new"}],
}
PAGE = {"new": {"title": "Sound: home", "url": "https://sound.example/", "read": "2026-11-25"}}


@pytest.mark.parametrize("vendor", FILES)
def test_a_service_is_added_and_nothing_else_changes(vendor: str) -> None:
    before = FILES[vendor].replace("services:\n", "# What they make.\nservices:\n") + "\n\n"
    after = with_service(before, NEW, PAGE)
    assert [each for each in before.split("\n") if each and each not in after.split("\n")] == []
    *old, new = services_of(after, vendor)
    assert [each.id for each in old] == [each.id for each in services_of(before, vendor)]
    assert (new.id, new.hosts[0].value, new.sources["new"].title) == (
        "acme-sound",
        "sound.example",
        "Sound: home",
    )


def test_a_file_without_sources_gets_them() -> None:
    before = "vendor: acme\nname: Acme\nservices:\n" + ACME[
        ACME.index("  - id: acme-paint") :
    ].replace("{page: own}", "{lists: [first, second]}").replace("source: own", "source: first")
    assert list(services_of(with_service(before, NEW, PAGE))[1].sources) == ["new"]


@pytest.mark.parametrize("text", ["vendor: acme\n", "{vendor: acme, services: []}\n", ""])
def test_a_text_that_nothing_can_be_added_to(text: str) -> None:
    with pytest.raises(ValueError, match="has no line services: to add to"):
        with_service(text, NEW, PAGE)
