"""Bodies of requests, with bounds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from autodidact_trainer.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import Request

MOST_LINES_BYTES = 64 * 1024 * 1024
"""Of a body of many records: two of the longest lines."""
MOST_RECORD_BYTES = 24 * 1024 * 1024
"""Of a body of one record: a round names 65,536 ids at most."""
BODY_SECONDS = 120.0
"""A body that takes longer is given up."""
DRAIN_SECONDS = 10.0
"""How long what is too large is still read, and thrown away: who is still sending does not read an answer."""

_Model = TypeVar("_Model", bound=BaseModel)


async def read_body(request: Request, most: int) -> bytes:
    """Reads a whole body. Raises `ProblemError`: `too-large`, of which no more than `most` bytes are ever kept; `malformed`."""
    declared = request.headers.get("content-length", "0")
    stream = request.stream()
    chunks = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in stream:
                if len(chunks) + len(chunk) > most or (declared.isdecimal() and int(declared) > most):
                    chunks.clear()
                    await _drain(stream)
                    raise ProblemError("too-large", f"At most {most} bytes are taken in one body.")
                chunks += chunk
    except TimeoutError as error:
        raise ProblemError("malformed", f"The body did not end within {BODY_SECONDS:.0f} s.") from error
    return bytes(chunks)


async def read_record(request: Request, model: type[_Model]) -> _Model:
    """Reads a body of one record. Raises `ProblemError`: `too-large`, `malformed`."""
    body = await read_body(request, MOST_RECORD_BYTES)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ProblemError("malformed", f"{where}: {first['msg']}" if where else first["msg"]) from error


async def _drain(stream: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in stream:
                pass
    except TimeoutError:
        return
