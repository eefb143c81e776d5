"""A workplace: the made-up workstation with the product on it, as an organisation's IT lays it."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.journey.trial import Trial
from tests.simulators.chromium import Chromium
from tests.simulators.internet import SERVER, SERVER_NAME
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.waiting import until
from tests.simulators.world import World

AGENT = PROGRAMS / "sluis-agent"
CONFIGURATION = Path("/etc/sluis-agent/agent.yaml")
SINKHOLE = "127.77.0.1"

_COUNT_RULES = "chrome.declarativeNetRequest.getDynamicRules().then((all) => all.length)"


class Fetched(NamedTuple):
    """What curl came back with."""

    exit: int
    """0, or curl's own number: 6 no such name, 7 nobody listens, 28 too late, 35 TLS refused."""
    status: int
    """Of HTTP; 0 where there was no answer."""
    body: str


class Workplace:
    """What IT and staff do on one workstation."""

    def __init__(self, trial: Trial, world: World) -> None:
        """Nothing is done yet."""
        self.trial, self.world = trial, world
        self.station = world.workstation
        self._agent: subprocess.Popen[bytes] | None = None

    def connect(self, address: tuple[str, int] | None = None) -> None:
        """Let the server be found at https://sluis.example, and trust its authority.

        `address` is a man in the middle's, in place of the server's own.
        """
        self.world.internet.publish(SERVER, 443, address or self.trial.tls)
        self.station.trust(self.trial.authority)

    def configure(self, token: str | None) -> None:
        """Lay the agent's settings, whose token nobody else may read."""
        settings = {"server": f"https://{SERVER_NAME}", "pin": self.trial.facts["pin"]}
        settings |= {"enrolment": token} if token else {}
        lines = [f'{name}: "{value}"\n' for name, value in settings.items()]
        self.station.write(CONFIGURATION, "".join(lines))
        self.station.run(["chown", "root:sluis-agent", CONFIGURATION])
        self.station.run(["chmod", "640", CONFIGURATION])

    def start_agent(self) -> None:
        """Start `sluis-agent run` as the system does: as root, at boot."""
        self._agent = self.station.popen([AGENT, "run"], log="agent")

    def end_agent(self) -> None:
        """End it as the system does."""
        if self._agent:
            self.station.end(self._agent)

    def agent_accounts(self) -> set[str]:
        """Name the accounts under which the agent's processes run."""
        told = self.station.run(["ps", "-C", "sluis-agent", "-o", "user="], check=False)
        return set(told.split())

    def channels(self) -> dict[str, str]:
        """Give the state of each channel, as the agent tells it."""
        return {name: one["state"] for name, one in self.status()["channels"].items()}

    def status(self) -> dict[str, Any]:
        """Give what `sluis-agent status` says to a member of staff."""
        told: dict[str, Any] = self.ask("status")
        return told

    def ask(self, *argv: str, user: str = "staff") -> Any:  # noqa: ANN401  # JSON
        """Give what a command of `sluis-agent` answers as JSON."""
        command: list[str | Path] = [AGENT, *argv, "--json"]
        return json.loads(self.station.run(command, user=user, check=False))

    def list_is(self, state: str, version: int | None = None) -> bool:
        """Say whether the agent says this of its list."""
        try:
            there = self.status()["list"]
        except (ValueError, KeyError):  # it does not answer yet
            return False
        return there["state"] == state and version in {None, there["version"]}

    def until_in_force(self, seconds: float = 20) -> None:
        """Wait until the agent says that each of its channels is in force."""

        def in_force() -> bool:
            with suppress(ValueError, KeyError):  # it does not answer yet
                return set(self.channels().values()) == {"in-force"}
            return False

        try:
            until("each channel is in force", in_force, seconds)
        except TimeoutError as error:
            raise AssertionError(f"{error}: {self.status()}") from error

    def kill(self, account: str) -> None:
        """Kill the agent's processes of one account, with SIGKILL."""
        self.station.run(["pkill", "-KILL", "--exact", "--euid", account, "sluis-agent"])

    def routes(self) -> int:
        """Count the names that the agent leads to its sinkhole."""
        return self.station.run(["resolvectl", "domain", "sluis0"]).count("~")

    def curl(self, url: str, *options: str) -> Fetched:
        """Fetch a page as a program of the staff does."""
        argv = ["curl", "--silent", "--max-time", "5", "--write-out", "\n%{http_code}", *options]
        process = self.station.popen(
            [*argv, url], user="staff", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        output, _ = process.communicate(timeout=15)
        body, _, status = output.rpartition("\n")
        return Fetched(process.returncode, int(status), body)

    def reaches(self, host: str) -> bool:
        """Say whether curl gets the internet's own page of a host over https."""
        return f"The internet's {host} over https" in self.curl(f"https://{host}/").body

    def manage_browser(self, language: str) -> None:
        """Lay Chromium's policy: the extension from the server, and the extension's settings."""
        facts = self.trial.facts
        settings = {
            "server": f"https://{SERVER_NAME}",
            "pin": facts["pin"],
            "enrolment": facts["profile_token"],
            "language": language,
        }
        package = {
            "installation_mode": "force_installed",
            "update_url": f"https://{SERVER_NAME}/extension/chromium/update.xml",
            "override_update_url": True,
        }
        self.station.browser_policy(
            {
                "ExtensionSettings": {facts["extension_id"]: package},
                "3rdparty": {"extensions": {facts["extension_id"]: settings}},
                "NetworkPredictionOptions": 2,  # else it connects to what it will not open
                "DeveloperToolsAvailability": 1,  # so that the journey can look into the worker
            }
        )

    def extension_page(self, name: str) -> str:
        """Give the address of a page of the extension."""
        return f"chrome-extension://{self.trial.facts['extension_id']}/pages/{name}"

    def rules(self, browser: Chromium) -> int:
        """Count the rules that the extension has given to the browser; 0 while it is not there."""
        own = f"chrome-extension://{self.trial.facts['extension_id']}/"
        for worker in browser.targets("service_worker"):
            if worker["url"].startswith(own):
                with suppress(RuntimeError):  # it is only just starting
                    return int(browser.evaluate(_COUNT_RULES, worker["targetId"]))
        return 0
