"""The records are those of `protocol/`: every field, type, bound and word."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from autodidact_trainer.api_records import BY_NAME
from autodidact_trainer.rollouts.records import group_adapter
from schemas import normal, stored


def optional_is_not_null(schema: Any) -> Any:
    """Pydantic writes "absent or a number" as "a number or null"; what is sent never has that null."""
    for group in schema["choice"]:
        sample = group["properties"]["samples"]["items"]["properties"]
        for name in ("judgingMs", "tool"):
            if name in sample and "choice" in sample[name]:
                sample[name] = next(option for option in sample[name]["choice"] if option != {"type": "null"})
    return schema


def test_groups() -> None:
    """`protocol/group.ts`."""
    ours = group_adapter.json_schema(by_alias=True)
    assert optional_is_not_null(normal(ours, ours["$defs"])) == stored("group")


def test_what_the_service_takes_and_gives() -> None:
    """`protocol/trainer.ts`."""
    theirs = stored("trainer")["properties"]
    assert BY_NAME.keys() == theirs.keys()
    for name, record in BY_NAME.items():
        ours = TypeAdapter[Any](record).json_schema(by_alias=True)
        assert normal(ours, ours.get("$defs", {})) == theirs[name], name
