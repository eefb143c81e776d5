"""Chromium's DevTools protocol over a pair of pipes: one command at a time, events are dropped."""

from __future__ import annotations

import fcntl
import json
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class DevTools:
    """Our ends of the two pipes to one browser."""

    def __init__(self) -> None:
        """Make the pipes; give Chromium its ends with `ends`."""
        self._theirs_in, self._out = os.pipe()
        self._in, self._theirs_out = os.pipe()
        self._last, self._read = 0, b""

    @contextmanager
    def ends(self) -> Iterator[tuple[int, int]]:
        """Give the descriptors that Chromium reads and writes; they are closed here after the
        block.

        They lie above 9, so that a shell can make 3 and 4 of them without losing the other.
        """
        theirs = (self._theirs_in, self._theirs_out)
        high = tuple(fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in theirs)
        try:
            yield high[0], high[1]
        finally:
            for descriptor in (*theirs, *high):
                os.close(descriptor)

    def close(self) -> None:
        """Close our ends."""
        os.close(self._in)
        os.close(self._out)

    def command(
        self,
        method: str,
        *,
        session: str | None = None,
        timeout: float = 30.0,
        **parameters: object,
    ) -> dict[str, Any]:
        """Send one command, to the browser or to the target of a session, and give its result.

        Raises RuntimeError when the browser refuses it or has ended, TimeoutError after `timeout`
        seconds.
        """
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._send(json.dumps(message).encode() + b"\0")
        end = time.monotonic() + timeout
        while (reply := self._next(end, method)).get("id") != self._last:
            pass
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']['message']}")
        result: dict[str, Any] = reply["result"]
        return result

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._out, data) :]

    def _next(self, end: float, method: str) -> dict[str, Any]:
        """Give the next message that the browser sends."""
        while b"\0" not in self._read:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._in], [], [], left)[0]:
                raise TimeoutError(f"{method}: no answer in time")
            data = os.read(self._in, 1 << 20)
            if not data:
                raise RuntimeError(f"{method}: Chromium has ended; its log says why")
            self._read += data
        line, self._read = self._read.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        return message
