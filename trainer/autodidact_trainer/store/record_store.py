"""Lines by id, stored once.

Each call writes one part, whole and durable before it returns; so a kill leaves it all or nothing. Many small parts are
merged into a larger one that names those it replaces: whichever of both a kill leaves, the lines are there, and the same.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from autodidact_trainer.store.parts import DamagedPartError, Row, read_index, read_rows, write_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autodidact_trainer.store.places import Place

_log = logging.getLogger(__name__)

MERGED_FROM = 64
"""Small parts that are merged at once."""
LARGE = 64 * 1024 * 1024
"""Bytes. A part that has so many is merged no more."""
_PART = ".parquet"
_DAMAGED = ".damaged"

Taken = Literal["stored", "known", "differs"]


@dataclass(frozen=True)
class _Where:
    sha256: bytes
    part: str


class RecordStore:
    """The lines of one place. For one process at a time, and any of its threads.

    A file that is no whole part (cut off, changed) is renamed, so that it is read no more and can be looked at.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._where: dict[str, _Where] = {}
        self._sizes: dict[str, int] = {}
        self.set_aside: tuple[str, ...] = tuple(self._open())

    def count(self) -> int:
        """How many lines are stored."""
        return len(self._where)

    def take(self, lines: Sequence[tuple[str, bytes]]) -> list[Taken]:
        """Stores lines by id, and returns once all of them are durable.

        `known`: the same bytes were stored before under this id; `differs`: other bytes were, which stay. Raises `OSError`;
        then none of them is stored.
        """
        with self._lock:
            taken: list[Taken] = []
            new: dict[str, Row] = {}
            for name, line in lines:
                digest = sha256(line).digest()
                before = new.get(name) or self._where.get(name)
                if before is None:
                    new[name] = Row(name, digest, line)
                taken.append(
                    "stored" if before is None else "known" if before.sha256 == digest else "differs"
                )
            if new:
                self._write(list(new.values()))
            return taken

    def read(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The lines with these ids, part by part; ids that are not stored are left out. Raises `OSError`, `DamagedPartError`."""
        with self._lock:
            found = [(where.part, name) for name in dict.fromkeys(ids) if (where := self._where.get(name))]
        wanted = {name for _, name in found}
        for part in dict.fromkeys(part for part, _ in found):
            for row in self._rows(part, wanted):
                wanted.discard(row.id)
                yield row.id, row.line

    def _rows(self, part: str, wanted: set[str]) -> list[Row]:
        try:
            content = self._place.read(part)
        except FileNotFoundError:
            # It was merged meanwhile.
            with self._lock:
                parts = {where.part for name in wanted if (where := self._where.get(name))}
            return [row for other in parts - {part} for row in self._rows(other, wanted)]
        return [
            row for row in read_rows(content) if row.id in wanted and sha256(row.line).digest() == row.sha256
        ]

    def _open(self) -> Iterator[str]:
        replaced: set[str] = set()
        # The newest first: those that it replaces need not be read.
        for name in sorted((one for one in self._place.names() if one.endswith(_PART)), reverse=True):
            if name in replaced:
                self._place.remove(name)
                continue
            try:
                index = read_index(self._place.read(name))
            except DamagedPartError as error:
                _log.warning("%s is set aside: %s", name, error)
                self._place.rename(name, name + _DAMAGED)
                yield name
                continue
            replaced |= set(index.replaces)
            self._sizes[name] = index.bytes
            for one, digest in zip(index.ids, index.hashes, strict=True):
                self._where[one] = _Where(digest, name)

    def _write(self, rows: list[Row], replaces: Sequence[str] = ()) -> None:
        content = write_part(rows, replaces)
        newest = max((int(name.partition(".")[0]) for name in self._sizes), default=0)
        name = f"{newest + 1:012}{_PART}"
        self._place.write(name, content)
        self._sizes[name] = len(content)
        for row in rows:
            self._where[row.id] = _Where(row.sha256, name)

    def merge(self) -> bool:
        """Merges small parts where there are many; says whether it did. Raises `OSError`; then nothing is lost."""
        with self._lock:
            small = sorted(name for name, size in self._sizes.items() if size < LARGE)
            chosen: list[str] = []
            total = 0
            for name in small[:MERGED_FROM]:
                total += self._sizes[name]
                if total > LARGE and len(chosen) > 1:
                    break
                chosen.append(name)
            if len(small) < MERGED_FROM:
                return False
            rows = [row for name in chosen for row in read_rows(self._place.read(name))]
            self._write(rows, replaces=chosen)
            for name in chosen:
                self._place.remove(name)
                del self._sizes[name]
            return True
