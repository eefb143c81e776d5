"""The agent's settings, read from one YAML file by the settings table, with every fault named."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from blocklists.protocol.settings import SETTINGS, BadSetting, Endpoint, check_setting
from blocklists.yamlfile import BadFile, Node
from blocklists.yamlfile.loading import MOST_BYTES, read

_SETTINGS = [setting for setting in SETTINGS if Endpoint.AGENT in setting.endpoints]


class BadConfiguration(Exception):
    """The settings cannot be used; one line a fault, each names file, line and field."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What IT has set for this workstation."""

    server: str
    """Scheme, host and port."""
    pin: str
    language: str
    enrolment: str | None = field(default=None, repr=False)
    """A secret until it is used up."""
    first: Path
    """The folder of a first signed list, beside the file; it need not exist."""

    @property
    def server_host(self) -> str:
        """The name that must never be cut off."""
        return urlsplit(self.server).hostname or ""


def load_configuration(path: Path) -> Configuration:
    """Read the file. Raises BadConfiguration."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        example = "server: https://… and pin: N:<sha256>"
        raise BadConfiguration(
            f"{path}: {error.strerror}; write the settings there ({example}), or name another file "
            "with --config FILE"
        ) from error
    try:
        values = read(data, str(path), _values)
    except BadFile as error:
        raise BadConfiguration(str(error)) from error
    return Configuration(
        server=values["server"],
        pin=values["pin"],
        language=values["language"],
        enrolment=values.get("enrolment"),
        first=path.parent / "first",
    )


def _values(top: Node) -> dict[str, str]:
    """Every setting that has a value; faults are noted in the node."""
    fields = top.mapping([setting.name for setting in _SETTINGS])
    values = {setting.name: setting.default for setting in _SETTINGS if setting.default}
    for setting in _SETTINGS:
        node = fields.need(setting.name) if setting.required else fields.get(setting.name)
        if (text := node.text()) is None:
            continue
        try:
            values[setting.name] = check_setting(setting.name, text)
        except BadSetting as error:
            node.fault(str(error).removeprefix(f"{setting.name}: "))
    return values
