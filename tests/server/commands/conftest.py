"""What tests of commands share: the command line in this process, with a cache of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server.cli import main

Sluis = Callable[..., tuple[int, str, str]]
"""Runs a command and gives exit code, standard output and standard error."""


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the catalogue's copy out of the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CACHE_DIRECTORY", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture
def sluis(capsys: pytest.CaptureFixture[str]) -> Sluis:
    """Run a command of `sluis` here."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as ended:  # argparse
            code = int(str(ended.code))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
