"""The catalogue that comes with the package, for commands that need no server."""

from __future__ import annotations

import os

from blocklists.catalogue import Catalogue
from blocklists.yamlfile import BadFile
from server.commands.answering import COULD_NOT, Stopped
from server.kept_catalogue import kept_catalogue


def shipped_catalogue() -> Catalogue:
    """Give the package's own catalogue. Raises Stopped."""
    try:
        return kept_catalogue(environment=os.environ)
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error
