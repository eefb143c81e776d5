"""AI that is built into browsers and systems, and the settings that switch it off.

No host can be blocked for it: it comes with the program, and often shares its hosts. The names are
those of the makers' documentation; built_in.yaml holds them with the versions they hold for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from blocklists.catalogue.model import Source
from blocklists.catalogue.reading.sources import Sources, read_pages
from blocklists.yamlfile import Node
from blocklists.yamlfile.loading import contents, read

BUILT_IN = Path(__file__).parent.parent / "built_in.yaml"
"""The file that comes with the package."""

_FEATURE = ("id", "product", "name", "service", "does", "runs", "off", "source")
_SETTING = ("setting", "type", "value", "platforms", "since", "until", "where", "source")
_LONGEST_NAME = 80


class Product(StrEnum):
    """What a feature is part of."""

    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    BRAVE = "brave"
    OPERA = "opera"
    WINDOWS = "windows"
    MACOS = "macos"


class Runs(StrEnum):
    """Where what is typed is worked on."""

    CLOUD = "cloud"
    DEVICE = "device"
    UNKNOWN = "unknown"


class Platform(StrEnum):
    """A system that a setting holds on."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


@dataclass(frozen=True)
class Setting:
    """One setting of managed configuration, and the value that switches a feature off."""

    name: str
    type: str
    """As its maker calls it: integer, boolean, list, dictionary."""
    value: str
    """As it is written in the file or registry of the platform; lists and dictionaries as JSON."""
    platforms: tuple[Platform, ...]
    since: str
    """The first version of the product that knows it."""
    until: str
    """The last one; empty where it still holds."""
    where: str
    """Registry key, domain of preferences or file."""
    source: str


@dataclass(frozen=True)
class Feature:
    """One built-in feature. All its settings together switch it off; without any, none does."""

    id: str
    product: Product
    name: str
    service: str
    """The service that it sends to; empty where none of the catalogue is known."""
    does: str
    runs: Runs
    off: tuple[Setting, ...]
    source: str
    """Where it is described; of a feature with settings, empty."""


@dataclass(frozen=True)
class BuiltIn:
    """All features, by id in alphabetical order, and the pages read for them."""

    features: Mapping[str, Feature]
    sources: Mapping[str, Source]


def load_built_in(path: Path = BUILT_IN, services: Collection[str] | None = None) -> BuiltIn:
    """Read the file, and hold the services that it names to those that there are (None: not).

    Raises BadFile with all its problems, and OSError.
    """
    return read(contents(path), str(path), lambda top: _built_in(top, services))


def _built_in(top: Node, services: Collection[str] | None) -> BuiltIn:
    fields = top.mapping(known=("sources", "features"))
    sources = Sources(read_pages(fields.need("sources"), {}), {})
    features: dict[str, Feature] = {}
    for node in fields.need("features").list():
        feature = _feature(node, sources)
        if feature.id in features:
            node.fault(f"the id {feature.id} is taken already")
        if services is not None and feature.service and feature.service not in services:
            node.fault(f"sends to {feature.service}, which is no service of the catalogue")
        features[feature.id] = feature
    return BuiltIn(dict(sorted(features.items())), sources.pages)


def _feature(node: Node, sources: Sources) -> Feature:
    fields = node.mapping(known=_FEATURE)
    off = tuple(_setting(each, sources) for each in fields.need("off").list())
    return Feature(
        id=fields.need("id").identifier() or "",
        product=fields.need("product").one_of(Product) or Product.CHROME,
        name=fields.need("name").text(_LONGEST_NAME) or "",
        service=fields.get("service").identifier() or "",
        does=fields.need("does").text() or "",
        runs=fields.need("runs").one_of(Runs) or Runs.UNKNOWN,
        off=off,
        source="" if off else sources.named(fields),
    )


def _setting(node: Node, sources: Sources) -> Setting:
    fields = node.mapping(known=_SETTING)
    return Setting(
        name=fields.need("setting").text() or "",
        type=fields.need("type").text() or "",
        value=fields.need("value").text() or "",
        platforms=tuple(_platforms(fields.need("platforms"))),
        since=fields.need("since").text() or "",
        until=fields.get("until").text() or "",
        where=fields.need("where").text() or "",
        source=sources.named(fields),
    )


def _platforms(node: Node) -> Iterator[Platform]:
    if isinstance(node.value, list) and not node.value:
        node.fault("names no system; write one of " + ", ".join(Platform))
    for item in node.list():
        if platform := item.one_of(Platform):
            yield platform
