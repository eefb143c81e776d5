"""The command line's end of the control socket: HTTP to the running server, by a Unix socket."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from server.commands.answering import COULD_NOT, NO, WRONG_USE, Stopped

_SECONDS = 30
_MOST_BYTES = 8 * 1024 * 1024


class ControlLink:
    """Asks the server that has a data folder; each call is one request."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Ask for something. Raises Stopped."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Have something done; header fields are percent-encoded here. Raises Stopped."""
        fields = {name: quote(value) for name, value in (headers or {}).items()}
        return self._ask("POST", path, body, fields)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        connection = _UnixConnection(self._data / "control.sock")
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            answer = json.loads(response.read(_MOST_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Stopped(self._unreached(error), COULD_NOT) from error
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            raise _refused(response.status, answer)
        return dict(answer)

    def _unreached(self, error: Exception) -> str:
        if isinstance(error, PermissionError):
            return f"{self._data}: only the account that runs the server may ask it; use that one"
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            return (
                f"{self._data}: no server runs here; start it with `sluis serve`, "
                "or name its data folder with --data DIR"
            )
        return f"{self._data}: the server did not answer ({type(error).__name__}: {error})"


class _UnixConnection(http.client.HTTPConnection):
    """HTTP to a Unix socket in place of a port."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _refused(status: int, answer: Mapping[str, Any]) -> Stopped:
    """Give what the server refused with: all lines that it tells, else its one sentence."""
    lines = answer.get("problems") or [answer.get("detail") or f"the server answered {status}"]
    code = NO
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        code = COULD_NOT
    elif answer.get("code") == "form":
        code = WRONG_USE
    return Stopped("\n".join(str(line) for line in lines), code)
