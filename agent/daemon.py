"""The unprivileged process: network, parsing, sinkhole, outbox. Composition root.

It is started by the helper with a socket to it, and ends when the helper ends. What it needs for
the server (TUF, TLS) is loaded only after the stored list is in force.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent.configuration import Configuration
from agent.control import Control
from agent.helper_link import Helper
from agent.in_force import ListFile
from agent.notice.page import page
from agent.outbox import Outbox
from agent.places import CONTROL_SOCKET, LIST_FILE, OUTBOX, RECORD
from agent.processes import take_name
from agent.pseudonym import Pseudonyms
from agent.questions import Questions
from agent.record import Record
from agent.reporting import Reporting
from agent.retention import Retention
from agent.selftest import check
from agent.sinkhole.http import Page
from agent.sinkhole.server import Sinkhole
from agent.stages.backoff import Backoff
from agent.stages.checking_in import CheckingIn
from agent.stages.contact import Contact
from agent.stages.enforcing import Enforcing
from agent.stages.refreshing import Refreshing
from agent.stages.standing import Standing
from agent.stages.timer import Timer
from agent.stages.uploading import Uploading
from agent.sync import LONGEST_PAUSE, Parts, run
from blocklists.blocklist import Verdict
from blocklists.hosts import Host
from blocklists.matcher import Decision, decide

if TYPE_CHECKING:
    from agent.conversation import Conversation

AGAIN = 30.0
"""Seconds after which a side task that failed is started again."""

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the helper ends or SIGTERM comes."""
    parser = argparse.ArgumentParser(prog="agent.daemon", description=__doc__)
    parser.add_argument("--helper", type=int, required=True, help="the socket to the helper")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    os.umask(0o077)
    take_name()
    helper = socket.socket(fileno=parsed.helper)
    asyncio.run(Daemon(parsed.config, parsed.data).live(helper))
    return 0


class Daemon:
    """The parts of the unprivileged process, put together."""

    def __init__(self, config: Path, data: Path) -> None:
        """`data` is the folder of this account's own; nothing is read yet."""
        self._data = data
        self._standing = Standing()
        self._contact = Contact(config, self._open_conversation)
        self._outbox = Outbox(data / OUTBOX, os.urandom)
        self._record = Record(data / RECORD)
        self._pseudonyms = Pseudonyms(data, os.urandom)
        self._reporting = Reporting(
            outbox=self._outbox,
            record=self._record,
            pseudonyms=self._pseudonyms,
            in_force=lambda: self._standing.in_force,
            clock=_clock,
            stored=self._spooled,
        )
        self._retention = Retention(
            outbox=self._outbox,
            record=self._record,
            pseudonyms=self._pseudonyms,
            in_force=lambda: self._standing.in_force,
            clock=_clock,
        )
        timing = (self._standing, self._outbox)
        self._checking_in = CheckingIn(self._contact, *timing, _timer(), _clock, _uniform)
        self._uploading = Uploading(self._contact, *timing, _timer(), _clock, _uniform)
        self._wake = asyncio.Event()

    async def live(self, connection: socket.socket) -> None:
        """Do all that the daemon does, until the helper is gone or SIGTERM comes."""
        helper = Helper(connection)
        parts = self._parts(helper)
        questions = Questions(
            self._contact,
            self._standing,
            self._outbox,
            self._record,
            _clock,
            lambda: self._reporting.not_kept,
        )
        control = Control(self._data / CONTROL_SOCKET, questions.table())
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as tasks:
            working = [
                tasks.create_task(one)
                for one in (
                    run(parts),
                    self._reporting.run(),
                    self._retention.run(),
                    _kept_up(control.serve),
                )
            ]
            ends = [tasks.create_task(one.wait()) for one in (helper.gone, stop)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in (*working, *ends):
                task.cancel()
        self._outbox.close()
        self._record.close()

    def _parts(self, helper: Helper) -> Parts:
        sinkhole = Sinkhole(
            decide=self._decide,
            record=self._reporting.take,
            notice=self._notice,
            owners=helper.owners,
        )
        list_file = ListFile(self._data / LIST_FILE)
        return Parts(
            standing=self._standing,
            contact=self._contact,
            list_file=list_file,
            enforcing=Enforcing(
                machine=helper,
                sinkhole=sinkhole,
                test=partial(check, sinkhole),
                monotonic=time.monotonic,
            ),
            refreshing=Refreshing(self._contact, self._standing, list_file, _timer(), _clock),
            checking_in=self._checking_in,
            uploading=self._uploading,
            clock=_clock,
            wake=self._wake,
        )

    def _open_conversation(self, configuration: Configuration) -> Conversation:
        from agent.conversation import Conversation  # noqa: PLC0415 - TUF and TLS, not before

        return Conversation.open(configuration, self._data, now=_clock, random=os.urandom)

    def _decide(self, host: Host) -> Decision:
        in_force = self._standing.in_force
        if in_force is None:
            return Decision(Verdict.ALLOW)
        return decide(in_force.blocklist, host, "/", in_force.effective_time(_clock()))

    def _notice(self, decision: Decision) -> Page:
        in_force, configuration = self._standing.in_force, self._contact.configuration
        if in_force is None:
            raise RuntimeError("without a list nothing is stopped")
        return page(
            in_force.blocklist,
            decision,
            language=configuration.language if configuration else "nl",
            reports=in_force.reports(_clock()),
            at=in_force.effective_time(_clock()),
        )

    def _spooled(self) -> None:
        self._uploading.spooled()
        self._wake.set()


async def _kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Start a side task again when it fails: the machine is held without it."""
    while True:
        try:
            await work()
        except OSError as error:
            log.warning("control=failed error=%r", str(error))
        await asyncio.sleep(AGAIN)


def _clock() -> datetime:
    return datetime.now(UTC)


def _uniform(low: float, high: float) -> float:
    return random.SystemRandom().uniform(low, high)


def _timer() -> Timer:
    return Timer(time.monotonic, Backoff(_uniform, longest=LONGEST_PAUSE))


if __name__ == "__main__":
    sys.exit(main())
