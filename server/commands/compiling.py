"""A policy file compiled against the package's catalogue, for the commands that ask no server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from blocklists.catalogue import Catalogue, load_catalogue
from blocklists.compiler import Compiled, compile_blocklist
from blocklists.policy import Policy, load_policy
from blocklists.yamlfile import MOST_BYTES, BadFile
from server.commands.answering import COULD_NOT, Stopped, contents


@dataclass(frozen=True)
class CompiledFile:
    """A policy file, and all that was needed to compile it."""

    catalogue: Catalogue
    policy: Policy
    compiled: Compiled


def shipped_catalogue() -> Catalogue:
    """Give the package's own catalogue, which was checked when it was made. Raises Stopped."""
    try:
        return load_catalogue(checked=False)
    except (BadFile, OSError) as error:
        raise Stopped(str(error), COULD_NOT) from error


def compile_file(path: Path, published: datetime) -> CompiledFile:
    """Compile a file as if published then. Raises BadFile, BadPolicy, and Stopped if unreadable."""
    data = contents(path, MOST_BYTES)
    catalogue = shipped_catalogue()
    policy = load_policy(data, str(path), catalogue.services)
    compiled = compile_blocklist(catalogue, policy, version=1, published=published, never=())
    return CompiledFile(catalogue, policy, compiled)
