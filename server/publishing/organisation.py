"""What is signed beside the list: who the organisation is, and since when it takes reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from blocklists.protocol.signatures import PublicKey, encode_key
from server.publishing.edition import Edition
from server.publishing.files import OFFICERS_PATH, ORGANISATION_PATH
from server.store.organisations import Organisation


def put_organisation(
    edition: Edition, name: str, organisation: Organisation, statement_key: PublicKey
) -> None:
    """Let targets sign the organisation, and officers an empty list of recipients."""
    key = {
        "keyid": statement_key.keyid,
        "alg": statement_key.alg,
        "public": encode_key(statement_key.raw),
    }
    described = {
        "organisation": name,
        "trial": organisation.trial,
        "statement_keys": [key],
        "reporting_from": organisation.reporting_from.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "act": organisation.act,
    }
    edition.put("targets", {ORGANISATION_PATH: _json(described)})
    edition.put("officers", {OFFICERS_PATH: _json({"recipients": []})})


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"
