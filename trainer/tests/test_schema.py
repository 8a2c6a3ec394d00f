"""The records are those of `protocol/group.ts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autodidact_trainer.rollouts.records import group_adapter

SCHEMA = Path(__file__).parent.parent / "schemas" / "group.json"
# What says nothing about the values, or is said by one generator only: safe integers are how JavaScript sees any integer.
SILENT = {"$schema", "title", "description", "discriminator", "default", "propertyNames", "$defs"}
SAFE = 2**53 - 1


def normal(schema: Any, definitions: dict[str, Any]) -> Any:
    """A JSON Schema in one of the ways in which the same can be written."""
    if "$ref" in schema:
        return normal(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    out = {key: value for key, value in schema.items() if key not in SILENT}
    if out.get("additionalProperties") is False:
        del out["additionalProperties"]
    for bound in ("minimum", "maximum"):
        if abs(out.get(bound, 0)) == SAFE:
            del out[bound]
    if isinstance(out.get("type"), list):
        kinds = out.pop("type")
        return normal({"anyOf": [{"type": kind, **out} for kind in kinds]}, definitions)
    for choice in ("anyOf", "oneOf"):
        if choice in out:
            options = [normal(option, definitions) for option in out.pop(choice)]
            return {**out, "choice": sorted(options, key=lambda option: json.dumps(option, sort_keys=True))}
    if "const" in out:
        return {"values": [out["const"]]}
    if "enum" in out:
        return {"values": sorted(out["enum"])}
    if "properties" in out:
        out["properties"] = {name: normal(value, definitions) for name, value in out["properties"].items()}
        out["required"] = sorted(out.get("required", []))
    for key in ("items", "additionalProperties"):
        if isinstance(out.get(key), dict):
            out[key] = normal(out[key], definitions)
    return out


def optional_is_not_null(schema: Any) -> Any:
    """Pydantic writes "absent or a number" as "a number or null"; what is sent never has that null."""
    for group in schema["choice"]:
        sample = group["properties"]["samples"]["items"]["properties"]
        if "judgingMs" in sample and "choice" in sample["judgingMs"]:
            sample["judgingMs"] = next(
                option for option in sample["judgingMs"]["choice"] if option != {"type": "null"}
            )
    return schema


def test_equals_the_schema_of_the_protocol() -> None:
    """Every field, type, bound and word."""
    theirs = json.loads(SCHEMA.read_text("utf8"))
    ours = group_adapter.json_schema(by_alias=True)
    assert optional_is_not_null(normal(ours, ours["$defs"])) == normal(theirs, theirs.get("$defs", {}))
