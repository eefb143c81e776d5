"""The repository as plain files: verified by python-tuf itself, cached as their names allow."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tuf.ngclient import Updater

from blocklists.blocklist import unpack
from server.publishing.files import LIST_PATH, OFFICERS_PATH, ORGANISATION_PATH
from tests.simulators.endpoint import ask
from tests.simulators.running import RunningTrial


def updater(trial: RunningTrial, folder: Path) -> Updater:
    """A client of python-tuf that starts from root 1, checked against the pin."""
    root = ask(trial.url, "GET", "/repository/1.root.json").body
    assert trial.parts.publication.pin == f"1:{hashlib.sha256(root).hexdigest()}"
    folder.mkdir(exist_ok=True)
    base = f"{trial.url}/repository/"
    return Updater(str(folder), base, str(folder), f"{base}targets/", bootstrap=root)


def download(client: Updater, path: str) -> bytes:
    target = client.get_targetinfo(path)
    assert target is not None, path
    return Path(client.download_target(target)).read_bytes()


def test_python_tuf_verifies_every_target(trial: RunningTrial, tmp_path: Path) -> None:
    client = updater(trial, tmp_path / "tuf")
    client.refresh()
    assert unpack(download(client, LIST_PATH)).trial
    assert b'"trial": true' in download(client, ORGANISATION_PATH)
    assert download(client, OFFICERS_PATH) == b'{"recipients": []}\n'


def test_python_tuf_follows_a_new_list_and_renewed_signatures(
    trial: RunningTrial, tmp_path: Path
) -> None:
    client = updater(trial, tmp_path / "tuf")
    client.refresh()
    before = unpack(download(client, LIST_PATH)).version
    trial.apply("organisation: {name: G, time_zone: UTC}\n", may_shrink=True)
    after = updater(trial, tmp_path / "tuf")
    after.refresh()
    assert unpack(download(after, LIST_PATH)).version > before


def test_names_that_never_change_are_kept_and_timestamp_is_asked_again(trial: RunningTrial) -> None:
    for name in trial.parts.publication.served:
        headers = ask(trial.url, "GET", f"/repository/{name}").headers
        kept = headers["cache-control"]
        assert ("no-cache" if name == "timestamp.json" else "immutable") in kept
        again = ask(
            trial.url, "GET", f"/repository/{name}", None, {"If-None-Match": headers["etag"]}
        )
        assert (again.status, again.body) == (304, b"")


def test_what_an_endpoint_began_to_fetch_is_there_after_the_next_publication(
    trial: RunningTrial,
) -> None:
    before = set(trial.parts.publication.served)
    trial.apply("organisation: {name: G, time_zone: UTC}\n", may_shrink=True)
    for name in before:
        assert ask(trial.url, "GET", f"/repository/{name}").status == 200, name


def test_a_root_that_is_not_there_is_404(trial: RunningTrial) -> None:
    assert ask(trial.url, "GET", "/repository/2.root.json").status == 404
    assert ask(trial.url, "GET", "/repository/../keys/root.pem").status == 404
    assert ask(trial.url, "GET", "/repository/%2e%2e/keys/root.pem").status == 404
