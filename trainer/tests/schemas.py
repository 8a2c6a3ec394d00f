"""JSON Schemas that two generators make of the same records, in one way of writing them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "schemas"
# What says nothing about the values, or is said by one generator only: safe integers are how JavaScript sees any integer.
SILENT = {"$schema", "title", "description", "discriminator", "default", "propertyNames", "$defs"}
SAFE = 2**53 - 1


def stored(name: str) -> Any:
    """The schema that was made of the protocol."""
    schema = json.loads((FOLDER / f"{name}.json").read_text("utf8"))
    return normal(schema, schema.get("$defs", {}))


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
