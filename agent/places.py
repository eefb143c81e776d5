"""Where the agent's files are on a workstation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

CONFIGURATION_FILE = Path("/etc/sluis-agent/agent.yaml")
DATA_FOLDER = Path("/var/lib/sluis-agent")

CONTROL_SOCKET = "control.sock"
LIST_FILE = "list.bundle"
METADATA_FOLDER = "metadata"
OUTBOX = "outbox.db"
RECORD = "record.db"


def default_data_folder(environment: Mapping[str, str]) -> Path:
    """The system's folder where it is or can be made, else the account's own state folder."""
    if DATA_FOLDER.exists() or os.access(DATA_FOLDER.parent, os.W_OK):
        return DATA_FOLDER
    state = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "sluis-agent"
