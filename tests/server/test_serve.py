"""`sluis serve` as a process: nothing to configure, second starts, faults in one line, kill -9."""

from __future__ import annotations

import random
import shutil
import socket
import sqlite3
import ssl
import stat
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.endpoint import Endpoint, ask, attempt, report
from tests.simulators.organisation import Organisation

COULD_NOT = 3


def refused(organisation: Organisation, *instead: str) -> str:
    """What a server that cannot start says, in its one line."""
    command = [*organisation.command, *instead]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (COULD_NOT, "")
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def test_the_first_start_needs_nothing_and_says_that_it_is_a_trial(tmp_path: Path) -> None:
    with Organisation(tmp_path / "data") as organisation:
        said = "\n".join(organisation.said)
        assert "TRIAL" in said
        assert "five devices" in said
        assert "unsuppressed" in said
        assert organisation.url in said
        assert organisation.pin in said
        assert ask(organisation.url, "GET", "/health/ready").status == 200


def test_everything_secret_is_the_servers_alone(tmp_path: Path) -> None:
    with Organisation(tmp_path / "data") as organisation:
        folder = organisation.folder
        for path in (folder, folder / "keys", folder / "tls"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
        for path in [*(folder / "keys").iterdir(), *folder.glob("*.*"), folder / "tls/server.key"]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert {path.stem for path in (folder / "keys").iterdir()} == {
            *("root", "targets", "list", "officers", "snapshot", "timestamp"),
            *("statement", "extension"),
        }


def test_the_second_start_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "data").start()
    first, keys = organisation.trial(), keys_of(organisation)
    endpoint = Endpoint(organisation.url)
    assert endpoint.enrol(organisation.token()).status == 201
    organisation.stop()
    with organisation:
        again = organisation.trial()
        same = ("pin", "extension_id", "server", "ca")
        assert {name: again[name] for name in same} == {name: first[name] for name in same}
        assert keys_of(organisation) == keys
        endpoint.url = organisation.url
        assert endpoint.check_in().status == 200


def keys_of(organisation: Organisation) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (organisation.folder / "keys").iterdir()}


def test_it_ends_at_a_signal_with_code_0_and_a_poll_does_not_hold_it(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "data").start()
    endpoint = Endpoint(organisation.url)
    endpoint.enrol(organisation.token())
    first = endpoint.wait()
    assert first.status == 200
    statuses: list[int] = []
    timestamp = ask(organisation.url, "GET", "/repository/timestamp.json").json
    version = timestamp["signed"]["version"]
    has = list_hash(organisation)
    poll = threading.Thread(
        target=lambda: statuses.append(endpoint.wait(1, version, has).status), daemon=True
    )
    poll.start()
    time.sleep(0.5)
    process, started = organisation.process, time.monotonic()
    organisation.stop()
    poll.join(5)
    assert statuses == [204]
    assert time.monotonic() - started < 20  # the poll alone would have held it for 55 s
    assert process is not None
    assert process.returncode == 0


def list_hash(organisation: Organisation) -> str:
    url = organisation.url
    snapshot = ask(url, "GET", "/repository/timestamp.json").json["signed"]["meta"]["snapshot.json"]
    roles = ask(url, "GET", f"/repository/{snapshot['version']}.snapshot.json").json["signed"]
    number = roles["meta"]["list.json"]["version"]
    signed = ask(url, "GET", f"/repository/{number}.list.json").json["signed"]
    return str(signed["targets"]["list/blocklist.json.gz"]["hashes"]["sha256"])


def test_tls_holds_for_the_name_and_its_authority_for_nothing_else(tmp_path: Path) -> None:
    with Organisation(tmp_path / "data") as organisation:
        context = ssl.create_default_context(cafile=str(organisation.authority))
        address = ("127.0.0.1", organisation.tls_port)
        with (
            socket.create_connection(address, timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="sluis.example") as encrypted,
        ):
            path = b"/extension/chromium/update.xml"
            encrypted.sendall(b"GET %b HTTP/1.1\r\nHost: sluis.example\r\n\r\n" % path)
            answer = encrypted.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"https://sluis.example/extension/chromium/sluis.crx" in answer
        assert b"Strict-Transport-Security" in answer
        with (
            socket.create_connection(address, timeout=10) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            context.wrap_socket(plain, server_hostname="other.example")


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        organisation = Organisation(tmp_path / "data")
        assert f"port {port} of 127.0.0.1 is taken" in refused(organisation, "--port", port)
        assert f"port {port} of 127.0.0.1 is taken" in refused(organisation, "--tls-port", port)
    with organisation:  # nothing was left half-done
        assert ask(organisation.url, "GET", "/health/ready").status == 200


def test_a_folder_that_another_server_uses(tmp_path: Path) -> None:
    with Organisation(tmp_path / "data") as first:
        line = refused(Organisation(first.folder))
        assert "in use by another server" in line
        assert first.process is not None
        assert str(first.process.pid) in line
        assert ask(first.url, "GET", "/health/ready").status == 200


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert "cannot be used" in refused(Organisation(tmp_path / "file"))
    assert "cannot be used" in refused(Organisation(Path("/proc/sluis")))


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    assert "control.sock" in refused(Organisation(tmp_path / ("long" * 30)))


def test_keys_that_are_gone_or_open_to_others(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "data").start()
    organisation.stop()
    root = organisation.folder / "keys" / "root.pem"
    root.chmod(0o644)
    assert "chmod 600" in refused(organisation)
    root.chmod(0o600)
    shutil.move(root, tmp_path)
    assert "this key is gone" in refused(organisation)
    assert not root.exists(), "a key must never be made anew under a repository"
    root.write_text("no key")
    root.chmod(0o600)
    assert "cannot be read as a private key" in refused(organisation)


def test_a_start_that_was_cut_off_begins_anew_with_the_same_keys(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "data")
    process = subprocess.Popen(
        organisation.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    keys = organisation.folder / "keys"
    deadline = time.monotonic() + 20
    while not (keys / "root.pem").exists() and time.monotonic() < deadline:
        time.sleep(0.001)
    process.kill()
    process.wait()
    made = {path.name: path.read_bytes() for path in keys.glob("*.pem")}
    with organisation:
        assert made.items() <= keys_of(organisation).items()
        assert ask(organisation.url, "GET", "/health/ready").status == 200


def test_nothing_that_somebody_visited_is_in_the_log(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "data").start()
    endpoint = Endpoint(organisation.url)
    token = organisation.token()
    endpoint.enrol(token)
    ticket = endpoint.tickets()[0]
    entries = [attempt(datetime.now(UTC)), attempt(datetime.now(UTC), host="x/y")]
    assert report(organisation.url, ticket, entries).status == 200
    ask(organisation.url, "POST", "/v1/reports", b"\xff", {"Authorization": f"Ticket {ticket}"})
    with socket.create_connection(("127.0.0.1", int(organisation.url[17:])), timeout=5) as odd:
        odd.sendall(b"GET /chatgpt.com HTTP/9.9\r\n\x00: chatgpt.com\r\n\r\n")
        odd.recv(4096)
    log = organisation.stop()
    for secret in ("chatgpt", token, ticket, "127.0.0.1", endpoint.device):
        assert secret not in log


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert killed(tmp_path, times=5) > 0


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert killed(tmp_path, times=100) > 0


def killed(tmp_path: Path, times: int) -> int:
    """Kill the server at random moments while reports come in; every entry is sent until it is
    acknowledged, as endpoints do. Gives how many were.
    """
    organisation = Organisation(tmp_path / "data").start()
    endpoint = Endpoint(organisation.url)
    assert endpoint.enrol(organisation.token()).status == 201
    outbox: list[dict[str, Any]] = []
    acknowledged: set[str] = set()
    dice = random.Random(7)
    for _ in range(times):
        moment = threading.Timer(dice.uniform(0.1, 0.6), organisation.kill)
        moment.start()
        send_until_it_dies(endpoint, outbox, acknowledged)
        moment.join()
        organisation.start()
        endpoint.url = organisation.url
    for ticket in endpoint.tickets():
        send(endpoint, ticket, outbox, acknowledged)
    organisation.stop()
    assert outbox == []
    with sqlite3.connect(organisation.folder / "sluis.db") as connection:
        kept = {bytes(row[0]).hex() for row in connection.execute("SELECT id FROM violations")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kept == {one.replace("-", "") for one in acknowledged}
    return len(acknowledged)


def send_until_it_dies(
    endpoint: Endpoint, outbox: list[dict[str, Any]], acknowledged: set[str]
) -> None:
    try:
        while True:
            for ticket in endpoint.tickets():
                outbox.extend(attempt(datetime.now(UTC)) for _ in range(5))
                send(endpoint, ticket, outbox, acknowledged)
    except (OSError, AssertionError):
        return


def send(
    endpoint: Endpoint, ticket: str, outbox: list[dict[str, Any]], acknowledged: set[str]
) -> None:
    """One report of everything that is not acknowledged yet."""
    batch = list(outbox)
    answer = report(endpoint.url, ticket, batch)
    assert answer.status == 200, answer.body
    assert {one["outcome"] for one in answer.json["results"]} <= {"accepted", "skipped"}
    acknowledged.update(one["id"] for one in batch)
    del outbox[: len(batch)]
