"""The catalogue that comes with the package, and others, for commands that need no server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from blocklists.catalogue import Catalogue
from blocklists.hosts import Host
from blocklists.yamlfile import BadFile
from server.commands.answering import COULD_NOT, Stopped
from server.kept_catalogue import kept_catalogue

if TYPE_CHECKING:
    from blocklists.curation.judged import Judgement


def shipped_catalogue() -> Catalogue:
    """Give the package's own catalogue. Raises Stopped."""
    try:
        return kept_catalogue(environment=os.environ)
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error


def shipped_judgements() -> Mapping[Host, Judgement]:
    """Give what became of candidates. Raises Stopped."""
    from blocklists.curation.judged import load_judged

    try:
        return load_judged()
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error


def catalogue_in(folder: Path) -> Catalogue:
    """Read a folder whose files were checked when they were made. Raises Stopped."""
    from blocklists.catalogue.loading import load_catalogue

    try:
        return load_catalogue(folder, checked=False)
    except BadFile as error:
        raise Stopped(str(error), COULD_NOT) from error
    except OSError as error:
        where = error.filename or folder
        raise Stopped(f"{where}: cannot be read: {error.strerror}", COULD_NOT) from error
