"""Chromium on a workstation, driven through a pipe: Chromium's own protocol, no port, no driver
program, no package.

with Chromium(workstation, language="nl") as browser:
page = browser.open("http://allowed.example/")
print(page.url, page.title, page.text)
browser.screenshot(Path("page.png"))
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from tests.simulators.devtools import DevTools
from tests.simulators.waiting import until
from tests.simulators.workstation import Workstation

_ARGUMENTS = (
    *("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check"),
    *("--disable-gpu", "--disable-component-update", "--disable-sync"),
)


class Page(NamedTuple):
    """What stands in the tab."""

    url: str
    title: str
    text: str
    error: str = ""
    """Chromium's own word for a page that did not load, as net::ERR_NAME_NOT_RESOLVED; empty when
    it did."""


class Chromium:
    """A headless Chromium with one tab, started by a person of the workstation, its sandbox on."""

    first = "about:blank"
    """What it is started with; headless takes one address."""

    def __init__(
        self,
        workstation: Workstation,
        *,
        user: str = "staff",
        profile: str = "chromium",
        language: str = "en",
        arguments: tuple[str, ...] = (),
    ) -> None:
        """Prepare a browser. `profile` is a folder in the person's home: keep it for the same
        browser, name another for a fresh one. `language` is that of its windows, of what it asks
        sites for, and of its extensions.

        Raises FileNotFoundError when there is no Chromium.
        """
        self._workstation, self._user, self._language = workstation, user, language
        program = os.environ.get("SLUIS_CHROMIUM") or shutil.which("chromium")
        if not program:
            raise FileNotFoundError(
                "no Chromium here; `make setup` installs it, or set SLUIS_CHROMIUM"
            )
        home = f"/run/home/{user}"
        self._argv = [program, *_ARGUMENTS, f"--user-data-dir={home}/{profile}", *arguments]
        self._viewport, self._scheme = (1000, 640), "light"

    def __enter__(self) -> Self:
        """Start it and take hold of its tab."""
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let it save its profile, then make sure that it has ended."""
        with suppress(RuntimeError, OSError):  # a browser that has ended already is fine
            self._devtools.command("Browser.close", timeout=3)
        with suppress(TimeoutError):
            until("Chromium has ended", lambda: self._process.poll() is not None, 5)
        self._workstation.end(self._process)
        self._devtools.close()

    def restart(self, *, language: str | None = None) -> None:
        """End it as a person does and start it again with the same profile, perhaps in another
        language.
        """
        self.__exit__()
        self._language = language or self._language
        self._start()

    def open(self, url: str) -> Page:
        """Go to a URL and give what stands there when it is complete: another page where something
        redirected.
        """
        navigated = self._devtools.command("Page.navigate", session=self._tab, url=url)
        until(f"{url} is complete", lambda: self._complete(url))
        return self.page()._replace(error=navigated.get("errorText", ""))

    def page(self) -> Page:
        """Give what stands in the tab now."""
        return Page(
            *self.evaluate("[location.href, document.title, document.body?.innerText ?? '']")
        )

    def evaluate(self, expression: str, target: str | None = None) -> Any:  # noqa: ANN401  # JSON
        """Give the value of a JavaScript expression, or what it promises.

        It runs in the tab, or in another target, by its id.

        Raises RuntimeError with the exception's words.
        """
        with self._attached(target) as session:
            answer = self._devtools.command(
                "Runtime.evaluate",
                session=session,
                expression=expression,
                awaitPromise=True,
                returnByValue=True,
            )
        if raised := answer.get("exceptionDetails"):
            raise RuntimeError(raised.get("exception", {}).get("description", raised["text"]))
        return answer["result"].get("value")

    def targets(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Give tabs and workers, extensions' included: `targetId`, `type` (page, service_worker,
        …), `url`, `title`.
        """
        infos = self._devtools.command("Target.getTargets")["targetInfos"]
        return [info for info in infos if kind in (None, info["type"])]

    def screenshot(self, path: Path) -> None:
        """Save what the tab shows as PNG, on the host."""
        shot = self._devtools.command("Page.captureScreenshot", session=self._tab)
        path.write_bytes(base64.b64decode(shot["data"]))

    def show(
        self,
        *,
        viewport: tuple[int, int] | None = None,
        colour_scheme: Literal["light", "dark"] | None = None,
    ) -> None:
        """Set the size in pixels and the colour scheme that pages in the tab see; they hold until
        set again.
        """
        self._viewport = viewport or self._viewport
        self._scheme = colour_scheme or self._scheme
        width, height = self._viewport
        self._devtools.command(
            "Emulation.setDeviceMetricsOverride",
            session=self._tab,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": self._scheme}
        self._devtools.command("Emulation.setEmulatedMedia", session=self._tab, features=[feature])

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
        """Send any other command of the protocol to the tab and give its result."""
        return self._devtools.command(method, session=self._tab, **parameters)

    def _start(self) -> None:
        languages = [f"--lang={self._language}", f"--accept-lang={self._language}"]
        argv = [*self._argv, *languages, self.first]
        self._devtools = DevTools()
        with self._devtools.ends() as (reads, writes):
            # Chromium reads descriptor 3 and writes 4
            self._process = self._workstation.popen(
                ["bash", "-c", f'exec "$@" 3<&{reads} 4>&{writes}', "chromium", *argv],
                user=self._user,
                log="chromium",
                pass_fds=(reads, writes),
                env={"LANGUAGE": self._language},
            )
        tab, *_ = until("Chromium has its tab", lambda: self.targets("page"))
        self._tab = self._attach(tab["targetId"])
        self.show()

    def _attach(self, target: str) -> str:
        attached = self._devtools.command("Target.attachToTarget", targetId=target, flatten=True)
        return str(attached["sessionId"])

    @contextmanager
    def _attached(self, target: str | None) -> Iterator[str]:
        """Give a session with a target, ended afterwards: one that stays keeps a worker awake."""
        if target is None:
            yield self._tab
            return
        session = self._attach(target)
        try:
            yield session
        finally:
            self._devtools.command("Target.detachFromTarget", sessionId=session)

    def _complete(self, url: str) -> bool:
        """Say whether a page stands there; between two documents there is nothing to ask."""
        with suppress(RuntimeError):
            state, there = self.evaluate("[document.readyState, location.href]")
            return state == "complete" and (there != "about:blank" or url == "about:blank")
        return False
