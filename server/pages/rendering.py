"""Templates to HTML: everything is escaped, an unknown name is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from server.pages.language import Language


def render(template: str, language: Language, **values: object) -> str:
    """Fill a template of this folder in; `t(key)` in it gives the words of the language."""
    values = {"trial": False} | values
    return (
        _environment().get_template(template).render(language=language, t=language.words, **values)
    )


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
