"""Lines of the stream into groups, or why they are none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from pydantic import ValidationError

from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup, group_adapter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from pydantic import TypeAdapter

_Read = TypeVar("_Read")

LineReason: TypeAlias = Literal["too-long", "cut-off", "not-json", "unknown-schema", "malformed"]

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes. A group of 64 samples with 4,096 tokens each stays below 20 MB."""


@dataclass(frozen=True)
class BadLine:
    """A line that holds no group, with what a person should know of it."""

    reason: LineReason
    detail: str


def read_group(line: bytes) -> ProposeGroup | SolveGroup | BadLine:
    """Reads one line of the stream, with or without its line end."""
    return read_line(line, group_adapter)


def read_line(line: bytes, adapter: TypeAdapter[_Read]) -> _Read | BadLine:
    """Reads a line that holds a record of schema 1."""
    if len(line) > LONGEST_LINE:
        return BadLine("too-long", f"{len(line)} bytes; at most {LONGEST_LINE} are read")
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            return BadLine("not-json", first["msg"])
        where = ".".join(str(part) for part in first["loc"])
        if first["loc"][-1:] == ("schema",) or _schema_of(line) not in {1, None}:
            return BadLine("unknown-schema", f"schema {_schema_of(line)}; this trainer reads schema 1")
        return BadLine("malformed", f"{where}: {first['msg']}")


def read_groups(stream: BinaryIO) -> Iterator[ProposeGroup | SolveGroup | BadLine]:
    """Reads a file of the stream line by line. A last line without its end was cut off while it was written."""
    while line := stream.readline(LONGEST_LINE + 1):
        if line.endswith(b"\n"):
            yield read_group(line)
        elif len(line) <= LONGEST_LINE:
            yield BadLine("cut-off", f"the last line ends after {len(line)} bytes")
        else:
            yield BadLine("too-long", f"more than {LONGEST_LINE} bytes")
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass


def _schema_of(line: bytes) -> object:
    """The version that a line names, of a line that is known to be JSON; None where it names none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value.get("schema") if isinstance(value, dict) else None
