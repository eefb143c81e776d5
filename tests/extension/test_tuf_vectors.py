"""The vectors of the extension's TUF client say what python-tuf says, not what we think."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.ngclient import FetcherInterface, Updater

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS = sorted((Path(__file__).parent.parent / "vectors" / "tuf").glob("*.json"))
LIST = "list/blocklist.json.gz"
CODES = (
    (ExpiredMetadataError, "expired"),
    (UnsignedMetadataError, "unsigned"),
    (BadVersionNumberError, "rollback"),
    (LengthOrHashMismatchError, "mismatch"),
    (RepositoryError, "format or missing"),
    (DownloadError, "unreachable"),
)


class Published(FetcherInterface):
    """Serves what is published at this step."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def publish(self, files: dict[str, str | None]) -> None:
        """Add, replace and (None) take away."""
        for name, text in files.items():
            if text is None:
                del self.files[name]
            else:
                self.files[name] = text

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.removeprefix("https://repository.example/")
        if name not in self.files:
            raise DownloadHTTPError(f"{name} is not there", 404)
        return iter([self.files[name].encode()])


def refresh(published: Published, folder: Path, root: str) -> tuple[str, str | None]:
    base = "https://repository.example/"
    try:
        updater = Updater(
            str(folder), base, str(folder), base + "targets/", published, bootstrap=root.encode()
        )
        updater.refresh()
        target = updater.get_targetinfo(LIST)
        if target is None:
            return "ok", None
        return "ok", Path(updater.download_target(target)).read_text(encoding="utf-8")
    except (RepositoryError, DownloadError) as error:
        return next(code for kind, code in CODES if isinstance(error, kind)), None


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_python_tuf_agrees(path: Path, tmp_path: Path) -> None:
    vector: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    published = Published()
    for step in vector["steps"]:
        published.publish(step["files"])
        if step.get("clock"):
            continue  # python-tuf reads the real clock
        got = refresh(published, tmp_path, vector["root"])
        if vector.get("stricter") and step["want"] != "ok":
            assert got[0] == "ok"
        else:
            assert step["want"] in got[0]
            assert got[1] == step["target"]
