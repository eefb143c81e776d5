"""The device's door: enrolment, check-ins, statements and the long poll, over the wire."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from blocklists.protocol.bundle import unpack
from blocklists.protocol.signatures import (
    PublicKey,
    RequestParts,
    content_digest,
    decode_key,
    encode_key,
    sign,
)
from blocklists.protocol.statements import SignedStatement, verify_statement
from server.devices.enrolment import PROFILES_A_DAY
from tests.simulators.endpoint import Answer, Endpoint, ask
from tests.simulators.running import RunningTrial

ROOM = 5
"""Devices in a trial."""


def test_a_wrong_token_a_used_one_and_one_that_ended_are_refused(trial: RunningTrial) -> None:
    endpoint = Endpoint(trial.url)
    assert endpoint.enrol("not-a-token").code == "token"
    once, old = trial.token(), trial.token(days=1)
    assert endpoint.enrol(once).status == 201
    assert Endpoint(trial.url).enrol(once).code == "token"
    trial.clock.forward(timedelta(days=2))
    assert Endpoint(trial.url, clock=trial.clock).enrol(old).code == "token"


def test_what_was_signed_for_another_server_is_refused_here(trial: RunningTrial) -> None:
    endpoint, path = trial.endpoint(), "/v1/device/statement"
    for host, status in (("evil.example", 401), ("", 401), ("Sluis.example:8743", 200)):
        parts, nonce = RequestParts("GET", host, path, ""), secrets.token_urlsafe(16)
        signed = sign(parts, endpoint.key, created=trial.clock(), nonce=nonce)
        answer = ask(trial.url, "GET", path, b"", signed | {"Host": host})
        assert answer.status == status, (host, answer.body)


def test_a_token_enrols_only_its_kind_and_only_so_often(trial: RunningTrial) -> None:
    token = trial.token("profile", uses=2)
    assert Endpoint(trial.url, "agent").enrol(token).code == "token"
    answers = [Endpoint(trial.url, "profile").enrol(token).status for _ in range(3)]
    assert answers == [201, 201, 401]


def test_an_enrolment_is_answered_once_and_a_stranger_leaves_nothing(trial: RunningTrial) -> None:
    endpoint, path = Endpoint(trial.url), "/v1/device/enrolments"
    key = {"alg": "ed25519", "public": encode_key(endpoint.key.public.raw)}
    for token, codes in (("none", ["token", "token"]), (trial.token(), [None, "replay"])):
        body, headers = endpoint.signed("POST", path, {"token": token, "kind": "agent", "key": key})
        answers = [ask(trial.url, "POST", path, body, headers) for _ in range(2)]
        assert [answer.json.get("code") for answer in answers] == codes
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        assert connection.execute("SELECT count(*) FROM nonces").fetchone() == (1,)


def test_the_token_is_nowhere_on_disk(trial: RunningTrial) -> None:
    token = trial.token()
    files = [path for path in trial.settings.data.rglob("*") if path.is_file()]
    assert not any(token.encode() in path.read_bytes() for path in files)


def test_a_trial_has_room_for_five_devices_and_profiles_are_none(trial: RunningTrial) -> None:
    token, profiles = trial.token(uses=10), trial.token("profile", uses=10)
    answers = [Endpoint(trial.url).enrol(token) for _ in range(ROOM + 1)]
    assert [answer.status for answer in answers] == [201] * ROOM + [403]
    assert answers[-1].code == "trial-full"
    assert Endpoint(trial.url, "profile").enrol(profiles).status == 201


def test_so_many_profiles_enrol_on_a_day_and_more_tomorrow(trial: RunningTrial) -> None:
    token = trial.token("profile", uses=1000, days=3)
    for _ in range(PROFILES_A_DAY):
        assert Endpoint(trial.url, "profile", trial.clock).enrol(token).status == 201
    answer = Endpoint(trial.url, "profile", trial.clock).enrol(token)
    assert (answer.status, answer.code) == (429, "too-many-profiles")
    trial.clock.forward(timedelta(seconds=int(answer.headers["retry-after"]) + 1))
    assert Endpoint(trial.url, "profile", trial.clock).enrol(token).status == 201


def test_an_answer_that_got_lost_costs_no_second_token(trial: RunningTrial) -> None:
    endpoint, token = Endpoint(trial.url), trial.token()
    first, again = endpoint.enrol(token), endpoint.enrol(token)
    assert again.status == 201
    assert again.json["device"] == first.json["device"]


def test_a_key_that_did_not_sign_does_not_enrol(trial: RunningTrial) -> None:
    mine, other = Endpoint(trial.url), Endpoint(trial.url)
    key = {"alg": "ed25519", "public": encode_key(other.key.public.raw)}
    form = {"token": trial.token(), "kind": "agent", "key": key}
    assert mine.send("POST", "/v1/device/enrolments", form).code == "signature"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"name": "a\nb"}, "name"),
        ({"token": 1}, "token"),
        ({"key": {"alg": "ed25519", "public": "AAAA"}}, "key.public"),
        ({"key": {"alg": "rsa", "public": ""}}, "key.alg"),
    ],
)
def test_a_wrong_field_is_named(trial: RunningTrial, change: dict[str, object], field: str) -> None:
    endpoint = Endpoint(trial.url)
    key = {"alg": "ed25519", "public": encode_key(endpoint.key.public.raw)}
    form = {"token": "x", "kind": "agent", "key": key, **change}
    answer = endpoint.send("POST", "/v1/device/enrolments", form)
    assert (answer.status, answer.code) == (400, "form")
    assert answer.json["detail"].startswith(f"{field}: ")


def test_a_browser_enrols_with_a_p256_key(trial: RunningTrial) -> None:
    private = generate_private_key(SECP256R1())
    raw = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = {"alg": "ecdsa-p256-sha256", "public": encode_key(raw)}
    body = json.dumps({"token": trial.token("profile"), "kind": "profile", "key": key}).encode()
    parts = RequestParts("POST", urlsplit(trial.url).netloc, "/v1/device/enrolments", "", body)
    components = '("@method" "@authority" "@path" "@query" "content-digest")'
    keyid = PublicKey("ecdsa-p256-sha256", raw).keyid
    parameters = (
        f'{components};created={int(time.time())};keyid="{keyid}"'
        f';alg="ecdsa-p256-sha256";nonce="{secrets.token_urlsafe(16)}";tag="sluis"'
    )
    r, s = decode_dss_signature(private.sign(parts.base(parameters), ECDSA(SHA256())))
    signature = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    headers = {
        "Content-Digest": content_digest(body),
        "Signature-Input": f"sluis={parameters}",
        "Signature": f"sluis=:{signature}:",
    }
    assert ask(trial.url, "POST", "/v1/device/enrolments", body, headers).status == 201


def test_a_check_in_gives_tickets_up_to_five_in_hand(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    assert len(endpoint.check_in().json["tickets"]) == 5
    assert len(endpoint.check_in(tickets=3).json["tickets"]) == 2
    assert endpoint.check_in(tickets=5).json["tickets"] == []


def test_no_ticket_and_no_device_meet_in_the_database(trial: RunningTrial) -> None:
    tickets = trial.endpoint().tickets()
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        rows = list(connection.execute('SELECT hash, day, "group" FROM tickets'))
    assert len(rows) == len(tickets)
    assert {row[1:] for row in rows} == {(trial.clock().date().isoformat(), "all")}
    assert not any(bytes.fromhex(ticket) in row[0] for row in rows for ticket in tickets)


def test_a_day_has_only_so_many_tickets(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        connection.execute("UPDATE endpoints SET tickets_given = 1498")
    assert [len(endpoint.tickets()) for _ in range(2)] == [2, 0]
    trial.clock.forward(timedelta(days=1))
    assert len(endpoint.tickets()) == 5


def test_a_copied_disk_shows_by_its_lower_epoch(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    assert endpoint.check_in(epoch=3).status == 200
    assert endpoint.check_in(epoch=3).status == 200
    lower = endpoint.check_in(epoch=2)
    assert (lower.status, lower.code) == (401, "epoch")
    assert endpoint.check_in(epoch=None).code == "form"


def test_a_profile_counts_no_starts(trial: RunningTrial) -> None:
    assert trial.endpoint("profile").check_in(epoch=None).status == 200


def test_the_inventory_keeps_the_day_and_what_was_said(trial: RunningTrial) -> None:
    trial.endpoint().check_in(list={"version": 7, "state": "stale"})
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        query = "SELECT last_seen, list_version, list_state, channels, name FROM endpoints"
        (row,) = connection.execute(query)
    assert row[:3] == (trial.clock().date().isoformat(), 7, "stale")
    assert json.loads(row[3]) == {"dns": {"state": "in-force", "code": ""}}
    assert row[4] == "pc-1"


def test_the_same_request_is_answered_once_also_after_a_restart(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    body, headers = endpoint.signed("GET", "/v1/device/statement")
    assert ask(trial.url, "GET", "/v1/device/statement", body, headers).status == 200
    assert ask(trial.url, "GET", "/v1/device/statement", body, headers).code == "replay"
    with sqlite3.connect(trial.settings.data / "sluis.db") as connection:
        assert connection.execute("SELECT count(*) FROM nonces").fetchone()[0] > 0


def test_a_clock_that_is_off_hears_the_servers_time(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    endpoint.clock = lambda: datetime.now(UTC) - timedelta(minutes=6)
    answer = endpoint.check_in()
    assert (answer.status, answer.code) == (401, "clock")
    told = datetime.fromisoformat(answer.json["now"])
    assert abs(told - datetime.now(UTC)) < timedelta(seconds=5)
    endpoint.clock = lambda: datetime.now(UTC) - timedelta(minutes=4)
    assert endpoint.check_in().status == 200


def test_an_unknown_key_and_a_changed_body_are_refused(trial: RunningTrial) -> None:
    assert Endpoint(trial.url).check_in().code == "unknown-device"
    endpoint = trial.endpoint()
    _, headers = endpoint.signed("POST", "/v1/device/check-ins", {"list": {"state": "fresh"}})
    changed = json.dumps({"list": {"state": "stale"}}).encode()
    assert ask(trial.url, "POST", "/v1/device/check-ins", changed, headers).code == "signature"


def test_the_statement_is_signed_by_the_key_that_targets_names(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    answer = endpoint.send("GET", "/v1/device/statement")
    signed = msgspec.json.decode(answer.body, type=SignedStatement)
    (named,) = trial.organisation()["statement_keys"]
    key = PublicKey(named["alg"], decode_key(named["public"]))
    statement = verify_statement(signed, key, endpoint.device, datetime.now(UTC))
    assert (statement.ends - statement.issued).days == 30


def test_a_poll_that_lacks_everything_gets_it_in_one_body(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    answer = endpoint.wait()
    assert answer.status == 200
    files = unpack(answer.body)
    published = trial.parts.publication
    statement = files.pop("statement.json")
    assert msgspec.json.decode(statement, type=SignedStatement).signature
    assert set(files) == set(published.served)
    assert all(published.served[name].data == data for name, data in files.items())


def test_a_poll_that_lacks_nothing_waits_and_gets_204(trial: RunningTrial) -> None:
    started = time.monotonic()
    assert wait_up_to_date(trial, trial.endpoint()).status == 204
    assert time.monotonic() - started >= 0.4


def test_a_poll_is_answered_when_the_list_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    with RunningTrial(tmp_path_factory.mktemp("data"), hold=20) as trial:
        endpoints = [trial.endpoint() for _ in range(4)]
        answers: dict[int, tuple[float, Answer]] = {}

        def poll(number: int) -> None:
            answer = wait_up_to_date(trial, endpoints[number])
            answers[number] = (time.monotonic(), answer)

        threads = [threading.Thread(target=poll, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        assert answers == {}
        trial.apply(
            "organisation: {name: G, time_zone: UTC}\ncategories: {assistant: {verdict: warn}}",
            may_shrink=True,
        )
        published = time.monotonic()
        for thread in threads:
            thread.join(5)
        for answered, answer in answers.values():
            assert (
                answered - published < 0.5
            )  # 50 ms are asked of the server; four clients share a core
            files = unpack(answer.body)
            name = next(name for name in files if name.startswith("targets/list/"))
            assert files[name] == trial.parts.publication.blocklist
            assert "1.root.json" not in files
        assert len(answers) == 4


def test_renewing_signatures_wakes_nobody(trial: RunningTrial) -> None:
    endpoint, answers = trial.endpoint(), list[Answer]()
    poll = threading.Thread(target=lambda: answers.append(wait_up_to_date(trial, endpoint)))
    poll.start()
    time.sleep(0.1)
    later = trial.clock() + timedelta(days=2)
    assert trial.call(trial.parts.repository.renew(later))
    poll.join(5)
    assert answers[0].status == 204
    again = endpoint.wait(1, 1, trial.parts.publication.blocklist_hash)
    assert "timestamp.json" in unpack(again.body)
    assert not any(name.startswith("targets/list/") for name in unpack(again.body))


def test_a_poll_of_nonsense_is_refused_by_name(trial: RunningTrial) -> None:
    endpoint = trial.endpoint()
    for query, field in (
        ("root=x&timestamp=1&list=", "root"),
        ("root=1&timestamp=-1&list=", "timestamp"),
        ("root=1&timestamp=1&list=abc", "list"),
        ("", "root"),
    ):
        answer = endpoint.send("GET", f"/v1/device/wait?{query}")
        assert answer.code == "form"
        assert answer.json["detail"].startswith(f"{field}:")


def wait_up_to_date(trial: RunningTrial, endpoint: Endpoint) -> Answer:
    published = trial.parts.publication
    timestamp = published.current["timestamp"].version
    return endpoint.wait(published.root.version, timestamp, published.blocklist_hash)
