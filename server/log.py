"""The log: one line an event on standard error, key=value; no address, path, body or secret.

Of an error it says the kind and the place in our code: its text may hold what somebody sent.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from traceback import extract_tb

import structlog
from structlog.typing import EventDict, WrappedLogger

PLACES = 8
"""How many calls are shown of an error, the innermost last."""


def log_to_stderr() -> None:
    """Send our own events there, and of the libraries' no more than that there was one."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            _kind_and_place,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[Discreet()], level=logging.WARNING, force=True)


class Discreet(logging.Handler):
    """Leaves the message out: aiohttp's shows what a broken request held, and whose it was."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log who says it, and which kind of error it is."""
        kind = record.exc_info and record.exc_info[0]
        structlog.get_logger().warning(
            "a library reports", library=record.name, error=kind.__name__ if kind else "none"
        )


def _kind_and_place(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put `error` and `cause` where an event was logged with the error that is being handled."""
    if not event.pop("exc_info", None):
        return event
    error = sys.exc_info()[1]
    for name in ("error", "cause"):
        if error is not None:
            event[name] = _told(error)
            error = error.__cause__ or error.__context__
    return event


def _told(error: BaseException) -> str:
    calls = extract_tb(error.__traceback__)[-PLACES:]
    places = (f"{Path(call.filename).name}:{call.lineno}" for call in calls)
    return " ".join((type(error).__name__, *places))
