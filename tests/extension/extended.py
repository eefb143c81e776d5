"""A workstation's Chromium with the extension, forced by policy from a real server."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.simulators.chromium import Chromium, Page
from tests.simulators.internet import SERVER, SERVER_NAME
from tests.simulators.waiting import until

if TYPE_CHECKING:
    from tests.simulators.organisation import Organisation
    from tests.simulators.world import World


class Counted(NamedTuple):
    """A violation at the server, as far as a test looks."""

    host: str
    layer: str
    kind: str
    outcome: str


def connect(world: World, organisation: Organisation, **settings: str) -> None:
    """Let the workstation reach the server, and Chromium there be managed by it."""
    world.internet.publish(SERVER, 443, ("127.0.0.1", organisation.tls_port))
    world.workstation.trust(organisation.authority)
    trial = organisation.trial()
    package = {
        "installation_mode": "force_installed",
        "update_url": f"https://{SERVER_NAME}/extension/chromium/update.xml",
        "override_update_url": True,
    }
    values = {
        "server": f"https://{SERVER_NAME}",
        "pin": trial["pin"],
        "enrolment": trial["profile_token"],
    }
    world.workstation.browser_policy(
        {
            "ExtensionSettings": {trial["extension_id"]: package},
            "3rdparty": {"extensions": {trial["extension_id"]: values | settings}},
            "NetworkPredictionOptions": 2,  # else it connects to what it will not open
            "DeveloperToolsAvailability": 1,  # so that a test can look into the worker
        }
    )


class Extended(Chromium):
    """Chromium, and a look into its extension."""

    def __init__(
        self, world: World, organisation: Organisation, *, profile: str = "chromium"
    ) -> None:
        super().__init__(world.workstation, profile=profile, language="nl")
        self.own = f"chrome-extension://{organisation.trial()['extension_id']}/"
        self._organisation = organisation

    def worker(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """The value of an expression in the extension's worker; None while there is none."""
        for one in self.targets("service_worker"):
            if one["url"].startswith(self.own):
                with suppress(RuntimeError):  # it is only just starting, or ending
                    return self.evaluate(expression, one["targetId"])
        return None

    def kept(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """What the extension keeps under a key; None where there is nothing yet."""
        found = self.worker(f"chrome.storage.local.get({json.dumps(key)})") or {}
        return found.get(key)

    def ready(self) -> None:
        """Wait until the rules are in force and reports can go."""
        until("the rules are in force", lambda: self.kept("health"), 40)
        until("the profile is enrolled", lambda: self.kept("tickets"), 40)

    def visit(self, url: str) -> Page:
        """Go somewhere; gives the page when it says something."""
        self.open(url)
        until(f"{url} says something", lambda: self.page().text)
        return self.page()

    def stopped(self, url: str) -> bool:
        """Whether a notice stands in place of this."""
        return self.visit(url).url.startswith(f"{self.own}pages/notice.html?")

    def counted(self, service: str) -> list[Counted]:
        """What the server has counted of a service."""
        with sqlite3.connect(self._organisation.folder / "sluis.db") as database:
            rows = database.execute(
                "SELECT host, layer, kind, outcome FROM violations WHERE service = ?", [service]
            )
            return [Counted(*row) for row in rows]
