"""The TUF client and how fresh the list is; the only file of the agent that names tuf.

Rules kept here:
 * The pin decides whom we trust: the root's bytes must have the pinned SHA-256, wherever they come
   from, and all metadata lie in a folder named by the pin.
 * A bundle is transport only: each file of it is verified as if it had been fetched alone, and a
   file that it lacks is fetched.
 * What fails to verify changes nothing: the caller keeps the list in force and is told a state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater as TufUpdater

from agent import durable
from agent.answers import Bundle, NotRefreshed, Refreshed
from agent.in_force import (
    LIST_TARGET,
    ORGANISATION_TARGET,
    InForce,
    ListState,
    VerifiedFiles,
)
from blocklists.blocklist import BadBlocklist

Fetch = Callable[[str], bytes]
"""Gives a published file by its name under /repository/. Raises Missing or NotReached."""


class Missing(Exception):
    """The repository has no such file."""


class NotReached(Exception):
    """The file could not be had now; the message says why."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        """`retry_after` is in seconds, where the server asked for it."""
        super().__init__(why)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Pin:
    """The root that IT trusts: its version and the SHA-256 of its bytes."""

    version: int
    sha256: str

    @classmethod
    def parse(cls, text: str) -> Pin:
        """Read `N:<sha256>`, as the settings table has checked it."""
        version, _, sha256 = text.partition(":")
        return cls(int(version), sha256)

    @property
    def root_name(self) -> str:
        """The published name of the pinned root."""
        return f"{self.version}.root.json"

    @property
    def folder_name(self) -> str:
        """The folder of all metadata that were verified from this root."""
        return f"{self.version}-{self.sha256}"


@dataclass(frozen=True)
class Have:
    """The versions that the long poll is told, so that it sends what is newer; 0 is none."""

    root: int
    timestamp: int


class Updater:
    """Refreshes from one repository under one pin. One at a time in a folder; blocking."""

    def __init__(self, folder: Path, pin: Pin) -> None:
        """`folder` is where metadata lie; the pin's own folder is made in it."""
        self._folder = folder / pin.folder_name
        self._pin = pin

    def have(self) -> Have:
        """What is stored and trusted now."""
        return Have(_version(self._folder / "root.json"), _version(self._folder / "timestamp.json"))

    def refresh(
        self,
        fetch: Fetch,
        at: datetime,
        current: InForce | None,
        bundle: Bundle | None = None,
    ) -> Refreshed | NotRefreshed:
        """Verify what is published against what is trusted, as the TUF client workflow says.

        `at` is the clock's time, against which ends are compared. The time of the list in force
        would not do: one list from far ahead, signed by a server that was taken, would let
        everything that is ever published after it count as expired.
        """
        return self._verify(_Fetcher(fetch, bundle), at, current)

    def first(self, fetch: Fetch) -> Refreshed | NotRefreshed:
        """Verify the files that were laid beside the configuration.

        Like any answer, save that their end is tolerated: they may have lain there for months.
        """
        return self._verify(_Fetcher(fetch, None), _BEFORE_ALL_ENDS, None)

    def _verify(
        self, fetcher: _Fetcher, at: datetime, current: InForce | None
    ) -> Refreshed | NotRefreshed:
        try:
            return self._refreshed(fetcher, at, current)
        except ExpiredMetadataError as error:
            return NotRefreshed(ListState.FROZEN, f"what is published has expired: {error}")
        except (RepositoryError, DownloadLengthMismatchError) as error:
            return NotRefreshed(ListState.REFUSED, f"what is published was refused: {error}")
        except BadBlocklist as error:
            return NotRefreshed(
                ListState.REFUSED, f"the list is signed and cannot be used: {error}"
            )
        except DownloadError as error:
            asked = getattr(error.__cause__, "retry_after", None)
            return NotRefreshed(ListState.STALE, f"the repository cannot be read: {error}", asked)
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            aside = durable.set_aside(self._folder)
            why = f"the stored metadata were damaged ({error}): they now lie in {aside}"
            return NotRefreshed(ListState.STALE, f"{why}, and are fetched again")
        except OSError as error:
            return NotRefreshed(ListState.STALE, f"the metadata cannot be stored: {error}")

    def _refreshed(self, fetcher: _Fetcher, at: datetime, current: InForce | None) -> Refreshed:
        client = self._client(fetcher, at)
        client.refresh()
        files = VerifiedFiles(_target(client, LIST_TARGET), _target(client, ORGANISATION_TARGET))
        same = current is not None and current.files == files
        return Refreshed(current if same and current else InForce.read(files), _first_end(client))

    def _client(self, fetcher: _Fetcher, at: datetime) -> TufUpdater:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        client = TufUpdater(
            str(self._folder),
            metadata_base_url="/",
            target_dir=str(self._folder / "targets"),
            target_base_url="/targets/",
            fetcher=fetcher,
            bootstrap=self._pinned_root(fetcher),
        )
        # python-tuf has no public way to give the time; the tests of expiry hold us to it
        client._trusted_set.reference_time = at  # noqa: SLF001
        return client

    def _pinned_root(self, fetcher: _Fetcher) -> bytes:
        """The pinned root's bytes, from the folder or as published. Raises _WrongPin."""
        stored = self._folder / "root_history" / self._pin.root_name
        if stored.is_file() and _sha256(data := stored.read_bytes()) == self._pin.sha256:
            return data
        data = fetcher.download_bytes(self._pin.root_name, _MAX_ROOT)
        if (found := _sha256(data)) != self._pin.sha256:
            raise _WrongPin(
                f"{self._pin.root_name} is not the pinned root: its SHA-256 is {found}, and `pin` "
                f"says {self._pin.sha256}. Either the setting is wrong, or somebody else answers"
            )
        return data


_BEFORE_ALL_ENDS = datetime.min.replace(tzinfo=UTC)
_MAX_ROOT = 512_000
"""As python-tuf's own limit."""


class _WrongPin(RepositoryError):
    """The root is not the pinned one."""


class _Fetcher(FetcherInterface):
    """Serves what the bundle holds, and fetches the rest."""

    def __init__(self, fetch: Fetch, bundle: Bundle | None) -> None:
        self._fetch_one = fetch
        self._files = dict(bundle.files) if bundle else {}
        # the poll was asked for every root after this one, so a further one is not there
        self._no_root_after = bundle and max(
            [bundle.asked_root, *(_root_version(name) for name in bundle.files)]
        )

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = unquote(url.removeprefix("/"))
        if name in self._files:
            return iter([self._files[name]])
        if self._no_root_after and _root_version(name) > self._no_root_after:
            raise DownloadHTTPError(f"{name}: not in the bundle", 404)
        try:
            return iter([self._fetch_one(name)])
        except Missing as error:
            raise DownloadHTTPError(f"{name}: {error}", 404) from error
        except NotReached as error:
            raise DownloadError(str(error)) from error


def _target(client: TufUpdater, path: str) -> bytes:
    """A target's bytes: those in the folder if they are still the signed ones, else downloaded."""
    info = client.get_targetinfo(path)
    if info is None:
        raise RepositoryError(f"no role signs a target {path}")
    return Path(client.find_cached_target(info) or client.download_target(info)).read_bytes()


def _first_end(client: TufUpdater) -> datetime:
    trusted = client._trusted_set  # noqa: SLF001
    return min(trusted[role].expires for role in trusted._trusted_set)  # noqa: SLF001


def _version(path: Path) -> int:
    """The version in a stored file of metadata; 0 where it is absent or damaged."""
    try:
        version = json.loads(path.read_bytes())["signed"]["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return version if type(version) is int and version > 0 else 0


def _root_version(name: str) -> int:
    """N of N.root.json; 0 for any other file."""
    number, _, rest = name.partition(".")
    return int(number) if rest == "root.json" and number.isdecimal() else 0


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
