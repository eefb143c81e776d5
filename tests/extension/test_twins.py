"""What the extension repeats of the ground says what the ground says."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from blocklists.hosts import Address, BadHost, parse_host
from blocklists.protocol.messages import Violation, hour_of, read_batch
from blocklists.protocol.settings import BadSetting, check_setting, managed_schema
from blocklists.protocol.signatures import BadSignature, PublicKey, RequestParts, decode_key, verify
from blocklists.texts import write_locales

HERE = Path(__file__).parent
EXTENSION = HERE.parent.parent / "extension"
NOW = datetime(2026, 11, 25, 12, 34, 56, tzinfo=UTC)


def twin(name: str, given_: object) -> Any:  # noqa: ANN401 - JSON
    """What the extension's twin makes of this."""
    node = shutil.which("node")
    assert node, "node is missing; `make setup` installs it"
    done = subprocess.run(
        [node, HERE / "twins.js", name],
        input=json.dumps(given_),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("body", ["", '{"list":{"version":7}}', "é"])
def test_a_signed_request_verifies(body: str) -> None:
    parts = {"method": "POST", "authority": "sluis.example", "path": "/v1/x", "query": "a=1&b="}
    said = twin(
        "signatures",
        parts | {"body": body, "created": NOW.timestamp() * 1000, "nonce": "n" * 24},
    )
    key = PublicKey("ecdsa-p256-sha256", decode_key(said["key"]))
    request = RequestParts(**parts, body=body.encode())
    claimed = verify(request, said["headers"], key, NOW)
    assert (claimed.keyid, claimed.nonce) == (key.keyid, "n" * 24)
    other = RequestParts(**parts, body=body.encode() + b" ")
    with pytest.raises(BadSignature):
        verify(other, said["headers"], key, NOW)


def test_a_violation_is_taken_whole() -> None:
    times = [NOW, NOW.replace(minute=0, second=0), NOW - timedelta(days=34)]
    sent = twin("violations", [time.isoformat() for time in times])
    read = read_batch(json.dumps({"violations": sent}).encode(), NOW)
    for time, violation, wire in zip(times, read, sent, strict=True):
        assert isinstance(violation, Violation), violation
        assert violation.to_wire() == wire
        assert hour_of(violation.id) == time.replace(minute=0, second=0, microsecond=0)
        assert violation.when == time.replace(second=0, microsecond=0)
        assert not violation.clock_off


SETTINGS: dict[str, list[object]] = {
    "server": [
        *("https://sluis.example", "https://SLUIS.example:8743/", "http://127.0.0.1:8700"),
        *("http://localhost:8700", "http://sluis.example", "sluis.example", "https://", ""),
        *("https://sluis.example/path", "https://sluis.example?x=1", "https://u@sluis.example", 7),
    ],
    "pin": [f"1:{'a' * 64}", f"12:{'0' * 64}", f"0:{'a' * 64}", f"1:{'A' * 64}", "1:", "x", None],
    "language": ["nl", "en", " en ", "fr", "NL", True],
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_are_read_alike(name: str) -> None:
    said = twin("settings", [{name: value} for value in SETTINGS[name]])
    for value, kept in zip(SETTINGS[name], said, strict=True):
        try:
            expected = {"values": {name: check_setting(name, value)}, "problems": []}
        except BadSetting:
            expected = {"values": {}, "problems": [name]}
        assert kept == expected, value


def ground(text: str) -> str:
    try:
        host = parse_host(text)
    except BadHost:
        return "bad"
    return "address" if isinstance(host, Address) else host


def test_hosts_are_read_alike() -> None:
    dice = random.Random(20261125)
    letters = "abcXYZ012-_.．。é日ßﬁⅣ·\u0301\u00ad\u200b\u200dС:/@ %[]"
    texts = ["".join(dice.choices(letters, k=dice.randint(0, 14))) for _ in range(5000)]
    said = twin("hosts", texts)
    assert [one for one in zip(texts, said, strict=True) if one[1] != ground(one[0])] == []


def test_the_managed_schema_is_made_from_the_table() -> None:
    assert (EXTENSION / "managed_schema.json").read_text("utf-8") == managed_schema()


def test_the_locales_are_made_from_the_texts(tmp_path: Path) -> None:
    write_locales(tmp_path)
    for language in ("nl", "en"):
        made = (tmp_path / language / "messages.json").read_bytes()
        assert (EXTENSION / "_locales" / language / "messages.json").read_bytes() == made
