"""Bodies of the stream into the store."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from autodidact_trainer.api_records import RecordsTaken, RefusedLine, example_adapter
from autodidact_trainer.rollouts import reading
from autodidact_trainer.rollouts.reading import BadLine, read_line
from autodidact_trainer.rollouts.records import group_adapter
from autodidact_trainer.store.parts import DamagedPartError
from autodidact_trainer.store.places import Place
from autodidact_trainer.store.record_store import RecordStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import TypeAdapter

_log = logging.getLogger(__name__)

Kind: TypeAlias = Literal["groups", "examples"]
LONGEST_ID = 256
"""Characters: ids are what is kept in memory of a record."""
KEPT_OF_TOO_LONG = 64 * 1024
"""Bytes of a line that is too long that are kept among the refused."""


@dataclass(frozen=True)
class _Line:
    number: int
    content: bytes
    id: str | None
    refused: RefusedLine | None


class Records:
    """What the server sent: groups, examples, and apart from them the lines that were refused."""

    def __init__(self, address: str) -> None:
        base = address.rstrip("/")
        self.groups = RecordStore(Place(f"{base}/groups"))
        self.examples = RecordStore(Place(f"{base}/examples"))
        self.refused = RecordStore(Place(f"{base}/refused"))

    def take(self, kind: Kind, body: bytes) -> RecordsTaken:
        """Stores the lines of a body, and returns once they are durable.

        Raises `OSError`; then its records are stored all or not at all, and those that are will be `known` when they come again.
        """
        adapter: TypeAdapter[Any] = group_adapter if kind == "groups" else example_adapter
        store = self.groups if kind == "groups" else self.examples
        lines = [_read(number, content, adapter) for number, content in _lines(body)]
        good = [(line.id, line) for line in lines if line.refused is None and line.id is not None]
        taken = store.take([(name, line.content) for name, line in good])
        refused = {line.number: line.refused for line in lines if line.refused is not None}
        for (name, line), became in zip(good, taken, strict=True):
            if became == "differs":
                detail = "Another record is stored under this id, and stays."
                refused[line.number] = RefusedLine(line=line.number, id=name, reason="differs", detail=detail)
        answers = tuple(refused[number] for number in sorted(refused))
        self._keep(kind, answers, {line.number: line.content for line in lines})
        self._merge(store)
        return RecordsTaken(stored=taken.count("stored"), known=taken.count("known"), refused=answers)

    def _keep(self, kind: Kind, refused: tuple[RefusedLine, ...], contents: dict[int, bytes]) -> None:
        """Keeps refused lines, for a person to look at; the same one once."""
        kept = []
        for one in refused:
            content = contents[one.line]
            name = f"{kind}/{one.reason}/{sha256(content).hexdigest()}"
            kept.append((name, content[:KEPT_OF_TOO_LONG] if one.reason == "too-long" else content))
        if kept:
            self.refused.take(kept)

    def _merge(self, store: RecordStore) -> None:
        """What was taken is stored already, whatever becomes of this."""
        try:
            while store.merge():
                pass
        except (OSError, DamagedPartError):
            _log.exception("small parts could not be merged")


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Number from 1, and content with its end. Empty lines are passed over."""
    begin, number = 0, 0
    while begin < len(body):
        number += 1
        end = body.find(b"\n", begin) + 1 or len(body)
        if body[begin:end].strip():
            yield number, body[begin:end]
        begin = end


def _read(number: int, line: bytes, adapter: TypeAdapter[Any]) -> _Line:
    content = line.rstrip(b"\r\n")
    record = read_line(content, adapter)
    if isinstance(record, BadLine):
        reason, detail = record.reason, record.detail
        # A body that came as a whole may have been made of a file that did not.
        if reason == "not-json" and not line.endswith(b"\n"):
            reason, detail = "cut-off", f"the last line ends after {len(content)} bytes"
        name = _id_of(content)
    elif not 0 < len(record.id) <= LONGEST_ID:
        reason, detail, name = "malformed", f"id: 1 to {LONGEST_ID} characters", None
    else:
        return _Line(number, content, record.id, None)
    return _Line(number, content, name, RefusedLine(line=number, id=name, reason=reason, detail=detail))


def _id_of(content: bytes) -> str | None:
    """The id of a line that is no record, as far as it tells one."""
    if len(content) > reading.LONGEST_LINE:
        return None
    try:
        name = json.loads(content).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return name if isinstance(name, str) and len(name) <= LONGEST_ID else None
