"""One Parquet file of the store: lines with their ids and hashes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCHEMA = pa.schema([("id", pa.string()), ("sha256", pa.binary(32)), ("line", pa.large_binary())])
_REPLACES = b"autodidact.replaces"


@dataclass(frozen=True)
class Row:
    """A line with its id and its SHA-256."""

    id: str
    sha256: bytes
    line: bytes


@dataclass(frozen=True)
class PartIndex:
    """What of a part is kept in memory: ids and hashes in order, and the parts that it was merged from."""

    ids: tuple[str, ...]
    hashes: tuple[bytes, ...]
    replaces: tuple[str, ...]
    bytes: int
    """Of its lines."""


class DamagedPartError(Exception):
    """A file that is no whole part."""


def write_part(rows: Sequence[Row], replaces: Sequence[str] = ()) -> bytes:
    """A part as the bytes of a Parquet file."""
    table = pa.table(
        [
            pa.array([row.id for row in rows], pa.string()),
            pa.array([row.sha256 for row in rows], pa.binary(32)),
            pa.array([row.line for row in rows], pa.large_binary()),
        ],
        schema=_SCHEMA.with_metadata({_REPLACES: json.dumps(list(replaces)).encode()}),
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", write_page_checksum=True)
    return out.getvalue()


def read_index(content: bytes) -> PartIndex:
    """Reads ids and hashes. Raises `DamagedPartError`."""
    table = _read(content, ["id", "sha256"])
    replaces = (table.schema.metadata or {}).get(_REPLACES, b"[]")
    return PartIndex(
        ids=tuple(table.column("id").to_pylist()),
        hashes=tuple(table.column("sha256").to_pylist()),
        replaces=tuple(json.loads(replaces)),
        bytes=len(content),
    )


def read_rows(content: bytes) -> list[Row]:
    """Reads a whole part. Raises `DamagedPartError`."""
    table = _read(content, ["id", "sha256", "line"])
    columns = (table.column(name).to_pylist() for name in ("id", "sha256", "line"))
    return [Row(*row) for row in zip(*columns, strict=True)]


def _read(content: bytes, columns: list[str]) -> pa.Table:
    try:
        return pq.read_table(io.BytesIO(content), columns=columns, page_checksum_verification=True)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise DamagedPartError(str(error)) from error
