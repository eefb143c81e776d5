"""The values of the catalogue: services, their plans, countries and hosts, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from blocklists.hosts import Address, Host, parents
from blocklists.yamlfile import Place


class Category(StrEnum):
    """What a service is for; policies give verdicts by it."""

    ASSISTANT = "assistant"
    SEARCH = "search"
    CODING = "coding"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO_MUSIC = "audio-music"
    VOICE_SPEECH = "voice-speech"
    WRITING = "writing"
    TRANSLATION = "translation"
    TRANSCRIPTION = "transcription"
    MEETING_NOTES = "meeting-notes"
    RESEARCH = "research"
    COMPANION = "companion"
    AGENT_AUTOMATION = "agent-automation"
    API_PLATFORM = "api-platform"
    APP_BUILDER = "app-builder"
    MODEL_HUB = "model-hub"
    AVATAR = "avatar"
    DESIGN = "design"
    SLIDES_DOCUMENTS = "slides-documents"
    DATA_ANALYSIS = "data-analysis"
    EDUCATION = "education"
    EMAIL = "email"
    DETECTION_HUMANIZER = "detection-humanizer"
    OTHER = "other"


class Reach(StrEnum):
    """How widely a service is known."""

    HEAD = "head"
    KNOWN = "known"
    TAIL = "tail"


class PlanKind(StrEnum):
    """One set of conditions of a service."""

    FREE = "free"
    PERSONAL = "personal"
    TEAM = "team"
    ENTERPRISE = "enterprise"
    SELF_HOSTED = "self-hosted"


class ToldBy(StrEnum):
    """How an enforcer tells a plan from the others of its service."""

    NONE = "none"
    HOST = "host"
    HEADER = "header"
    APP = "app"


class Trains(StrEnum):
    """Whether the vendor trains its models on what is typed, if nobody changes a setting."""

    YES = "yes"
    NO = "no"
    OPT_OUT = "opt-out"
    UNKNOWN = "unknown"


class Use(StrEnum):
    """What a host of a service is used for."""

    SITE = "site"
    SIGN_IN = "sign-in"
    API = "api"
    CONTENT = "content"
    ASSETS = "assets"
    ANONYMOUS = "anonymous"


Kind = Literal["suffix", "exact", "path"]
KINDS: tuple[Kind, ...] = ("suffix", "exact", "path")


@dataclass(frozen=True)
class Source:
    """Where a fact was read, and when."""

    title: str
    url: str
    read: date


@dataclass(frozen=True)
class Countries:
    """Four facts that often part company; None is unknown."""

    vendor: str | None
    owner: str | None
    """Of the ultimate owner."""
    host: str | None
    model: str | None
    """Of the maker of the model."""
    source: str


@dataclass(frozen=True)
class Plan:
    """One plan of a service."""

    kind: PlanKind
    told_by: ToldBy
    header: str
    """Name of the tenant-restriction header; empty unless told by header."""
    trains: Trains
    source: str


@dataclass(frozen=True)
class HostFact:
    """One host, or path of a host, that a service is used at."""

    service: str
    kind: Kind
    value: str
    """In normal form: A-labels in lower case; of a path with the path behind it."""
    use: Use
    plan: PlanKind | None
    """The plan that this host belongs to alone."""
    leaf: bool
    """An exact host that has no sub-domains."""
    all_users: bool
    """A public suffix, and every user's page below it is meant."""
    source: str
    place: Place
    """Where it stands in its file."""

    @property
    def host(self) -> Host:
        """The host part."""
        return Host(self.value.partition("/")[0])

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


@dataclass(frozen=True)
class Service:
    """One AI product."""

    id: str
    name: str
    vendor: str
    vendor_name: str
    category: Category
    reach: Reach
    countries: Countries
    plans: Mapping[PlanKind, Plan]
    hosts: tuple[HostFact, ...]
    sources: Mapping[str, Source]
    """All sources of its file, by their name there."""
    place: Place
    """Where it stands in its file."""


@dataclass(frozen=True)
class Catalogue:
    """All services, by id in alphabetical order."""

    services: Mapping[str, Service]

    def lookup(self, host: Host | Address) -> HostFact | None:
        """Find the fact that covers a host: its exact entry, else the longest suffix above it.

        Path entries say nothing about a host.
        """
        if isinstance(host, Address):
            return None
        keys: list[tuple[Kind, str]] = [("exact", host)]
        keys += [("suffix", name) for name in parents(host)]
        return next((self._by_value[key] for key in keys if key in self._by_value), None)

    @cached_property
    def _by_value(self) -> dict[tuple[Kind, str], HostFact]:
        facts = (fact for service in self.services.values() for fact in service.hosts)
        return {(fact.kind, fact.value): fact for fact in facts}
