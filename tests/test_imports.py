"""One owner for each foreign library: who may name it, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SIDES = ("agent", "blocklists", "server")

OWNERS = {
    "aiohttp": ("server",),
    "alembic": ("server.store",),
    "cryptography": ("blocklists.protocol", "server.publishing"),
    "dbus_fast": ("agent.system",),
    "idna": ("blocklists.hosts",),
    "jinja2": ("server.pages",),
    "psutil": ("agent.system",),
    "securesystemslib": ("agent.updater", "server.publishing"),
    "sqlalchemy": ("server.store",),
    "subprocess": ("agent.system",),
    "tldextract": ("blocklists.suffixes",),
    "truststore": ("agent.server_link",),
    "tuf": ("agent.updater", "server.publishing"),
    "urllib3": ("agent.server_link",),
    "yaml": ("blocklists.yamlfile",),
}
"""Foreign module -> the modules of ours (each with all below it) that may import it."""

AGENT_MAY_READ = (
    "blocklist",
    "channels",
    "effects",
    "hosts",
    "matcher",
    "protocol",
    "texts",
    "yamlfile",
)
"""The modules of blocklists that the agent may import."""


def modules() -> dict[str, Path]:
    """Every module of the three sides, by dotted name."""
    found = {}
    for side in SIDES:
        for path in (ROOT / side).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def nodes(path: Path) -> Iterator[ast.AST]:
    """Every node of the module's syntax."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports, wherever in it; `from a import b` is a.b."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def within(name: str, owner: str) -> bool:
    """Whether this dotted name is the owner or lies below it."""
    return f"{name}.".startswith(f"{owner}.")


MODULES = modules()
IMPORTS = {name: imports(path) for name, path in MODULES.items()}


@pytest.mark.parametrize("foreign", OWNERS)
def test_only_its_owners_name_a_foreign_library(foreign: str) -> None:
    naming = {name for name, used in IMPORTS.items() if any(within(one, foreign) for one in used)}
    strangers = {
        name for name in naming if not any(within(name, owner) for owner in OWNERS[foreign])
    }

    assert not strangers


@pytest.mark.parametrize("foreign", OWNERS)
def test_each_library_in_the_table_is_used(foreign: str) -> None:
    assert any(within(one, foreign) for used in IMPORTS.values() for one in used)


def test_the_agent_reads_only_what_an_endpoint_needs_of_blocklists() -> None:
    read = {
        one
        for name, used in IMPORTS.items()
        for one in used
        if within(name, "agent") and within(one, "blocklists")
    }
    allowed = [f"blocklists.{name}" for name in AGENT_MAY_READ]

    assert {one for one in read if not any(within(one, name) for name in allowed)} == set()


def test_imports_are_whole() -> None:
    """A relative import would hide from the rules above."""
    relative = {
        name
        for name, path in MODULES.items()
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.level
    }

    assert not relative
