"""The browser's package over the wire."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from server import app
from tests.simulators.endpoint import ask
from tests.simulators.running import RunningTrial

SPACE = "{http://www.google.com/update2/response}"


@pytest.fixture
def extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small extension where the server looks for its own."""
    folder = tmp_path / "extension"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"manifest_version": 3, "version": "1.2.3"}')
    monkeypatch.setattr(app, "EXTENSION", folder)
    return folder


def test_chromium_finds_id_version_and_package(extension: Path, tmp_path: Path) -> None:
    with RunningTrial(tmp_path / "data") as trial:
        query = "?x=id%3Dabc%26v%3D0&os=linux"
        answer = ask(trial.url, "GET", f"/extension/chromium/update.xml{query}")
        tree = ET.fromstring(answer.body)  # noqa: S314  our own server wrote it
        found = tree.find(f"{SPACE}app")
        assert found is not None
        check = found.find(f"{SPACE}updatecheck")
        assert check is not None
        assert trial.parts.package is not None
        assert found.get("appid") == trial.parts.package.id
        assert check.get("version") == "1.2.3"
        codebase = check.get("codebase") or ""
        assert codebase.startswith(trial.url)
        package = ask(trial.url, "GET", codebase.removeprefix(trial.url))
        assert package.headers["content-type"] == "application/x-chrome-extension"
        assert package.body == trial.parts.package.data


def test_a_server_without_extension_says_so_and_serves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "EXTENSION", tmp_path / "nothing")
    with RunningTrial(tmp_path / "data") as trial:
        assert ask(trial.url, "GET", "/extension/chromium/update.xml").code == "not-found"
        assert ask(trial.url, "GET", "/health/ready").status == 200


def test_a_host_that_is_no_host_is_refused(extension: Path, tmp_path: Path) -> None:
    with RunningTrial(tmp_path / "data") as trial:
        headers = {"Host": "x'><evil>"}
        answer = ask(trial.url, "GET", "/extension/chromium/update.xml", None, headers)
        assert answer.status == 400
