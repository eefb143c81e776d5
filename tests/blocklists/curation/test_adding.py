"""A new service from a site's address: what is asked, what is given, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from blocklists.curation.adding import Draft, added
from tests.simulators.service_files import ACME, services_of

TODAY = date(2026, 11, 25)
GIVEN = {"name": "Le Clavier", "category": "writing"}


def draft(url: str, **given: str) -> Draft:
    """Make a draft where nobody can be asked."""
    return Draft.of(url, given={**GIVEN, **given}, asked=None, today=TODAY)


class Person:
    """Who sits at the terminal: answers from a table, else takes what is offered."""

    def __init__(self, **answers: str) -> None:
        self._answers = answers
        self.asked: list[tuple[str, str]] = []

    def __call__(self, question: str, default: str) -> str:
        self.asked.append((question, default))
        return next(
            (answer for word, answer in self._answers.items() if question.startswith(word)), default
        )


def test_what_is_not_given_has_a_sensible_value() -> None:
    assert draft("https://www.clavier.example/start?x=1") == Draft(
        id="le-clavier",
        name="Le Clavier",
        vendor="le-clavier",
        vendor_name="Le Clavier",
        category="writing",
        covers="suffix",
        host="clavier.example",
        page="https://clavier.example/",
        title="Le Clavier: home page",
        day=TODAY,
    )


def test_the_service_is_one_host_where_the_domain_may_be_more() -> None:
    """Nobody said that all of the domain is this service."""
    assert (draft("https://chat.acme.co.uk").covers, draft("chat.acme.co.uk").host) == (
        "exact",
        "chat.acme.co.uk",
    )
    assert draft("https://acme.co.uk").covers == "suffix"


def test_a_suffix_is_of_the_whole_domain() -> None:
    found = draft("https://chat.acme.co.uk", covers="suffix")
    assert (found.covers, found.host) == ("suffix", "acme.co.uk")


def test_a_page_of_users_below_a_public_suffix() -> None:
    found = draft("https://acme.github.io/app")
    assert (found.covers, found.host) == ("suffix", "acme.github.io")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("clavier.example", "clavier.example"),
        ("CLAVIER.Example.", "clavier.example"),
        ("https://clavier.example:8443/x", "clavier.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
    ],
)
def test_an_address_in_any_writing(url: str, host: str) -> None:
    assert draft(url).host == host


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://", "is no address of a site, and no file"),
        ("clavier", "names no host; write a site as https://chat.example.com"),
        ("https://192.0.2.1/", "names no host"),
        ("https://[2001:db8::1]/", "names no host"),
        ("https://[2001:db8::1", "https://[2001:db8::1 is no address of a site"),
        ("le clavier.example", "is no address of a site, and no file: "),
        ("", "is no address of a site"),
    ],
)
def test_an_address_that_is_none(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        draft(url)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "--name is missing; write it"),
        ({"category": ""}, "--category is missing; write it"),
        ({"category": "chat"}, "chat is not known; write one of assistant, search"),
        ({"covers": "path"}, "path is not known; write one of suffix, exact"),
        ({"name": "\u6587\u5fc3\u4e00\u8a00"}, "--id is missing; write it"),
        ({"id": "Le Clavier"}, "--id: Le Clavier is no id; write 1 to 64 of a-z, 0-9 and -"),
        ({"vendor": "../acme"}, "--vendor: ../acme is no id"),
        ({"vendor": ".acme"}, "--vendor: .acme is no id"),
    ],
)
def test_an_answer_that_is_missing_or_wrong(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        draft("https://clavier.example", **given)
    assert str(refused.value).startswith(words)


def asked_by(person: Callable[[str, str], str], **given: str) -> Draft:
    return Draft.of("https://www.chat.acme.nl/", given=given, asked=person, today=TODAY)


def test_only_what_is_missing_is_asked() -> None:
    person = Person(Name="Acme Sound", Category="audio-music", Vendor="acme", Is="suffix")
    found = asked_by(person, title="Sound")
    assert person.asked[0] == ("Name of the service", "")
    assert person.asked[1] == ("Id", "acme-sound")
    question = "Is all of acme.nl this service (suffix), or chat.acme.nl alone (exact)?"
    assert (question, "exact") in person.asked
    assert not any("Title" in question for question, _ in person.asked)
    assert (found.host, found.vendor, found.title) == ("acme.nl", "acme", "Sound")


def test_a_person_who_answers_nothing() -> None:
    with pytest.raises(ValueError, match="--name is missing"):
        asked_by(Person())


def test_a_new_vendor_s_file() -> None:
    (service,) = services_of(added(draft("https://clavier.example"), None), "le-clavier")
    assert (service.id, service.vendor_name, service.reviewed) == (
        "le-clavier",
        "Le Clavier",
        TODAY,
    )
    assert (service.plans, service.countries.vendor) == ({}, None)
    assert [str(each) for each in service.hosts] == ["suffix clavier.example"]
    assert service.basis.page == "site-le-clavier"
    assert service.sources["site-le-clavier"].url == "https://clavier.example/"


def test_a_file_that_there_is_keeps_what_stands_in_it() -> None:
    found = services_of(added(draft("https://sound.acme.nl", vendor="acme"), ACME))
    assert [each.id for each in found] == ["acme-chat", "acme-paint", "le-clavier"]
    assert str(found[2].hosts[0]) == "exact sound.acme.nl"
    assert list(found[2].sources) == ["site-le-clavier", "own", "privacy"]


def test_names_of_every_kind_are_read_back() -> None:
    for name in (
        'Say "hi": now',
        "a #1",
        "[brackets]",
        "- dash",
        "'quote'",
        "\u00c9t\u00e9",
        "x" * 80,
    ):
        text = added(draft("https://clavier.example", name=name, id="clavier", vendor="v"), None)
        assert services_of(text, "v")[0].name == name


def test_the_longest_id() -> None:
    found = draft("https://clavier.example", name="Ab " * 26)
    assert len(found.id) <= 64
    assert services_of(added(found, None), found.vendor)[0].id == found.id
