"""A policy file compiled against the package's catalogue, for the commands that ask no server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from blocklists.catalogue import Catalogue
from blocklists.compiler import Compiled, compile_blocklist
from blocklists.policy import Policy, load_policy
from blocklists.yamlfile.loading import MOST_BYTES
from server.commands.answering import contents
from server.commands.shipped import shipped_catalogue


@dataclass(frozen=True)
class CompiledFile:
    """A policy file, and all that was needed to compile it."""

    catalogue: Catalogue
    policy: Policy
    compiled: Compiled


def compile_file(path: Path, published: datetime) -> CompiledFile:
    """Compile a file as if published then. Raises BadFile, BadPolicy, and Stopped if unreadable."""
    data = contents(path, MOST_BYTES)
    catalogue = shipped_catalogue()
    policy = load_policy(data, str(path), catalogue.services)
    compiled = compile_blocklist(catalogue, policy, version=1, published=published, never=())
    return CompiledFile(catalogue, policy, compiled)
