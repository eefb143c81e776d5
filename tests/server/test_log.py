"""The log says what broke and where, and never what somebody sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from blocklists.hosts import BadHost, parse_host
from server.log import log_to_stderr


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    before = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = before
    structlog.reset_defaults()


def test_an_error_is_told_by_kind_and_place_and_not_by_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr()
    try:
        try:
            parse_host("where-jan-went..example")
        except BadHost as error:
            raise ValueError("where-jan-went") from error
    except ValueError:
        structlog.get_logger().exception("request failed")
    [line] = capsys.readouterr().err.splitlines()
    assert 'event="request failed"' in line
    assert "ValueError test_log.py:" in line
    assert "hosts.py:" in line
    assert "where-jan-went" not in line


def test_of_a_library_no_more_is_told_than_that_it_speaks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr()
    logging.getLogger("aiohttp.server").warning("bad request from 192.0.2.7: GET /secret")
    [line] = capsys.readouterr().err.splitlines()
    assert "library=aiohttp.server" in line
    assert "192.0.2.7" not in line
    assert "secret" not in line
