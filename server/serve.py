"""`sluis serve`: listeners, returning jobs, and the end of both."""

from __future__ import annotations

import asyncio
import errno
import secrets
import signal
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from server.app import Outside, Parts, application, control_application, open_parts
from server.control import control_listener
from server.errors import CannotServe
from server.jobs import jobs, run_for_ever
from server.log import log_to_stderr
from server.settings import Settings

LOOPBACK = "127.0.0.1"
BACKLOG = 4096
STOP_SECONDS = 5
TRIAL_SAYS = "at most five devices, numbers unsuppressed; it cannot become a real server"


class RunningServer:
    """A server that listens, until `stop`."""

    def __init__(self, parts: Parts) -> None:
        """Run these parts; nothing happens before `start`."""
        self.parts = parts
        self.address = ""
        self.tls_port = 0
        self._runners: list[web.AppRunner] = []
        self._jobs: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen, and begin the returning jobs. Raises CannotServe."""
        settings = self.parts.settings
        plain = _listener(settings.port, "port")
        encrypted = _listener(settings.tls_port, "tls-port")
        self.address = f"http://{LOOPBACK}:{plain.getsockname()[1]}"
        self.tls_port = encrypted.getsockname()[1]
        app = await self._run(application(self.parts))
        await _listen(app, plain)
        await _listen(app, encrypted, self.parts.tls.context())
        control = await self._run(control_application(self.parts, self.address, self.tls_port))
        await _listen(control, control_listener(self.parts.folder.control))
        table = jobs(self.parts.books, self.parts.repository, self.parts.outside.clock)
        self._jobs = [asyncio.create_task(run_for_ever(job), name=job.name) for job in table]

    async def stop(self) -> None:
        """Answer who waits, finish what runs, and let go of the data."""
        await self.parts.polls.close()
        for runner in self._runners:
            await runner.cleanup()
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        await self.parts.close()

    async def _run(self, app: web.Application) -> web.AppRunner:
        """Bodies stay as they were sent: they are unpacked by us, within bounds."""
        runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            handle_signals=False,
            keepalive_timeout=75,
            lingering_time=2,
            shutdown_timeout=STOP_SECONDS,
        )
        await runner.setup()
        self._runners.append(runner)
        return runner


async def start_server(settings: Settings, outside: Outside) -> RunningServer:
    """Open everything and listen; on a fault nothing is left open. Raises CannotServe."""
    server = RunningServer(await open_parts(settings, outside))
    try:
        await server.start()
    except BaseException:
        await server.stop()
        raise
    return server


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until a signal ends it. Facts are said one a line, then `ready`. Raises CannotServe."""
    log_to_stderr()
    asyncio.run(_serve(settings, say))


async def _serve(settings: Settings, say: Callable[[str], None]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server = await start_server(settings, Outside(lambda: datetime.now(UTC), secrets.token_bytes))
    try:
        for fact in await _facts(server):
            say(fact)
        say("ready")
        await ended.wait()
    finally:
        await server.stop()


async def _facts(server: RunningServer) -> list[str]:
    parts = server.parts
    blocklist = await parts.decisions.blocklist()
    policy = await parts.decisions.policy()
    package = f"{parts.package.id} {parts.package.version}" if parts.package else "none here"
    return [
        f"TRIAL      for trying out with made-up people: {TRIAL_SAYS}",
        f"data       {parts.folder.path}",
        f"address    {server.address}",
        f"tls        https://{parts.settings.name} listens on {LOOPBACK}:{server.tls_port}",
        f"authority  {parts.tls.authority}",
        f"pin        {parts.publication.pin}",
        f"policy     version {policy.version} of {policy.at:%Y-%m-%d %H:%M} UTC by {policy.who}",
        f"list       version {blocklist.version}, {len(blocklist.entries)} entries",
        f"extension  {package}",
    ]


def _listener(port: int, option: str) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port), backlog=BACKLOG)
    except OSError as error:
        fault = (
            "is taken by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot be used: {error.strerror}"
        )
        raise CannotServe(
            f"port {port} of {LOOPBACK} {fault}; give another with --{option} N"
        ) from error


async def _listen(
    runner: web.AppRunner, listener: socket.socket, context: ssl.SSLContext | None = None
) -> None:
    await web.SockSite(runner, listener, ssl_context=context, backlog=BACKLOG).start()
