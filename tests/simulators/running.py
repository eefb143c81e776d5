"""A trial's server inside the test's process: real listeners and database, a clock to set."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from server.app import Outside, Parts
from server.decisions.proposals import Proposal
from server.devices.tokens import Kind, new_token
from server.serve import RunningServer, start_server
from server.settings import Settings
from tests.simulators.clock import Clock
from tests.simulators.endpoint import Endpoint

_T = TypeVar("_T")


async def _finish() -> None:
    """Let what aiohttp left behind end before the loop does."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


class RunningTrial:
    """Starts on free ports, in a thread of its own with its own event loop."""

    def __init__(self, folder: Path, *, hold: float = 0.4) -> None:
        self.clock = Clock()
        self.settings = Settings(data=folder, port=0, tls_port=0, hold=hold)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: RunningServer | None = None

    @property
    def server(self) -> RunningServer:
        """The running server."""
        assert self._server is not None
        return self._server

    @property
    def parts(self) -> Parts:
        """What it is made of."""
        return self.server.parts

    @property
    def url(self) -> str:
        """Plain http, on 127.0.0.1."""
        return self.server.address

    def call(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run something in the server's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def token(self, kind: Kind = "agent", uses: int = 1, days: float = 1) -> str:
        """A new enrolment token."""
        ends = self.clock() + timedelta(days=days)
        return self.call(new_token(self.parts.books, kind, uses, ends, secrets.token_bytes))

    def endpoint(self, kind: Kind = "agent") -> Endpoint:
        """An endpoint that has enrolled."""
        endpoint = Endpoint(self.url, kind, self.clock)
        answer = endpoint.enrol(self.token(kind))
        assert answer.status == 201, answer.body
        return endpoint

    def apply(self, policy: str, *, may_shrink: bool = False) -> int:
        """Put a policy in force; gives its version."""
        proposal = Proposal(policy.encode(), "policy.yaml", "tester", "a test", may_shrink)
        return self.call(self.parts.decisions.apply(proposal)).version

    def organisation(self) -> dict[str, Any]:
        """What the role targets signs of the organisation."""
        for name, data in self.parts.publication.targets.items():
            if name.endswith(".organisation.json"):
                return dict(json.loads(data))
        raise AssertionError("no organisation.json is published")

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self.call(
            start_server(self.settings, Outside(self.clock, secrets.token_bytes))
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.call(self.server.stop())
        self.call(_finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()
