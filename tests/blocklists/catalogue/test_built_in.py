"""AI that is built into browsers and systems, and the settings that switch it off."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklists.catalogue.built_in import BuiltIn, Platform, Product, Runs, load_built_in
from blocklists.catalogue.loading import load_catalogue
from blocklists.yamlfile import BadFile

FILE = """\
sources:
  docs: {title: Policy list, url: "https://policies.example/#AcmeAi", read: 2026-11-25}
features:
  - id: chrome-sum
    product: chrome
    name: Sums
    service: acme-chat
    does: adds up what is open
    runs: cloud
    off:
      - {setting: SumSettings, type: integer, value: 2, platforms: [windows, linux], since: 137,
         until: 141, where: "Software\\\\Policies\\\\Acme", source: docs}
      - {setting: AiSettings, type: integer, value: 1, platforms: [macos], since: 1.10,
         where: com.acme.Browser, source: docs}
  - id: brave-sum
    product: brave
    name: Summaries
    does: sums up
    runs: device
    off: []
    source: docs
"""


def loaded(folder: Path, text: str = FILE, services: tuple[str, ...] | None = None) -> BuiltIn:
    path = folder / "built_in.yaml"
    path.write_text(text, "utf-8")
    return load_built_in(path, services)


def test_features_by_id_with_their_settings(tmp_path: Path) -> None:
    found = loaded(tmp_path, services=("acme-chat",))
    assert list(found.features) == ["brave-sum", "chrome-sum"]
    brave, chrome = found.features.values()
    assert (brave.off, brave.source, brave.service, brave.runs) == ((), "docs", "", Runs.DEVICE)
    assert (chrome.product, chrome.service, chrome.source) == (Product.CHROME, "acme-chat", "")
    both, late = chrome.off
    assert both.platforms == (Platform.WINDOWS, Platform.LINUX)
    assert (both.name, both.value, both.since, both.until) == ("SumSettings", "2", "137", "141")
    assert both.where == r"Software\Policies\Acme"
    assert (late.since, late.until) == ("1.10", "")
    assert found.sources["docs"].url == "https://policies.example/#AcmeAi"


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("product: chrome", "product: crome", "did you mean chrome?"),
        ("runs: cloud", "runs: here", "features[1].runs: here is not known"),
        ("[windows, linux]", "[windows, amiga]", "platforms[2]: amiga is not known"),
        ("[windows, linux]", "[]", "platforms: names no system"),
        ("[windows, linux]", "windows", "platforms: must be a list"),
        ("since: 137,", "", "off[1].since: is missing"),
        ("value: 2, ", "", "off[1].value: is missing"),
        ("Browser, source: docs", "Browser, source: blog", "off[2].source: blog is among neither"),
        ("off: []\n    source: docs", "off: []", "features[2].source: is missing"),
        ("    off: []\n", "", "features[2].off: is missing"),
        ("id: brave-sum", "id: chrome-sum", "the id chrome-sum is taken already"),
        ("service: acme-chat", "service: acme", "sends to acme, which is no service"),
        ("does: sums up", "does: sums up\n    colour: red", "colour is no key here"),
        ("https://policies", "http://policies", "is no web address"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    assert FILE.count(right) == 1
    with pytest.raises(BadFile, match=r"built_in\.yaml:\d+: ") as refused:
        loaded(tmp_path, FILE.replace(right, wrong), ("acme-chat",))
    assert words in str(refused.value)


def test_services_are_not_held_against_anything_unless_asked(tmp_path: Path) -> None:
    assert loaded(tmp_path).features["chrome-sum"].service == "acme-chat"


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is too large"):
        loaded(tmp_path, FILE + "#" * 10_000_000)


def test_the_shipped_file_sends_to_services_that_there_are() -> None:
    services = load_catalogue(checked=False).services
    found = load_built_in(services=services)
    assert found.features
    sources = {each.source for each in found.features.values()} | {
        setting.source for each in found.features.values() for setting in each.off
    }
    assert sources - {""} <= set(found.sources)
