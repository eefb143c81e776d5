"""Letters of several scripts in one word: what looks like a known name and is another.

Unicode Technical Standard 39, section 5.2, "highly restrictive": one script, or Latin with the
scripts that Chinese, Japanese and Korean are written in.
"""

from __future__ import annotations

import unicodedata

_LATIN = "LATIN"
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}

# Where the first word is another: \u3005 is IDEOGRAPHIC ITERATION MARK, \u00aa FEMININE ORDINAL.
_OTHER_WORDS = {"IDEOGRAPHIC": "CJK", "FEMININE": _LATIN, "MASCULINE": _LATIN}


def mixed_scripts(word: str) -> tuple[str, str] | None:
    """Give two scripts that may not meet in one word and do, such as LATIN and CYRILLIC.

    The script of a letter is the first word of its Unicode name: Python has no table of scripts.
    """
    scripts = sorted({_script(letter) for letter in word if letter.isalpha()})
    if len(scripts) < 2 or {*scripts} <= {_LATIN, *_EAST_ASIAN}:
        return None
    return (scripts[0], scripts[1])


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ")
    word = name.partition(" ")[0].partition("-")[0]
    return _OTHER_WORDS.get(word, word)
