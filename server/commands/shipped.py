"""What comes with the package, for commands that need no server."""

from __future__ import annotations

import os
from collections.abc import Mapping

from blocklists.catalogue import Catalogue
from blocklists.curation.judged import Judgement, load_judged
from blocklists.hosts import Host
from blocklists.yamlfile import BadFile
from server.commands.answering import COULD_NOT, Stopped
from server.kept_catalogue import kept_catalogue


def shipped_catalogue() -> Catalogue:
    """Give the package's own catalogue. Raises Stopped."""
    try:
        return kept_catalogue(environment=os.environ)
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error


def shipped_judgements() -> Mapping[Host, Judgement]:
    """Give what became of candidates. Raises Stopped."""
    try:
        return load_judged()
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error
