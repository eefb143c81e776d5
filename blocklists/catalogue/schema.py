"""The JSON Schema of a service file, for editors: they complete keys and words, and mark faults.

It says the form; what needs a look at other files or at other names (an id taken twice, a host that
must stay open, a source that is not there) is `sluis catalogue check`'s. `python -m
blocklists.catalogue.schema` writes service.schema.json anew; a test holds the file to this.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from blocklists.catalogue.model import KINDS
from blocklists.catalogue.reading.programs import SIGNS
from blocklists.catalogue.vocabulary import (
    Browser,
    Category,
    PlanKind,
    ProgramKind,
    Reach,
    Residency,
    ToldBy,
    Trains,
    Use,
)

SCHEMA = Path(__file__).parent.parent / "service.schema.json"
"""The file that comes with the package."""

Schema = dict[str, Any]

# YAML gives editors dates and numbers where our reader sees text, so those may be either.
_DATE: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_ID: Schema = {"type": "string", "pattern": "^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"}
_TEXT: Schema = {"type": "string", "minLength": 1}
_NAME: Schema = {"type": ["string", "number"], "minLength": 1, "maxLength": 80}
_HOST: Schema = {"type": "string", "pattern": r"^[^/:*\s]+\.[^/:*\s]+$"}


def schema() -> Schema:
    """Give the schema, by JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A vendor's services in the catalogue of Sluis",
        "description": "One file a vendor; FORMAT.md says what each key means.",
        **_object(
            {
                "vendor": {**_ID, "description": "the file's name without .yaml"},
                "name": _NAME,
                "sources": {
                    "type": "object",
                    "description": "pages read for this vendor; public lists stand in lists.yaml",
                    "additionalProperties": _object(
                        {
                            "title": _TEXT,
                            "url": {"type": "string", "pattern": "^https://[^/]+"},
                            "read": _DATE,
                        }
                    ),
                },
                "services": _list(_service(), least=1),
            },
            needed=("vendor", "name", "services"),
        ),
    }


def _service() -> Schema:
    return _object(
        {
            "id": _ID,
            "name": _NAME,
            "former": _list(_NAME),
            "category": _words(Category),
            "reach": _words(Reach),
            "reviewed": {**_DATE, "description": "unknown facts were looked for on this day"},
            "basis": {
                "oneOf": [
                    _object({"page": _TEXT}),
                    _object({"lists": _list(_TEXT, least=2)}),
                ]
            },
            "replaces": _list(_ID),
            "countries": _or_unknown(_countries()),
            "plans": _or_unknown(_plans()),
            "hosts": _list(_host()),
            "headers": _list(_header()),
            "programs": _list(_program()),
            "extensions": _list(_extension()),
        },
        needed=("id", "name", "category", "reach", "reviewed", "basis", "countries", "plans"),
    )


def _countries() -> Schema:
    country = {"type": "string", "pattern": "^(?:[A-Z]{2}|unknown)$"}
    return _object(
        {"vendor": country, "owner": country, "host": country, "model": country, "source": _TEXT}
    )


def _plans() -> Schema:
    plan = _object(
        {
            "told_by": _words(ToldBy),
            "header": _TEXT,
            "trains": _words(Trains),
            "retention": {
                "oneOf": [
                    {"type": "integer", "minimum": 0, "maximum": 36_500},
                    {"enum": ["account", "unknown"]},
                ]
            },
            "eu_residency": _words(Residency),
            "source": _TEXT,
        },
        needed=("told_by", "trains", "retention", "eu_residency", "source"),
    )
    plan["if"] = {"properties": {"told_by": {"const": "header"}}, "required": ["told_by"]}
    plan["then"] = {"required": ["header"]}
    plan["else"] = {"not": {"required": ["header"]}}
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {kind.value: plan for kind in PlanKind},
    }


def _host() -> Schema:
    path = {"type": "string", "pattern": r"^[^/:*\s]+\.[^/:*\s]+/[^*\s]+$"}
    host = _object(
        {
            **{kind: path if kind == "path" else _HOST for kind in KINDS},
            "use": _words(Use),
            "plan": _words(PlanKind),
            "leaf": {"type": "boolean"},
            "all_users": {"type": "boolean"},
            "source": _TEXT,
        },
        needed=("use", "source"),
    )
    host["oneOf"] = [{"required": [kind]} for kind in KINDS]
    return host


def _header() -> Schema:
    return _object(
        {
            "name": _TEXT,
            "value": _TEXT,
            "hosts": _list(_HOST, least=1),
            "plan": _words(PlanKind),
            "leaves_open": _TEXT,
            "source": _TEXT,
        },
        needed=("name", "value", "hosts", "source"),
    )


def _program() -> Schema:
    port = {"type": "integer", "minimum": 1, "maximum": 65_535}
    program = _object(
        {
            "kind": _words(ProgramKind),
            "name": _NAME,
            **{sign: _list(port if sign == "ports" else _TEXT, least=1) for sign in SIGNS},
            "signer": _TEXT,
            "source": _TEXT,
        },
        needed=("kind", "name", "source"),
    )
    program["anyOf"] = [{"required": [sign]} for sign in SIGNS]
    return program


def _extension() -> Schema:
    return _object({"id": _TEXT, "browser": _words(Browser), "name": _NAME, "source": _TEXT})


def _object(properties: Schema, needed: tuple[str, ...] | None = None) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties if needed is None else needed),
        "properties": properties,
    }


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def _words(choices: type[StrEnum]) -> Schema:
    return {"enum": [choice.value for choice in choices]}


def _or_unknown(form: Schema) -> Schema:
    return {"oneOf": [{"const": "unknown"}, form]}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=1) + "\n", "utf-8")
