"""The sentences: the same in both languages, plain, and what the extension shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from blocklists.texts import LANGUAGES, chrome_messages, sentence, texts, write_locales

ROOT = Path(__file__).parents[2]
STAFF = ("notice_", "warn_", "popup_")
AVOIDED = {
    "nl": (
        "overtreding",
        "verboden",
        "geregistreerd",
        "door jou",
        "verwerkingsregister",
        "pseudoniem",
        "endpoint",
        "suppressie",
        "u ",
        "uw ",
    ),
    "en": ("violation", "forbidden", "registered", "pseudonym", "endpoint", "suppression"),
}
MOST_WORDS, MOST_ON_AVERAGE = 20, 12


def names(text: str) -> set[str]:
    return set(re.findall(r"{([a-z_]+)}", text))


def sentences(text: str) -> list[str]:
    """Split a text; a name that is filled in counts as one word."""
    return [part for part in re.split(r"[.?!:](?:\s|$)", text) if part.strip()]


def every(language: str, *beginnings: str) -> list[tuple[str, str]]:
    return [(key, text) for key, text in texts(language).items() if key.startswith(beginnings)]


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(texts("nl")) == list(texts("en"))


@pytest.mark.parametrize("key", texts("nl"))
def test_both_languages_fill_in_the_same_names(key: str) -> None:
    assert names(texts("nl")[key]) == names(texts("en")[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_hold_names_alone(language: str) -> None:
    for text in texts(language).values():
        assert not re.search(r"[{}]", re.sub(r"{[a-z_]+}", "", text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    counts = {
        part: len(part.split())
        for _, text in every(language, *STAFF, "left_", "explain_")
        for part in sentences(text)
    }
    assert [part for part, count in counts.items() if count > MOST_WORDS] == []
    assert sum(counts.values()) / len(counts) <= MOST_ON_AVERAGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_read_no_words_of_the_trade_and_no_shouting(language: str) -> None:
    for key, text in every(language, *STAFF):
        padded = f" {text.lower()} "
        found = [word for word in AVOIDED[language] if f" {word}" in padded]
        assert not found, key
        assert "!" not in text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_clean(language: str) -> None:
    for key, text in texts(language).items():
        assert text == text.strip(), key
        assert "  " not in text, key
        assert "\n" not in text, key
        assert re.fullmatch(r"[a-z]+_[A-Za-z_]+", key), key


def test_a_sentence_with_its_names() -> None:
    assert sentence("nl", "notice_agreement_title", service="ChatGPT") == (
        "ChatGPT kun je hier niet gebruiken"
    )


def test_what_is_filled_in_is_never_read_as_a_name() -> None:
    assert "{org}" in sentence("en", "notice_agreement_title", service="{org}")


@pytest.mark.parametrize(
    ("language", "key", "values"),
    [
        ("de", "notice_agreement_title", {"service": "x"}),
        ("nl", "no_such_key", {}),
        ("nl", "notice_agreement_title", {}),
    ],
)
def test_what_is_not_there_is_an_error(language: str, key: str, values: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        sentence(language, key, **values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_extension_shows_these_texts(language: str, tmp_path: Path) -> None:
    """`python -m blocklists.texts` writes them."""
    write_locales(tmp_path)
    made = (tmp_path / language / "messages.json").read_bytes()
    assert (ROOT / "extension" / "_locales" / language / "messages.json").read_bytes() == made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_extension_gets_the_form_of_chrome(language: str) -> None:
    messages = chrome_messages(language)
    assert messages["extension_name"] == {"message": "Sluis"}
    assert not [key for key in messages if key.startswith(("left_", "explain_"))]
    assert json.dumps(messages)
