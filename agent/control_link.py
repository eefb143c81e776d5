"""A command's end of the conversation with the running agent."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PATIENCE = 10.0
"""Seconds for an answer."""


class NotRunning(Exception):
    """No agent answers; the message says where it was asked."""


class Refused(Exception):
    """The agent says what is wrong with the question."""


def ask(path: Path, question: str, **query: str) -> Any:  # noqa: ANN401 - parsed JSON
    """Ask the agent that listens at this socket. Raises NotRunning, Refused."""
    connection = _UnixConnection(path)
    try:
        connection.request("GET", f"{question}?{urlencode(query)}" if query else question)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotRunning(
            f"no agent answers at {path} ({error}); start it with `sluis-agent run`, or name its "
            "folder with --data DIR"
        ) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise Refused(str(answer.get("detail", response.reason)))
    return answer


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))
