"""Every sentence for staff and for those who decide, in Dutch and English, by a stable key.

    python -m blocklists.texts        writes the extension's _locales from them

The sentences are in texts/nl.json and texts/en.json. `{names}` in braces are filled in; both
languages have the same keys and names.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LANGUAGES = ("nl", "en")
_FOLDER = Path(__file__).parent / "texts"
_LOCALES = Path(__file__).parent.parent / "extension" / "_locales"
_EXTENSION = ("extension_", "language_", "notice_", "popup_", "warn_")
"""What the keys that the extension uses begin with."""


def sentence(language: str, key: str, **values: str) -> str:
    """Give one sentence with its names filled in.

    Raises KeyError for an unknown language, key, or name that is not given.
    """
    return texts(language)[key].format_map(values)


@cache
def texts(language: str) -> dict[str, str]:
    """Give all sentences of a language by key; do not change what comes back."""
    if language not in LANGUAGES:
        raise KeyError(language)
    found: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_bytes())
    return found


def chrome_messages(language: str) -> dict[str, dict[str, str]]:
    """Give the sentences of the extension in the form of chrome.i18n's messages.json.

    Names stay in braces, not as $NAME$: a reader may choose another language than the browser's,
    so the extension reads the file and fills in the names itself.
    """
    found = texts(language).items()
    return {key: {"message": text} for key, text in found if key.startswith(_EXTENSION)}


def write_locales(folder: Path) -> None:
    """Write messages.json of each language below a folder."""
    for language in LANGUAGES:
        file = folder / language / "messages.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        made = json.dumps(chrome_messages(language), ensure_ascii=False, indent=2)
        file.write_text(made + "\n", "utf-8")


if __name__ == "__main__":
    write_locales(_LOCALES)
