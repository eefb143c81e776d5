"""Programs and browser extensions, and the signs they are known by."""

from __future__ import annotations

import pytest

from blocklists.catalogue import Browser, ProgramKind
from tests.simulators.service_files import ACME, changed, faults, line, services_of

TRAY = "{kind: app, name: Acme Tray, processes: [acmetray.exe], source: own}"
CHROME = "{id: abcdefghijklmnopabcdefghijklmnop, browser: chrome, name: Acme Helper, source: own}"
FIREFOX = "{id: helper@acme.example, browser: firefox, name: Acme Helper, source: own}"


def test_programs_as_they_are_written() -> None:
    desktop, _, local = services_of(ACME)[0].programs
    assert (desktop.processes, desktop.bundles) == (("acme.exe", "acme"), ("com.acme.chat",))
    assert (desktop.signer, desktop.packages, desktop.ports) == ("Acme Inc.", (), ())
    assert (local.kind, local.commands, local.ports) == (
        ProgramKind.RUNNER,
        ("acme-serve",),
        (11434,),
    )


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("kind: app", "kind: daemon", "kind: daemon is not known; write one of app, tool"),
        ("processes: [acmetray.exe]", "signer: Acme", "has no sign to know it by"),
        ("processes: [acmetray.exe]", "processes: []", "has no sign to know it by"),
        ("[acmetray.exe]", "acmetray.exe", "processes: must be a list"),
        ("[acmetray.exe]", "[C:\\acme\\tray.exe]", "is a path; write the file's name here"),
        ("[acmetray.exe]", "[/usr/bin/tray]", "processes[1]: /usr/bin/tray is a path"),
        ("[acmetray.exe]", '[""]', "processes[1]: has no value"),
        ("[acmetray.exe]", "[{a: b}]", "processes[1]: is a mapping"),
        ("processes: [acmetray.exe]", "ports: [0]", "ports[1]: 0 does not fit"),
        ("processes: [acmetray.exe]", "ports: [80, 65536]", "ports[2]: 65536 does not fit"),
        ("processes: [acmetray.exe]", "ports: [http]", "ports[1]: http does not fit"),
        ("name: Acme Tray, ", "", "name: is missing"),
        ("processes:", "process:", "did you mean processes?"),
    ],
)
def test_a_program_with_a_fault(right: str, wrong: str, words: str) -> None:
    assert right in TRAY
    told = faults(changed(TRAY, TRAY.replace(right, wrong)))
    assert all(each.startswith(f"{line(TRAY)}: services[1].programs[2]") for each in told)
    assert any(words in each for each in told), told


@pytest.mark.parametrize(
    "name",
    [
        "helper@acme.example",
        "@acme",
        "{0a1b2c3d-0000-4000-8000-0123456789AB}",
        "a.b+c-d_e@x.y-z",
    ],
)
def test_an_id_of_firefox(name: str) -> None:
    text = changed(FIREFOX, FIREFOX.replace("helper@acme.example", f'"{name}"'))
    found = services_of(text)[0].extensions[1]
    assert (found.id, found.browser) == (name, Browser.FIREFOX)


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        (CHROME, "abcdefghijklmnopabcdefghijklmno"),
        (CHROME, "abcdefghijklmnopabcdefghijklmnoq"),
        (CHROME, "ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP"),
        (CHROME, "helper@acme.example"),
        (FIREFOX, "abcdefghijklmnopabcdefghijklmnop"),
        (FIREFOX, "{0a1b2c3d}"),
        (FIREFOX, "helper acme@example"),
    ],
)
def test_an_id_that_is_none_of_the_browser(extension: str, name: str) -> None:
    identifier = extension[len("{id: ") : extension.index(",")]
    (told,) = faults(changed(extension, extension.replace(identifier, f'"{name}"')))
    browser = "chrome" if extension == CHROME else "firefox"
    assert f".id: {name} is no id of {browser}; write " in told


def test_edge_takes_ids_as_chrome_does() -> None:
    text = changed(CHROME, CHROME.replace("chrome", "edge"))
    assert services_of(text)[0].extensions[0].browser is Browser.EDGE
