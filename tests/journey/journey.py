"""What the steps of the journey share: the folder, the server, the workstation, the browser."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.journey.overview import Overview
from tests.journey.trial import Trial
from tests.journey.workplace import Workplace
from tests.simulators.chromium import Chromium
from tests.simulators.world import made_up_world


class Journey:
    """Grows step by step; what a step has made ends with the `with` block, last first."""

    def __init__(self, folder: Path, *, port: int = 0, tls_port: int = 0) -> None:
        """Nothing is made yet; `folder` is there and empty, a port of 0 takes a free one."""
        self.folder = folder
        self._ports = {"port": port, "tls_port": tls_port}
        self._made = ExitStack()
        self.trial: Trial
        self.place: Workplace
        self.overview: Overview
        self.browser: Chromium

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything that was made."""
        self._made.close()

    def make_trial(self) -> Trial:
        """Start the server."""
        trial = Trial(self.folder / "server", **self._ports)
        self.trial = self._made.enter_context(trial)
        return self.trial

    def make_workplace(self) -> Workplace:
        """Make a workstation in an internet of its own, where the server can be found."""
        folder = self.folder / "workstation"
        folder.mkdir()
        self.place = Workplace(self.trial, self._made.enter_context(made_up_world(folder)))
        self.place.connect()
        return self.place

    def open_browser(self, language: str) -> Chromium:
        """Start Chromium as a member of staff."""
        browser = Chromium(self.place.station, language=language)
        self.browser = self._made.enter_context(browser)
        return self.browser
