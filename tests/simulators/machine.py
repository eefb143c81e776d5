"""A machine made of Linux namespaces: processes, files and a network of its own; nothing on the
host changes.

Rules that this file keeps:
 * The host sees ordinary processes and nothing else: links, mounts and files live in namespaces and
   vanish with their last process.
 * One lifeline: the first process of a machine reads a pipe whose other end only this process
   holds. When this process ends, by `kill -9` too, the pipe closes, the first process ends, and the
   kernel ends every process of its PID namespace. Nothing has to clean up.
 * Every process is a real child of this process, known by its pid on the host, and is ended in
   reverse order of start.
 * No name or address is taken on the host, so any number of machines run side by side.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any, Self

from tests.simulators.namespaces import UNSHARE, inside, sights
from tests.simulators.relay import Relay

PEOPLE: Mapping[str, int] = {"root": 0, "staff": 4711, "colleague": 4712, "sluis-agent": 4713}
"""Who may run something inside, with their uid and gid; of these only root exists on the host."""

MARK = "SLUIS_SIMULATED_IN"
"""The variable that every process of a machine starts with: the machine's folder."""

_HERE = Path(__file__).resolve().parent
ROOT = (_HERE / "root.sh").read_text()
_READY = """
# else an address changes 2 s late, and Chromium drops what it loads
if [ -d /proc/sys/net/ipv6 ]; then echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; fi
ip link set lo up
echo up
exec env --ignore-signal=CHLD cat > /dev/null  # reads the lifeline; the kernel takes ended orphans
"""


class Machine:
    """Namespaces for processes, mounts, network, host name and IPC; they live as long as the `with`
    block or this process.
    """

    def __init__(self, name: str, folder: Path, setup: str, *arguments: str) -> None:
        """Prepare a machine; `setup` is a shell script that its first process runs with these
        arguments.

        `folder` exists already and takes the logs, NAME-PROGRAM.log; it must not lie under /run.
        """
        self.name, self.folder = name, folder.resolve()
        self._setup, self._arguments = setup, arguments
        self._processes: list[subprocess.Popen[Any]] = []
        self._relays: dict[tuple[str, int], Relay] = {}

    def __enter__(self) -> Self:
        """Make the namespaces, set them up, start what belongs to this kind of machine.

        Raises RuntimeError with the words of the command that failed.
        """
        with self._log("setup") as errors:
            self._holder = subprocess.Popen(
                [*UNSHARE, "sh", "-euc", self._setup + _READY, self.name, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=self._environment("root"),
                start_new_session=True,  # Ctrl-C is for whoever plays, who ends things in order
            )
        self.pid = self._holder.pid
        """A process on the host that is in all namespaces of this machine, its children's PID
        namespace included."""
        try:
            if not self._holder.stdout or self._holder.stdout.readline() != b"up\n":
                words = (self.folder / f"{self.name}-setup.log").read_text().strip()
                raise RuntimeError(f"{self.name} did not start: {words}")
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End what was started, last first, then the first process, and with it whatever is left
        inside.
        """
        while self._processes:
            self.end(self._processes.pop())
        while self._relays:
            self._relays.popitem()[1].close()
        try:
            self._holder.communicate(timeout=5)  # closes the lifeline
        except subprocess.TimeoutExpired:
            self._holder.kill()  # --kill-child takes the first process with it
            self._holder.communicate()

    def _start(self) -> None:
        """Start what a kind of machine has once its namespaces stand."""

    def popen(
        self,
        argv: Sequence[str | Path],
        *,
        user: str = "root",
        log: str | None = None,
        **options: Any,  # noqa: ANN401  # Popen's
    ) -> subprocess.Popen[Any]:
        """Start a process inside; its pid is the host's, and the machine ends it.

        With `log` its output goes to the file FOLDER/NAME-LOG.log. `options` are those of
        subprocess.Popen; its `env` is added to a clean environment, its `cwd` is a folder inside.
        """
        uid = PEOPLE[user]
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--net", "--ipc", "--uts"]
        enter += [f"--setuid={uid}", f"--setgid={uid}", "--"]
        if folder := options.pop("cwd", None):  # nsenter begins in the root
            enter += ["env", f"--chdir={folder}", "--"]
        options["env"] = self._environment(user) | options.get("env", {})
        options = {"stdin": subprocess.DEVNULL, "start_new_session": True} | options
        with self._log(log) if log else nullcontext() as output:
            if output:
                options |= {"stdout": output, "stderr": subprocess.STDOUT}
            # nsenter --pid would fork, and then we knew the wrong pid
            with inside(self.pid, "pid_for_children"):
                process = subprocess.Popen([*enter, *argv], **options)
        self._processes = [known for known in self._processes if known.poll() is None] + [process]
        return process

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        user: str = "root",
        check: bool = True,
        timeout: float = 30.0,
        text: str = "",
        **options: Any,  # noqa: ANN401  # Popen's
    ) -> str:
        """Run a command inside to its end and give its output, errors included; `text` is its
        standard input.

        Raises RuntimeError with that output when it fails and `check` is set,
        subprocess.TimeoutExpired after `timeout` seconds.
        """
        options |= {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
        }
        process = self.popen(argv, user=user, text=True, **options)
        try:
            output, _ = process.communicate(text, timeout=timeout)
        except subprocess.TimeoutExpired:
            self.end(process)
            raise
        if check and process.returncode:
            command = " ".join(map(str, argv))
            raise RuntimeError(
                f"{self.name}: {command} gave {process.returncode}: {output.strip()}"
            )
        return str(output)

    def succeeds(self, argv: Sequence[str | Path], *, user: str = "root") -> bool:
        """Say whether a command inside ends with 0."""
        process = self.popen(argv, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return process.wait(timeout=30) == 0

    def end(self, process: subprocess.Popen[Any]) -> None:
        """End one process: SIGTERM, and SIGKILL after 3 seconds."""
        process.terminate()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def write(self, path: str | Path, text: str) -> None:
        """Write a file inside, with its folders.

        Never through /proc/PID/root: an absolute link there leads to the host's file.
        """
        self.run(["sh", "-euc", 'mkdir -p "$(dirname "$0")"; cat > "$0"', path], text=text)

    def publish(self, address: str, port: int, target: tuple[str, int]) -> None:
        """Let a server on the host (`target`) answer at an address of this machine's network.

        It does until this machine ends or another is published there.
        """
        if earlier := self._relays.pop((address, port), None):
            earlier.close()
        self._relays[address, port] = Relay(self.pid, (address, port), target)

    def _log(self, name: str) -> IO[str]:
        return (self.folder / f"{self.name}-{name}.log").open("a")

    def _environment(self, user: str) -> dict[str, str]:
        """Give a clean one: what the host's says about certificates or proxies is not true
        inside.
        """
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root" if user == "root" else f"/run/home/{user}",
            "USER": user,
            "LOGNAME": user,
            "LANG": "C.UTF-8",
            MARK: str(self.folder),
        }


def obstacle() -> str | None:
    """Say in a sentence why no machine can be made here; None where one can."""
    if os.geteuid():
        return "only root may make the namespaces of a machine"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Machine("probe", Path(folder), ROOT, *sights([Path(folder)], [])) as machine:
                machine.run(["true"])
        except (OSError, RuntimeError) as error:
            return str(error)
    return None
