"""The words that a service file may hold where one of a few is meant."""

from __future__ import annotations

from enum import StrEnum


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


class Residency(StrEnum):
    """Whether what is typed stays in the European Union."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ProgramKind(StrEnum):
    """What kind of program a service is used with."""

    APP = "app"
    TOOL = "tool"
    BROWSER = "browser"
    RUNNER = "runner"


class Browser(StrEnum):
    """A family of browsers that takes the same packages of extensions."""

    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
