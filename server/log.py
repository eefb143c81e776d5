"""The log: one line an event on standard error, key=value; no address, path, body or secret."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """Send our own events there, and of the libraries' no more than that there was one."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
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
